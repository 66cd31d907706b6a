"""The ways of a resident: those that were chosen at a kiosk are added, those that are lost end at once.

A face is a consent of its own: without the name of the text that was read there is none, and a withdrawal takes the
credential from the grant, so that every gate deletes what it has and says so. No way is needed for another.
"""

import base64
import binascii
import secrets
from datetime import date
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from backend_client.contract.intakes import NewCard, TenancyContent, WaysContent
from backend_client.contract.tenancies import OwnWay, WayKind
from civic.errors import InvalidValueError
from civic.gate_codes import card_ref, number_ref
from civic.id_number import IdNumber
from records.context import Records
from records.rules.periods import bureau_time
from records.services import device_alerts
from records.services.gates import deriving, in_force
from records.store import audit, holders, slips, ways
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.ways import Ended, WayRow

MOST: Final = 10  # cards of one right
_ID_BYTES: Final = 16

CARD_USED: Final = "card-used"  # somebody else's already: an officer is told, nobody else
CARD_WEAK: Final = "card-weak"  # it can only say its number, and the policy does not take that
CARD_UNREADABLE: Final = "card-unreadable"
MANY: Final = "many"
NO_NOTICE: Final = "no-notice"  # a face without the name of the text that was read
TOO_YOUNG: Final = "too-young"  # for a consent of one's own (PIPL 31)


def take(
    records: Records,
    transaction: Transaction,
    person_id: str,
    right_id: str,
    content: TenancyContent | WaysContent,
    born: date | None = None,
) -> tuple[str, ...]:
    """Carry out what somebody chose for a right of theirs, and tell the gates; codes of what was not taken. ``born``:
    as the register has it; None: as a citizen's own number says it."""
    age = _age(records, content.who.id_number, born)
    refused = (
        _chosen(records, transaction, (person_id, right_id), content, age)
        if isinstance(content, TenancyContent)
        else _asked(records, transaction, (person_id, right_id), content, age)
    )
    _note(records, transaction, person_id, "ways-taken", refused=" ".join(refused))
    deriving.renew(records, transaction, (person_id,))
    return tuple(refused)


def of_right(records: Records, transaction: Transaction, right_id: str) -> tuple[OwnWay, ...]:
    """A right's open ways, as their owner reads them."""
    found = ways.open_of_right(transaction, right_id, records.clock.now())
    return tuple(_own(each) for each in found if each.label != deriving.GUARD)


def new(records: Records, person_id: str, right_id: str, kind: WayKind, ref: str = "") -> WayRow:
    """A way that begins now, not kept yet."""
    return WayRow(secrets.token_hex(_ID_BYTES), person_id, right_id, kind, records.clock.now(), ref)


def end_all(records: Records, transaction: Transaction, person_id: str) -> int:
    """The person is gone: nothing opens by them any more, and no gate knows their number; how many ways ended."""
    now = records.clock.now()
    open_ways = [each.way_id for each in ways.open_of(transaction, person_id, now)]
    ended = ways.cancel(transaction, open_ways, Ended.GONE, now)
    _note(records, transaction, person_id, "ways-ended", count=ended)
    deriving.renew(records, transaction, (person_id,))
    slips.forget_of(transaction, person_id)
    holders.forget(transaction, person_id)
    return ended


def point(public_key: str) -> str:
    """The key as gates compare it: of P-256, in DER, in base64. InvalidValueError: it is none."""
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise InvalidValueError("no public key") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise InvalidValueError("no key of P-256")
    return card_ref(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _chosen(
    records: Records, transaction: Transaction, whose: tuple[str, str], content: TenancyContent, age: int
) -> list[str]:
    """With a tenancy only a face can be chosen ahead: a card has to lie on the reader, the others are asked for."""
    if WayKind.FACE not in content.ways:
        return []
    return _consent(records, transaction, whose, content.notice, age)


def _asked(
    records: Records, transaction: Transaction, whose: tuple[str, str], content: WaysContent, age: int
) -> list[str]:
    now, (person_id, right_id) = records.clock.now(), whose
    mine = {each.way_id: each for each in ways.open_of(transaction, person_id, now)}
    lost = {each for each in content.lost if each in mine}
    if content.face is False:
        lost |= {each.way_id for each in mine.values() if each.kind is WayKind.FACE and each.right_id == right_id}
    ways.cancel(transaction, lost, Ended.LOST, now)
    refused = []
    if content.card is not None:
        refused += _add_card(records, transaction, person_id, right_id, content.card)
    if content.face:
        refused += _consent(records, transaction, whose, content.notice, age)
    return refused


def _add_card(records: Records, transaction: Transaction, person_id: str, right_id: str, card: NewCard) -> list[str]:
    if card.number and not in_force.rules(transaction).weak_cards:
        return [CARD_WEAK]
    try:
        ref = point(card.public_key) if card.public_key else _number_ref(records, card.number)
    except InvalidValueError:
        return [CARD_UNREADABLE]
    same = ways.by_ref(transaction, ref, records.clock.now())
    if any(each.person_id != person_id for each in same):
        device_alerts.again(records, transaction, AlertKind.CARD_USED)
        return [CARD_USED]
    if any(each.right_id == right_id for each in same):
        return []
    kind = WayKind.CARD if card.public_key else WayKind.CARD_NUMBER
    if len(_open(records, transaction, right_id, WayKind.CARD, WayKind.CARD_NUMBER)) >= MOST:
        return [MANY]
    row = new(records, person_id, right_id, kind, ref)
    ways.add(transaction, WayRow(row.way_id, person_id, right_id, kind, row.since, ref, card.label))
    return []


def _number_ref(records: Records, number: str) -> str:
    """InvalidValueError: half a byte is left."""
    try:
        return number_ref(records.settings.community, bytes.fromhex(number))
    except ValueError:
        raise InvalidValueError("no number of a card") from None


def _consent(records: Records, transaction: Transaction, whose: tuple[str, str], notice: str, age: int) -> list[str]:
    """The consent stands in the way's own row: which text, since when, and, as its end, when it was withdrawn."""
    if not notice:
        return [NO_NOTICE]
    if age < in_force.policy(transaction).identity.face_from_age:
        return [TOO_YOUNG]
    person_id, right_id = whose
    if not _open(records, transaction, right_id, WayKind.FACE):
        row = new(records, person_id, right_id, WayKind.FACE)
        ways.add(transaction, WayRow(row.way_id, person_id, right_id, WayKind.FACE, row.since, notice=notice))
    return []


def _age(records: Records, id_number: str, born: date | None) -> int:
    """In whole years; of whom neither the register nor their number says it, 0."""
    try:
        born = born or IdNumber(id_number).birth_date
    except InvalidValueError:
        return 0
    return _years(born, bureau_time(records.clock.now()).date())


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _open(records: Records, transaction: Transaction, right_id: str, *kinds: WayKind) -> list[WayRow]:
    found = ways.open_of_right(transaction, right_id, records.clock.now())
    return [each for each in found if each.kind in kinds]


def _own(row: WayRow) -> OwnWay:
    return OwnWay(
        ref=row.way_id,
        kind=row.kind,
        label=row.label,
        since=bureau_time(row.since).date(),
        until=bureau_time(row.until).date() if row.until is not None else None,
        waiting=row.proved_at is None,
    )


def _note(records: Records, transaction: Transaction, person_id: str, action: str, **facts: str | int) -> None:
    about = records.keyed_hash("person", person_id)
    audit.append(transaction, Deed(records.clock.now(), action, subject=about, facts=tuple(facts.items())))
