"""The handle by which a page names another person: sealed for one session, with the purpose and the ticket under which
the page was opened, and good for a quarter of an hour. It stands in a form, never in an address."""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.context import Records
from records.rules.purposes import Purpose
from records.services.sessions import Session

LIFE_S: Final = 15 * 60
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Why:
    """Under what somebody is looked at."""

    purpose: Purpose
    ticket: str


def seal(records: Records, session: Session, person_id: str, why: Why) -> str:
    """The handle of a person for this session."""
    told = json.dumps([person_id, why.purpose.value, why.ticket, int(records.clock.now().timestamp())])
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(records)).encrypt(nonce, told.encode("utf-8"), session.row.session_hash.encode("ascii"))
    return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(records: Records, session: Session, handle: str) -> tuple[str, Why] | None:
    """Whose it is, and under what; None: made up, another session's, or too old."""
    try:
        sealed = base64.urlsafe_b64decode(handle.encode("ascii"))
        opened = AESGCM(_key(records)).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], session.row.session_hash.encode("ascii")
        )
    except (InvalidTag, ValueError, binascii.Error):
        return None
    person_id, purpose, ticket, at = json.loads(opened)
    late = not 0 <= records.clock.now().timestamp() - at < LIFE_S
    return None if late else (person_id, Why(Purpose(purpose), ticket))


def _key(records: Records) -> bytes:
    return bytes.fromhex(records.keyed_hash("looking"))
