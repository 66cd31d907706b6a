"""What an officer may ask of passes: those of one person, in a span of days, for a listed purpose and under a ticket,
when a second account agrees. The question goes down to the gates, the sealed answers come up, are read once, and the
resident reads that it was asked.

Records hold no passes: what gates answered is unreadable without a key that was made for the one question, and both are
gone when it was read, or after a week.
"""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Topic
from backend_client.contract.gates import Pass, Passes, PassesAsked, PassesAskedOf, PassesSealed
from backend_client.errors import SealUnreadableError
from backend_client.pass_seals import open_passes
from records import contact_key
from records.context import Records
from records.errors import RefusedError
from records.rules.purposes import View
from records.rules.roles import Right
from records.services import approvals, looking, reading
from records.services.approvals import Do, Tell
from records.services.gates import desk
from records.services.looking import Why
from records.services.officers import note
from records.services.refusals import ApprovalOverError, AskingUnfitError
from records.services.sessions import Session
from records.store import audit, changes, gate_doors, grants, holders, officers, pass_asks, reads
from records.store.approvals import ApprovalRow, Matter
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.pass_asks import AnswerRow, AskRow
from records.store.reads import Outcome, ReadRow

LONGEST: Final = timedelta(days=30)
KEPT: Final = timedelta(days=7)
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What gates said. ``silent``: those that have not answered; ``unreadable``: those whose answer was none."""

    passes: tuple[Pass, ...]
    silent: tuple[str, ...]
    unreadable: tuple[str, ...]


def ask_of_handle(records: Records, session: Session, handle: str, span: tuple[datetime, datetime]) -> None:
    """Of somebody whose page is open, under its purpose and ticket. AskingUnfitError: person, purpose, span, many."""
    session.needs(Right.PASSES)
    opened = looking.unseal(records, session, handle)
    if opened is None:
        raise AskingUnfitError("person")
    person_id, given = opened
    _ask(records, session, person_id, reading.why(given.purpose.value, given.ticket, View.PASSES), span)


def ask_of_slip(
    records: Records, session: Session, slip: str, given: tuple[str, str], span: tuple[datetime, datetime]
) -> None:
    """Of the holder of a slip that was brought. ``given``: purpose and ticket. SlipUnknownError, MustWaitError,
    ReadingUnfitError, AskingUnfitError."""
    session.needs(Right.PASSES)
    purpose, ticket = given
    why = reading.why(purpose, ticket, View.PASSES)
    _ask(records, session, desk.find(records, session, slip).person_id, why, span)


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """A question that two accounts agreed on. ``gates``: how many are asked; ``answered``: how many have; ``open``:
    whether its answer can still be read."""

    row: AskRow
    gates: int
    answered: int
    open: bool


def standing(records: Records, session: Session) -> list[Standing]:
    """What this account asked, and how far it is."""
    session.needs(Right.PASSES)
    with records.database.reading() as transaction:
        rows = pass_asks.asked_by(transaction, session.officer.officer_id)
        found = [(row, pass_asks.answers(transaction, row.ask_id)) for row in rows]
    return [_standing(records, row, answers) for row, answers in found]


def _standing(records: Records, row: AskRow, answers: list[AnswerRow]) -> Standing:
    answered = sum(each.answered_at is not None for each in answers)
    still = row.opened_at is None and records.clock.now() - row.approved_at < KEPT
    return Standing(row, len(answers), answered, still)


def waiting_for(records: Records, device: DeviceRow) -> PassesAsked:
    """What a gate is asked and has not answered."""
    with records.database.reading() as transaction:
        rows = pass_asks.unanswered_by(transaction, device.device_id)
    return PassesAsked(asks=tuple(_asked_of(each) for each in rows))


def answer(records: Records, device: DeviceRow, ask_id: str, told: PassesSealed) -> None:
    """A gate's answer; the same question is answered once. Refused: not-found, it was not asked that."""
    with records.database.writing() as transaction:
        row = pass_asks.by_id(transaction, ask_id)
        asked = {each.device_id: each for each in pass_asks.answers(transaction, ask_id)}
        if row is None or device.device_id not in asked:
            raise RefusedError(ProblemCode.NOT_FOUND)
        kept = "" if row.opened_at is not None else told.sealed  # nobody could read it any more
        if pass_asks.answer(transaction, ask_id, device.device_id, kept, records.clock.now()):
            audit.append(transaction, Deed(records.clock.now(), "passes-answered", device.device_id))


def opened(records: Records, session: Session, ask_id: str) -> Opened:
    """What the gates answered: once, to the account that asked. ApprovalOverError: it was read, is none of this
    account's, or its week is over."""
    session.needs(Right.PASSES)
    now = records.clock.now()
    with records.database.writing() as transaction:
        row = pass_asks.by_id(transaction, ask_id)
        own = row is not None and row.asked_by == session.officer.officer_id
        if row is None or not own or now - row.approved_at >= KEPT:
            raise ApprovalOverError
        answers = pass_asks.answers(transaction, ask_id)
        if not pass_asks.open_once(transaction, ask_id, now):
            raise ApprovalOverError
        note(records, transaction, "passes-opened", row.asked_by, purpose=row.purpose, ticket=row.ticket)
    return _read(records, row, answers)


