"""One-time codes by time (RFC 6238: HMAC-SHA-1, six digits, steps of thirty seconds), as every authenticator app shows.

The secret is kept sealed (AES-256-GCM) under a key that is derived from records' own (HKDF, RFC 5869), and only for the
officer it was made for: a row copied onto another account opens nothing.
"""

import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from records.context import Records
from records.errors import DataFolderError

STEP_S: Final = 30
DIGITS: Final = 6
_SLACK_STEPS = (0, -1, 1)  # the phone's clock may be a little off, and a code is typed in some seconds
_SECRET_BYTES = 20  # RFC 4226 4, R6
_NONCE_BYTES = 12
_ISSUER = "Lamplight"


def new_secret() -> bytes:
    """A new secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def uri(secret: bytes, officer_id: str) -> str:
    """``otpauth://totp/…``, which an authenticator app takes."""
    return _totp(secret).get_provisioning_uri(officer_id, _ISSUER)


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a step."""
    return _totp(secret).generate(step * STEP_S).decode("ascii")


def accepted_step(secret: bytes, code: str, now: datetime, last: int) -> int | None:
    """The step whose code this is: now's or a neighbour's, later than ``last``, which was accepted; None: no such."""
    here = int(now.timestamp()) // STEP_S
    digits = code.replace(" ", "").encode("utf-8")
    for step in (here + slack for slack in _SLACK_STEPS):
        if step > last and hmac.compare_digest(code_at(secret, step).encode("ascii"), digits):
            return step
    return None


def seal(records: Records, officer_id: str, secret: bytes) -> bytes:
    """The secret as it is kept."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_sealing_key(records)).encrypt(nonce, secret, _owner(records, officer_id))


def unseal(records: Records, officer_id: str, sealed: bytes) -> bytes:
    """The secret itself. DataFolderError: it was kept under another key, or for somebody else."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_sealing_key(records)).decrypt(nonce, text, _owner(records, officer_id))
    except InvalidTag:
        raise DataFolderError("an officer's one-time secret was sealed under another key; reset it") from None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303 - what RFC 6238 and the apps use; HMAC needs no more


def _sealing_key(records: Records) -> bytes:
    derivation = HKDF(SHA256(), 32, salt=None, info=b"lamplight officers' one-time secrets")
    return derivation.derive(records.keys.audit)


def _owner(records: Records, officer_id: str) -> bytes:
    return f"{records.settings.community}\x1f{officer_id}".encode()
