"""A phone becomes a way: a link with a one-time token, opened once by the phone whose key comes with it.

The key is made on the phone and never leaves it; records hear of its public half. A token that comes a second time with
another key was seen by somebody else, and opens nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import Words
from backend_client.contract.tenancies import PhoneLink, PhoneRequest, WayKind
from civic.errors import InvalidValueError
from records.context import Records
from records.errors import RefusedError
from records.services import visit
from records.services.gates import deriving, in_force, own, ways
from records.store import audit, slips
from records.store import ways as stored_ways
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.slips import LinkRow

LIFE: Final = timedelta(minutes=10)
MOST: Final = 3  # phones of one right
LINKS_AN_HOUR: Final = 6  # of one right
_TOKEN_BYTES: Final = 24
_LONGEST_TOKEN: Final = 64
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, repr=False)
class Redeemed:
    """What the page needs to show codes: the ``credential`` and the ``community_id`` that it signs, and what it says:
    which community, and until when (None: no end)."""

    credential: str
    community_id: str
    community: Words
    valid_to: date | None


def begin(records: Records, device: DeviceRow, subject: str, request: PhoneRequest) -> PhoneLink:
    """A link for one phone. Refused: not-found, too-many-requests (so many phones, or links), or as
    ``visit.proven``."""
    row, now, token = own.proven(records, device, subject), records.clock.now(), secrets.token_urlsafe(_TOKEN_BYTES)
    with records.database.writing() as transaction:
        right = own.right(records, transaction, row.person_id, request.right)
        _require_room(records, transaction, right.right_id)
        links = slips.links_since(transaction, right.right_id, now - _HOUR)
        if links >= LINKS_AN_HOUR:
            raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=int(_HOUR.total_seconds()))
        audit.append(transaction, visit.deed(records, row, "phone-link-made"))
        slips.add_link(transaction, LinkRow(_hash(token), right.person_id, right.right_id, now, now + LIFE))
    server = records.settings.server
    site = server.pages or f"https://{server.public_name}:{server.port}"
    return PhoneLink(server_time=now, url=f"{site}/pass/#{token}", expires_at=now + LIFE)


def redeem(records: Records, token: str, public_key: str) -> Redeemed:
    """The phone's page brings its token and its key (base64 of SubjectPublicKeyInfo, P-256); again with the same key,
    the same answer. Refused: not-found, whatever is wrong with the token; validation; too-many-requests."""
    try:
        key = ways.point(public_key)
    except InvalidValueError:
        raise RefusedError(ProblemCode.VALIDATION, "public_key: no key of P-256") from None
    with records.database.reading() as transaction:  # anyone may guess: that costs no writer its turn
        _link(records, transaction, token, key)
    with records.database.writing() as transaction:
        link = _link(records, transaction, token, key)
        way_id = link.way_id or _take(records, transaction, link, key)
        right = own.right(records, transaction, link.person_id, link.right_id)
        last = deriving.term_of(right).grace_until(in_force.rules(transaction).grace_days)
        community = in_force.policy(transaction).community
    return Redeemed(way_id, records.settings.community, community, last)


def _take(records: Records, transaction: Transaction, link: LinkRow, key: str) -> str:
    """The phone is a way from now on."""
    own.right(records, transaction, link.person_id, link.right_id)
    _require_room(records, transaction, link.right_id)
    if stored_ways.by_ref(transaction, key, records.clock.now()):
        raise RefusedError(ProblemCode.VALIDATION, "public_key: not a new one")
    about = records.keyed_hash("person", link.person_id)
    audit.append(transaction, Deed(records.clock.now(), "phone-added", subject=about))
    way = ways.new(records, link.person_id, link.right_id, WayKind.PHONE, key)
    stored_ways.add(transaction, way)
    slips.use_link(transaction, link.token_hash, key, way.way_id)
    deriving.renew(records, transaction, (link.person_id,))
    return way.way_id


def _link(records: Records, transaction: Transaction, token: str, key: str) -> LinkRow:
    found = slips.link(transaction, _hash(token[:_LONGEST_TOKEN]))
    if found is None or found.expires_at <= records.clock.now() or found.public_key not in {"", key}:
        raise RefusedError(ProblemCode.NOT_FOUND)
    return found


def _require_room(records: Records, transaction: Transaction, right_id: str) -> None:
    open_ways = stored_ways.open_of_right(transaction, right_id, records.clock.now())
    if sum(each.kind is WayKind.PHONE for each in open_ways) >= MOST:
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
