"""What an officer does with an intake: see that it waits, open it with a reason, decide it.

Each opening is audited with its reason, each decision with its own from a closed list. The resident is told what was
decided, and asks at the desk why; the feed tells it to the kiosk that sent it, which keeps nothing of it. An intake of
somebody who is hidden is seen by the two accounts that hid them, and by nobody else: by the number that it states,
whether the register has that number or not. The register is asked when an intake is opened, and
once more before it is accepted: whether they live.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from backend_client.contract.changes import Topic
from backend_client.contract.intakes import AnswerContent, Content, CorrectionContent, IntakeKind, ResidenceContent
from backend_client.contract.messages import MessageKind
from civic.masking import Personal
from civic.person_name import PersonName
from civic.slip_number import slip_number
from records.context import Records
from records.errors import IntakeUnreadableError
from records.rules import reasons
from records.rules.intakes import ABOUT_FLATS, OVER, REASONS, IntakeState
from records.rules.periods import bureau_time
from records.rules.purposes import ticket_refusal
from records.rules.roles import Right
from records.rules.tenancies import DISPUTES
from records.services import hiding, messages
from records.services.declarants import number_of, person_of
from records.services.intake_opening import content_of
from records.services.life_events.numbers import deceased
from records.services.refusals import DocumentUnfitError, ReasonUnfitError, StaleError, TakenUpError, UnopenedError
from records.services.sessions import Session
from records.services.tenancies import by_officer, carrying_out, receiving
from records.services.tenancies.understanding import understand
from records.services.tenancies.work import begun
from records.store import audit, changes, dwellings, intakes, residents
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.dwellings import DwellingRow
from records.store.intakes import EVERY, Among, IntakeRow

PAGE: Final = 50

OF_PERSONS: Final = Among(kinds=frozenset(IntakeKind) - ABOUT_FLATS)
"""What no rule carries out: flats have queues of their own (``records.services.tenancies.desk``)."""

Sight = Callable[[IntakeRow], bool]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An intake as the list has it. ``name``: masks itself."""

    row: IntakeRow
    name: PersonName


@dataclass(frozen=True, slots=True)
class Queue:
    """Some of those that wait, the oldest first. ``rest``: the number to go on behind, empty: that was all."""

    waiting: tuple[Waiting, ...]
    rest: str


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What was handed in. ``dead``: who is said to have, by the register; ``flat``: behind the door that was named,
    None: there is none here; ``files``: how many came along; ``decisions``: what can be decided."""

    row: IntakeRow
    content: Content
    dead: bool
    flat: DwellingRow | None
    files: int
    decisions: dict[IntakeState, tuple[str, ...]]

    @property
    def name(self) -> PersonName:
        """Who handed it in."""
        return PersonName(self.content.who.name)

    @property
    def number(self) -> Personal:
        """Their number."""
        return number_of(self.content.who)


def queue(records: Records, session: Session, behind: str = "", among: Among = OF_PERSONS) -> Queue:
    """The undecided ones, ``behind`` one of them. PopulationAwayError: as ``hiding.complete``."""
    session.needs(Right.INTAKES)
    hiding.complete(records)
    with records.database.reading() as transaction:
        last = intakes.find(transaction, behind) if behind else None
        rows = undecided(transaction, last, sight(records, transaction, session), among)
    shown = tuple(Waiting(row, PersonName(content_of(row).who.name)) for row in rows[:PAGE])
    return Queue(shown, shown[-1].row.intake_id if len(rows) > PAGE else "")


def find(records: Records, session: Session, intake_id: str) -> Waiting | None:
    """One of them, while it is not over. PopulationAwayError: as ``hiding.complete``."""
    session.needs(Right.INTAKES)
    hiding.complete(records)
    with records.database.reading() as transaction:
        row = intakes.find(transaction, intake_id)
        seen = row is not None and row.state not in OVER and sight(records, transaction, session)(row)
    return Waiting(row, PersonName(content_of(row).who.name)) if row is not None and seen else None


def opened(records: Records, session: Session, row: IntakeRow, reason: str) -> Opened:
    """What was handed in, and whose it is; written down with the reason. ReasonUnfitError; StaleError: a colleague was
    quicker, or they are hidden since."""
    session.needs(Right.INTAKES)
    content = content_of(row)
    words = reasons.on_one_line(reason)
    if unfit := reasons.refusal(words, PersonName(content.who.name)):
        raise ReasonUnfitError(unfit)
    person = person_of(records, content.who)  # the register may be elsewhere: not while others wait
    dead = deceased(records, person)
    seen = {"person_id": person, "seen_by": session.officer.officer_id}
    with records.database.writing() as transaction:
        now = _changed(transaction, row, seen)
        if not sight(records, transaction, session)(now):
            raise StaleError
        note(records, transaction, session, now, "intake-opened", reason=words)
        flat, files = _flat(transaction, content), intakes.files_of(transaction, row.intake_id)
    return Opened(now, content, dead, flat, files, _decisions(now, content, flat, dead=dead))


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, for a reason from the list. ``document``: the number of what a dispute is decided by."""

    state: IntakeState
    reason: str
    document: str = ""


