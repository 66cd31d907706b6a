"""Found, unclear, conflict, not at once, chosen, or drawn by lot: at the kiosk nothing tells which.

Real records that were told what to find, the real flow, services, journal and audit; the printers alone are stand-ins.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any, cast

import pytest

from backend_client.session import RecordsSession
from backend_client.statement import subject_hash
from civic.clock import SystemClock
from forms.paper import Medium
from kiosk.flows import application, details, issuing
from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows.base import Command
from kiosk.flows.base import Event as Happening
from kiosk.place import NOWHERE
from kiosk.presenters.application import present
from kiosk.presenters.gallery_services import NO_RECORD
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.desks import Desks
from kiosk.services.evidence import of_card
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk
from records.context import Records
from records.installation import open_existing
from records.services import proof
from records.store import criminal, visits
from terminal.jobs import Ticket
from terminal.texts import Catalogue
from terminal.views import View
from tests.support.clocks import NOW
from tests.support.identification import card_of
from tests.support.issuing import OnPages, RollPrinter, TrayPrinter, assemble
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.made_up import OFFERS
from tests.support.records_client import DENG, LAN, MOTHER, RARE, SENIOR, WIFE, Card
from tests.support.records_server import RecordsServer, rules_with, running_records

REASONS: dict[str, tuple[Card, str, str]] = {  # whom it happens to, what is found of them, and what they choose
    "lot": (LAN, "", "now"),
    "chosen": (RARE, "", "later"),
    "found": (WIFE, "found", "now"),
    "unclear": (MOTHER, "unclear", "now"),
    "conflict": (SENIOR, "conflict", "now"),
    "unavailable": (DENG, "unavailable", "now"),
}
PLACE = Surroundings(
    Catalogue.load(Path(__file__).resolve().parents[2] / "assets" / "texts").in_language("zh"),
    NOW,
    NOWHERE.__class__(NOWHERE.desk, NOWHERE.issuer, specimen=True, services=(NO_RECORD,)),
)
ERRAND = asked.Errand(NO_RECORD, NO_RECORD.purposes[0], OFFERS)
_SERIAL = re.compile(r"\d{4}-\d{4}-\d{6}-\w{2}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Seen:
    """All that a visit leaves at the kiosk, but what is its own: serial, key, digest and times."""

    views: list[View] = field(default_factory=list)
    journal: list[tuple[object, ...]] = field(default_factory=list)
    audit: list[tuple[str, str]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    strips: int = 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    """Records that give everybody to whom nothing stands in the way the receipt all the same."""
    with running_records(tmp_path_factory.mktemp("records"), rules=rules_with(1.0, 0.5)) as running:
        yield running


@pytest.fixture(scope="module")
def told(server: RecordsServer) -> Iterator[Records]:
    """The same records' store, with what they are to find."""
    opened = open_existing(server.folder, SystemClock())
    with opened.database.writing() as transaction:
        for card, outcome, _ in REASONS.values():
            if outcome:
                criminal.put(transaction, card.id_number, outcome)
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def session(server: RecordsServer) -> Iterator[RecordsSession]:
    device = server.enrol()
    opened = RecordsSession(server.url, server.root_pem, device.certificate, device.key)
    yield opened
    opened.close()


def proven(session: RecordsSession, told: Records, card: Card) -> VisitMemory:
    """A visit whose person an officer has confirmed."""
    memory = VisitMemory()
    memory.subject = session.identify(of_card(card_of(card), memory.visit)).subject
    with told.database.writing() as transaction:
        row = visits.by_subject(transaction, subject_hash(memory.subject))
        assert row is not None
        proof.grant(told, transaction, row, proof.BY_OFFICER)
    return memory


