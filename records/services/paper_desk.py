"""What became of a paper, at the console: by its whole serial, and nothing of a person without a purpose and a ticket.

Papers that somebody hidden asked for, or that are about them, are not here: by their serials as if they had never been,
and in no count. The register is asked whose a paper is and nothing else: a stolen one is made void without it.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from backend_client.contract.papers import PaperState
from records.context import Records
from records.population.source import Resident
from records.rules.numbering import is_serial
from records.rules.paper_voids import VoidBasis
from records.rules.periods import bureau_time, start_of_day
from records.rules.roles import Right
from records.services import papers as service
from records.services import reading
from records.services.looking import Why
from records.services.officers import note
from records.services.sessions import Session
from records.store import counters, devices, paper_voids, papers, protection
from records.store.database import Transaction
from records.store.paper_voids import VoidRow
from records.store.papers import PaperRow

OPEN: Final = (PaperState.RESERVED, PaperState.SEALED)
_LISTED: Final = 50
_TAIL: Final = len("00-00")


@dataclass(frozen=True, slots=True)
class Overview:
    """Today's papers and those still open: how many by kiosk and state; the open ones, the oldest first. ``names``: of
    kiosks."""

    counts: dict[str, Counter[PaperState]]
    open: tuple[PaperRow, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A paper. ``void``: an officer's reason, if it was one who voided it."""

    row: PaperRow
    kiosk: str
    void: VoidRow | None


def overview(records: Records, session: Session) -> Overview:
    """The page without a serial."""
    session.needs(Right.PAPERS)
    with records.database.reading() as transaction:
        shown = seen(records, transaction, papers.since_or_open(transaction, start_of_day(records.clock.now())))
        names = _names(transaction)
    counts: dict[str, Counter[PaperState]] = {row.device_id: Counter() for row in shown}
    for row in shown:
        counts[row.device_id][row.state] += 1
    return Overview(counts, tuple(row for row in shown if row.state in OPEN)[:_LISTED], names)


def find(records: Records, session: Session, typed: str) -> Found | None:
    """The paper of a whole serial; that somebody looked is written down."""
    session.needs(Right.PAPERS)
    serial = "".join(typed.split())
    if not is_serial(serial):
        return None
    with records.database.reading() as transaction:
        row = papers.find(transaction, serial)
        void, names = paper_voids.find(transaction, serial), _names(transaction)
        shown = seen(records, transaction, [row] if row is not None else [])
    if row is None or not shown:
        return None
    with records.database.writing() as transaction:
        note(records, transaction, "paper-looked-at", session.officer.officer_id, serial=serial)
    return Found(row, names.get(row.device_id, row.device_id), void)


def void(records: Records, session: Session, found: Found, basis: VoidBasis) -> None:
    """It does not count any more: kiosks hear of it, and its holder if they had it. Said twice, once in effect."""
    session.needs(Right.PAPERS)
    who, serial = session.officer.officer_id, found.row.serial
    with records.database.writing() as transaction:
        counters.following(transaction, "void")  # one at a time
        row = papers.find(transaction, serial)
        if row is None or row.state is PaperState.VOID:
            return
        service.void_at_console(records, transaction, row)
        paper_voids.add(transaction, VoidRow(serial, basis, who, records.clock.now()))
        note(records, transaction, "paper-voided", who, serial=serial, basis=basis.value)


def holder(records: Records, session: Session, found: Found, given: Why) -> Resident | None:
    """Whom it is about, by the one door to persons. ReadingLimitError."""
    session.needs(Right.PERSONS)
    about = found.row.about_id or found.row.person_id
    return reading.look(records, session, given, reading.target_of(records, about)).person


def seen(records: Records, transaction: Transaction, rows: list[PaperRow], person_id: str = "") -> list[PaperRow]:
    """Without those of people who are hidden. ``person_id``: of whose page, where their own are."""
    hidden = protection.hidden(transaction, bureau_time(records.clock.now()).date())

    def open_to_all(row: PaperRow) -> bool:
        return not any(hidden.tickets(each, "") for each in {row.person_id, row.about_id} - {person_id})

    return [row for row in rows if open_to_all(row)]


def masked(serial: str) -> str:
    """Its last four digits."""
    return "".join("*" if each.isdigit() else each for each in serial[:-_TAIL]) + serial[-_TAIL:]


def _names(transaction: Transaction) -> dict[str, str]:
    return {each.device_id: each.name for each in devices.every(transaction)}