def decide(records: Records, session: Session, row: IntakeRow, revision: int, decision: Decision) -> None:
    """Decide it, as it was opened: ``revision`` is of the page that was looked at. UnopenedError: nobody has; else
    TakenUpError: a colleague opened it last; StaleError: it was decided, can't be so, or they are hidden since;
    DocumentUnfitError: a dispute, without its document; PopulationAwayError: whether they live, nobody can say now."""
    session.needs(Right.INTAKES)
    state, reason = decision.state, decision.reason
    now = records.clock.now()
    dead = state is IntakeState.ACCEPTED and deceased(records, row.person_id)
    who = understand(records, content_of(row)) if row.kind in receiving.KINDS else None
    with records.database.writing() as transaction:
        found = _in_turn(session, intakes.find(transaction, row.intake_id), revision)
        content = content_of(found)
        dead = dead or _died(transaction, found.person_id)
        listed = _decisions(found, content, _flat(transaction, content), dead=dead).get(state, ())
        if reason not in listed or not sight(records, transaction, session)(found):
            raise StaleError
        _require_document(found, decision)
        if who is not None and state is IntakeState.ACCEPTED and by_officer.only_says_who(found, content):
            going_on = _changed(transaction, found, {"state": IntakeState.WAITING.value, "queue": ""})
            note(records, transaction, session, found, "intake-decided", state=state.value, reason=reason)
            carrying_out.by_kind(begun(records, transaction), going_on, content, who)
            return
        told = {"state": state.value, "reason": reason, "decided_at": now, "decided_by": session.officer.officer_id}
        _changed(transaction, found, told)
        if who is not None:
            by_officer.decided(begun(records, transaction, session.officer.officer_id), found, content, who, state)
        elif state is IntakeState.ACCEPTED:
            _carry_out(transaction, found, content)
        tell(records, transaction, session, found, decision)


def _require_document(row: IntakeRow, decision: Decision) -> None:
    """Of a dispute that ends. What is given besides must be no citizen's number either: it stays in the audit."""
    needed = row.queue in DISPUTES and decision.state is not IntakeState.MORE_PAPERS
    if (needed or decision.document) and ticket_refusal(decision.document):
        raise DocumentUnfitError


def _in_turn(session: Session, found: IntakeRow | None, revision: int) -> IntakeRow:
    if found is None or found.state in OVER:
        raise StaleError
    if found.seen_by != session.officer.officer_id:
        raise TakenUpError if found.seen_by else UnopenedError
    if found.revision != revision:
        raise StaleError
    return found


