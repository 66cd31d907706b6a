"""What an officer does with an application: see that it waits, open it with a reason, say how far its answer is.

What was found is shown to whoever opens it, and each opening is audited.
"""

from dataclasses import dataclass
from datetime import date

from backend_client.contract.messages import MessageKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.person_name import PersonName
from records.context import Records
from records.population.source import Resident
from records.rules import reasons
from records.rules.periods import bureau_time
from records.rules.purposes import Purpose, ticket_refusal
from records.rules.roles import Right
from records.services import messages, reading
from records.services.looking import Why
from records.services.reading import Target
from records.services.refusals import ReadingUnfitError, ReasonUnfitError, TakenUpError, UnopenedError
from records.services.sessions import Session
from records.store import applications, audit, papers, protection
from records.store.applications import ApplicationRow, ApplicationState
from records.store.audit import Deed
from records.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application as the list has it: nothing of the person, nothing of what was found. ``receipts``: the serials
    that may be brought for it, the first one's always."""

    row: ApplicationRow
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The same, with the person (who mask themselves) and what the source said last."""

    row: ApplicationRow
    name: PersonName | None
    number: IdNumber | None


def waiting(records: Records, session: Session) -> list[Waiting]:
    """Every application that is not over, the oldest first. That of somebody who is hidden is there for whoever opened
    it last, with the receipt."""
    session.needs(Right.APPLICATIONS)
    with records.database.reading() as transaction:
        return [Waiting(row, _receipts(transaction, row)) for row in rows(records, transaction, session)]


def rows(records: Records, transaction: Transaction, session: Session) -> list[ApplicationRow]:
    """The same, without their receipts."""
    own, today = session.officer.officer_id, _today(records)
    hidden = protection.hidden(transaction, today)
    return [
        row
        for row in applications.list_open(transaction, today)
        if row.seen_by == own or not hidden.tickets(row.person_id, row.number_hash)
    ]


def find(records: Records, session: Session, serial: str) -> Waiting | None:
    """The application of a first receipt, while it is not over."""
    return next((each for each in waiting(records, session) if each.row.serial == serial), None)


def opened(records: Records, session: Session, row: ApplicationRow, reason: str) -> Opened:
    """Who it is about and what was found; written down with the reason. ReasonUnfitError."""
    session.needs(Right.APPLICATIONS)
    resident = records.register.resident(row.person_id)
    return _open(records, session, row, resident, _fit(reason, resident))


def opened_with_receipt(records: Records, session: Session, serial: str, typed: str) -> tuple[Waiting, Opened]:
    """The application of whoever stands at the window with a receipt and their document: a look at that person, which
    counts and is told like any other, hidden or not. ReadingUnfitError (number, receipt), ReadingLimitError."""
    session.needs(Right.APPLICATIONS)
    try:
        number = IdNumber(typed)
    except InvalidValueError:
        raise ReadingUnfitError("number") from None
    if ticket_refusal(serial):
        raise ReadingUnfitError("receipt")
    person = records.register.find(number)
    found = _of_receipt(records, serial, person)
    about = person.person_id if person is not None else number.reveal()
    given = Why(Purpose.WINDOW_REQUEST, serial)
    reading.look(records, session, given, Target(about, person if found is not None else None))
    if found is None:
        raise ReadingUnfitError("receipt")
    return found, _open(records, session, found.row, person, "receipt")


def _of_receipt(records: Records, serial: str, person: Resident | None) -> Waiting | None:
    with records.database.reading() as transaction:
        waits = _all(records, transaction)
    mine = (each for each in waits if person is not None and each.row.person_id == person.person_id)
    return next((each for each in mine if serial in each.receipts), None)


def _open(records: Records, session: Session, row: ApplicationRow, resident: Resident | None, words: str) -> Opened:
    with records.database.writing() as transaction:
        now = applications.find(transaction, row.serial) or row
        applications.update(transaction, row.serial, seen_by=session.officer.officer_id)
        _note(records, transaction, session, row, "application-opened", reason=words)
    return Opened(now, resident.name if resident else None, resident.id_number if resident else None)


def settle(records: Records, session: Session, row: ApplicationRow, state: ApplicationState) -> None:
    """Say how far it is. Said again, or behind what was said before, it changes nothing. UnopenedError: nobody
    has seen what was found. TakenUpError: a colleague opened it last, and may be about to say so."""
    session.needs(Right.APPLICATIONS)
    with records.database.writing() as transaction:
        now = applications.find(transaction, row.serial)
        if now is None or _ORDER.index(state) <= _ORDER.index(now.state):
            return
        if now.seen_by != session.officer.officer_id:
            raise TakenUpError if now.seen_by else UnopenedError
        over = state is ApplicationState.HANDED_OVER
        values = {"settled_at": records.clock.now(), "settled_by": session.officer.officer_id}
        applications.update(transaction, row.serial, state=state.value, outcome="" if over else now.outcome, **values)
        _note(records, transaction, session, row, "application-settled", state=state.value)
        if state is ApplicationState.READY:
            receipt = papers.find(transaction, row.serial)
            holder = receipt.person_id if receipt else row.person_id  # for a child, the guardian
            messages.append(records, transaction, holder, MessageKind.ANSWER_READY, ref=row.serial)


_ORDER = tuple(ApplicationState)


def _all(records: Records, transaction: Transaction) -> list[Waiting]:
    return [Waiting(row, _receipts(transaction, row)) for row in applications.list_open(transaction, _today(records))]


def _today(records: Records) -> date:
    return bureau_time(records.clock.now()).date()


def _receipts(transaction: Transaction, row: ApplicationRow) -> tuple[str, ...]:
    """The first receipt's serial names the application, whatever became of that sheet."""
    others = papers.receipts_of(transaction, row.serial)
    return (row.serial, *(serial for serial in others if serial != row.serial))


def _fit(reason: str, resident: Resident | None) -> str:
    """The reason on one line, as the audit will keep it."""
    words = reasons.on_one_line(reason)
    if unfit := reasons.refusal(words, resident.name if resident else None):
        raise ReasonUnfitError(unfit)
    return words


def _note(
    records: Records, transaction: Transaction, session: Session, row: ApplicationRow, action: str, **facts: str
) -> None:
    person = records.keyed_hash("person", row.person_id)
    told = {"officer": session.officer.officer_id, "serial": row.serial, **facts}
    audit.append(transaction, Deed(records.clock.now(), action, subject=person, facts=tuple(told.items())))