class Counter:
    """One kiosk, driven from the own row to the paper in the hand."""

    def __init__(self, session: RecordsSession, store: KioskStore, folder: Path) -> None:
        self._roll = RollPrinter()
        media = OnPages(receipts=(Medium.STRIP, Medium.PAGE))
        tray = TrayPrinter(folder / "tray")
        parts = assemble(store.database, store.journal, session, tray, self._roll, media)
        papers, none = PaperDesk(parts.issue), cast("Any", None)
        rows = RecordDesk(session, papers, store.audit, SystemClock())
        self._desks = Desks(none, none, none, none, rows, papers, none, none, store.audit)
        self._store = store

    def serve(self, memory: VisitMemory, answer: str) -> Seen:
        """Ask for it, confirm, take what comes out."""
        self._memory, seen = memory, Seen()
        self._state: application.Here = application.OpeningRecord(ERRAND)
        self._perform((h.OpenRecord(NO_RECORD.kind),), seen)
        assert isinstance(self._inner, details.ChoosingWhen)
        self._happen(asked.WhenChosen(later=answer == "later"), seen)
        self._happen(h.DataConfirmed(), seen)
        assert isinstance(self._inner, issuing.TakingPaper)
        assert self._inner.receipt
        self._desks.papers.confirm(self._inner.serial)
        seen.strips = len(self._roll.strips)
        rows = self._store.database.query(
            "SELECT kind, purpose, replaces, state, wish, reason, outcome, refusal, medium FROM paper_attempt"
        )
        seen.journal = [tuple(row) for row in rows]
        kinds = self._store.database.query("SELECT kind, fields FROM audit ORDER BY seq")
        seen.audit = [(str(kind), _SERIAL.sub("*", str(fields))) for kind, fields in kinds]
        return seen

    @property
    def _inner(self) -> object:
        return self._state.at if isinstance(self._state, application.Asking | application.Making) else self._state

    def _happen(self, event: Happening, seen: Seen) -> None:
        step = application.advance(self._state, event)
        self._state = step.state
        if not isinstance(self._state, application.ConfirmingData):  # it shows their own data
            seen.views.append(present(self._state, PLACE))
        self._perform(step.commands, seen)

    def _perform(self, commands: tuple[Command, ...], seen: Seen) -> None:
        for command in commands:
            queue: SimpleQueue[tuple[Event | None, Happening]] = SimpleQueue()
            work = self._desks.work(command, self._memory, lambda _: None)
            assert work is not None
            end = work(Ticket(Event(), queue, lambda: None, _of_visit=True))
            while not queue.empty():
                self._happen(queue.get()[1], seen)
            self._happen(end, seen)


@pytest.fixture(scope="module")
def seen(session: RecordsSession, told: Records, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Each reason at a kiosk of its own."""
    found = {}
    for reason, (card, _, answer) in REASONS.items():
        folder = tmp_path_factory.mktemp(reason)
        lines = _Lines()
        logging.getLogger().addHandler(lines)
        with store_on(folder / "kiosk.db", SystemClock()) as store:
            found[reason] = Counter(session, store, folder).serve(proven(session, told, card), answer)
        logging.getLogger().removeHandler(lines)
        found[reason].log = lines.lines
    return found


class _Lines(logging.Handler):
    """Keeps what the kiosk logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("kiosk", "terminal", "backend_client", "forms", "devices")):
            self.lines.append(f"{record.levelname} {record.name} {_SERIAL.sub('*', record.getMessage())}")


@pytest.mark.parametrize("reason", [each for each in REASONS if each != "lot"])
def test_no_reason_for_a_receipt_shows_at_the_kiosk(seen: dict[str, Seen], reason: str) -> None:
    """Screens word for word, journal rows, audit rows and log lines; of each, nothing but serials and times differ."""
    assert seen[reason] == seen["lot"]


def test_there_is_something_to_compare(seen: dict[str, Seen]) -> None:
    """Progress, the receipt with when, where and what to bring; a settled row; what was read, begun, printed, taken."""
    lot = seen["lot"]
    assert "3 个工作日" in repr(lot.views[-1])
    assert lot.strips == 1
    assert [row[0] for row in lot.journal] == ["no_criminal_record"]
    assert "receipt" not in repr((lot.journal, lot.audit, lot.log))
    assert {kind for kind, _ in lot.audit} >= {"record-read", "paper-begun", "paper-printed", "paper-confirmed"}