def _changed(transaction: Transaction, row: IntakeRow, values: dict[str, Any]) -> IntakeRow:
    """The row as it is then. StaleError: it was changed since it was read."""
    if not intakes.update(transaction, row, **values):
        raise StaleError
    return replace(row, revision=row.revision + 1, **values)


def _carry_out(transaction: Transaction, row: IntakeRow, content: Content) -> None:
    """A residence counts as declared on the day on which it was handed in, and as confirmed. A correction is made in
    the register, by hand: what is right, the papers say."""
    flat = _flat(transaction, content)
    if flat is not None:
        day = bureau_time(row.received_at).date()
        dwellings.declare(transaction, row.person_id, flat.dwelling_id, day)
        dwellings.confirm(transaction, row.person_id, flat.dwelling_id, day)


def tell(records: Records, transaction: Transaction, session: Session, row: IntakeRow, decision: Decision) -> None:
    """The audit, who handed it in, and the feed of the kiosk that sent it."""
    state, reason = decision.state, decision.reason
    by = {"ticket": decision.document} if decision.document else {}
    note(records, transaction, session, row, "intake-decided", state=state.value, reason=reason, **by)
    body = {"state": state.value, "reason": reason}
    changes.append(transaction, Topic.INTAKE, row.intake_id, body, at=records.clock.now(), only=row.device_id)
    kind = MessageKind.INTAKE_DECIDED
    messages.append(records, transaction, row.person_id, kind, ref=slip_number(UUID(row.intake_id)), state=state.value)


def _died(transaction: Transaction, person_id: str) -> bool:
    """By our own register, in which no event stands beside this decision."""
    row = residents.by_person(transaction, person_id)
    return row is not None and row.deceased


def _decisions(
    row: IntakeRow, content: Content, flat: DwellingRow | None, *, dead: bool
) -> dict[IntakeState, tuple[str, ...]]:
    """Nothing is accepted of whom nobody here knows, nor of the dead, nor a flat that is not there."""
    no_flat_needed = isinstance(content, CorrectionContent | AnswerContent)
    acceptable = bool(row.person_id) and not dead and (no_flat_needed or flat is not None)
    return {state: each for state, each in REASONS[row.kind].items() if acceptable or state is not IntakeState.ACCEPTED}


def _flat(transaction: Transaction, content: Content) -> DwellingRow | None:
    if not isinstance(content, ResidenceContent):
        return by_officer.flat_of(transaction, content)
    return dwellings.by_door(transaction, content.door.building, content.door.unit, content.door.room)


def undecided(transaction: Transaction, last: IntakeRow | None, seen: Sight, among: Among = EVERY) -> list[IntakeRow]:
    """A page of those behind ``last``, and one more if there is one."""
    found: list[IntakeRow] = []
    while len(found) <= PAGE:
        rows = intakes.undecided(transaction, PAGE + 1, last, among)
        found += filter(seen, rows)
        if len(rows) <= PAGE:
            break
        last = rows[-1]
    return found[: PAGE + 1]


def sight(records: Records, transaction: Transaction, session: Session) -> Sight:
    """Which intakes this officer sees. Of one that can't be read nobody can say whether it may be seen."""
    hidden = hiding.hidden(records, transaction)
    own = hiding.hidden(records, transaction, by=session.officer.officer_id)

    def seen(row: IntakeRow) -> bool:
        try:
            whose = row.person_id, records.number_hash(content_of(row).who.id_number)
        except IntakeUnreadableError:
            return False
        return not hidden.tickets(*whose) or bool(own.tickets(*whose))

    return seen


def note(
    records: Records, transaction: Transaction, session: Session, row: IntakeRow, action: str, **facts: str
) -> None:
    """A deed of an officer with an intake."""
    person = records.keyed_hash("person", row.person_id or content_of(row).who.id_number)
    told = {"officer": session.officer.officer_id, "intake": row.intake_id, "kind": row.kind.value, **facts}
    audit.append(transaction, Deed(records.clock.now(), action, subject=person, facts=tuple(told.items())))