def _ask(records: Records, session: Session, person_id: str, given: Why, span: tuple[datetime, datetime]) -> None:
    since, until = span
    if not since < until <= since + LONGEST or until > records.clock.now():
        raise AskingUnfitError("span")
    person = records.population.resident(person_id)
    if person is None:
        raise AskingUnfitError("person")
    body = {
        "person": person_id,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "purpose": given.purpose.value,
    }
    approvals.ask(records, session, Matter.PASSES, given.ticket, body, check=person.id_number.reveal())


def _approved(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> None:
    """Ask the gates, and write down that it was asked where the resident reads it."""
    told, now = approvals.told(row), records.clock.now()
    ask = _made(records, transaction, row, by)
    about = records.keyed_hash("person", told["person"])
    facts = (("officer", by), ("asked_by", row.asked_by), ("purpose", told["purpose"]), ("ticket", row.ticket))
    audit.append(transaction, Deed(now, "passes-asked", subject=about, facts=facts))
    asker = officers.by_id(transaction, row.asked_by)
    role = asker.role.value if asker is not None else ""
    seen = ReadRow(now, row.asked_by, role, told["purpose"], row.ticket, Outcome.SHOWN, about, counted=False)
    reads.add(transaction, seen)
    gates = _gates(transaction, told["person"])
    pass_asks.add(transaction, ask, gates)
    for gate in gates:
        changes.append(transaction, Topic.PASSES, ask.ask_id, at=now, only=gate)


def _made(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> AskRow:
    told, ask_id, key = approvals.told(row), secrets.token_hex(_ID_BYTES), X25519PrivateKey.generate()
    private = base64.b64encode(key.private_bytes_raw()).decode("ascii")
    return AskRow(
        ask_id=ask_id,
        person_id=told["person"],
        holder=holders.of(transaction, told["person"], records.clock.now()),
        since=datetime.fromisoformat(told["since"]),
        until=datetime.fromisoformat(told["until"]),
        purpose=told["purpose"],
        ticket=row.ticket,
        asked_by=row.asked_by,
        approved_by=by,
        approved_at=records.clock.now(),
        key=base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii"),
        key_sealed=contact_key.seal(records.folder / "keys", private, *_bound(records, ask_id)),
    )


def _gates(transaction: Transaction, person_id: str) -> list[str]:
    """Those whose doors a grant of theirs opens, or opened while passes are kept."""
    places = {(each.building, each.unit) for each in grants.of_person(transaction, person_id)}
    return [
        door.device_id
        for door in gate_doors.in_use(transaction)
        if any(door.opens_to(building, unit) for building, unit in places)
    ]


def _asked_of(row: AskRow) -> PassesAskedOf:
    return PassesAskedOf(
        ask=row.ask_id,
        holder=row.holder,
        since=row.since,
        until=row.until,
        purpose=row.purpose,
        ticket=row.ticket,
        key=row.key,
    )


def _read(records: Records, row: AskRow, answers: list[AnswerRow]) -> Opened:
    private = contact_key.opened(records.folder / "keys", row.key_sealed, *_bound(records, row.ask_id))
    key = X25519PrivateKey.from_private_bytes(base64.b64decode(private))
    said = {each.device_id: _unsealed(each, key) for each in answers if each.answered_at is not None}
    return Opened(
        passes=tuple(sorted(_within(row, said), key=lambda each: each.at)),
        silent=tuple(each.device_id for each in answers if each.answered_at is None),
        unreadable=tuple(device_id for device_id, found in said.items() if found is None),
    )


def _within(row: AskRow, said: dict[str, Passes | None]) -> Iterator[Pass]:
    """Of what gates said, no more than was asked."""
    for device_id, found in said.items():
        for each in found.passes if found is not None else ():
            if row.since <= each.at < row.until and each.door == device_id:
                yield each


def _unsealed(answer: AnswerRow, key: X25519PrivateKey) -> Passes | None:
    try:
        return open_passes(PassesSealed(sealed=answer.sealed), answer.ask_id, key)
    except SealUnreadableError:
        return None


def _bound(records: Records, ask_id: str) -> tuple[str, ...]:
    return "passes", records.settings.community, ask_id


def _written(_records: Records, row: ApprovalRow) -> list[tuple[str, str]]:
    told = approvals.told(row)
    return [(name, _day(told[name]).isoformat()) for name in ("since", "until")] + [("purpose", told["purpose"])]


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


DO: Final[dict[Matter, Do]] = {Matter.PASSES: _approved}
TELL: Final[dict[Matter, Tell]] = {Matter.PASSES: _written}
