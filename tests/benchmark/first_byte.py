"""From the last tap (这些都对) to the first byte of the paper at its printer: real records over TLS, a journal on disk,
both printers' drivers. Against the bare sum of what cannot be left out, each done by itself in the same run.

Somebody listens on the line between driver and printer, and notes when a document begins to pass.
"""

import base64
import select
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self, TypeVar
from uuid import uuid4

from backend_client.contract.papers import Reserve, SealRequest, VoidReason
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from devices.page_printer.driver import IppPagePrinter
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from forms.fonts import preload
from forms.paper import Medium, PaperKind
from forms.placement import seal_place
from forms.render import render
from forms.signature import Evidence, prepare
from kiosk.flows import application, details
from kiosk.flows import happenings as h
from kiosk.flows.base import Event as FlowEvent
from kiosk.flows.errand import Errand, Service
from kiosk.flows.identity import Offers
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.printers import PageOutlet, StripOutlet
from kiosk.store.journal import MIGRATIONS, Journal
from simulators.page_printer import SimulatedPagePrinter
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter
from terminal.jobs import Jobs
from terminal.store.database import Database
from tests.support.identification import proven_subject
from tests.support.issuing import Kiosk, OnPages, assemble
from tests.support.records_client import DENG, Card
from tests.support.records_server import RecordsServer, free_port, quick_settings, running_records

_ROUNDS = 12  # and one to warm up
_BEGINS = {Medium.PAGE: b"%PDF-", Medium.STRIP: b"\x1dv0\x00"}  # a PDF; the first band of dots
_KIND, _PURPOSE = PaperKind.HOUSEHOLD_CERTIFICATE, "move_hukou"
_WAIT_S = 30.0

T = TypeVar("T")


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, the whole over its parts, both). The fastest round of each counts, in turns."""
    preload()
    with tempfile.TemporaryDirectory() as folder, _room(Path(folder)) as rooms:
        for room in rooms:
            rounds = [(room.whole(), room.parts()) for _ in range(_ROUNDS + 1)][1:]
            whole = min(each for each, _ in rounds)
            parts = {name: min(each[name] for _, each in rounds) for name in rounds[0][1]}
            facts = ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in parts.items())
            yield (
                f"last tap to first byte at the printer, {room.medium}: {whole:.0f} ms / its bare parts",
                whole / sum(parts.values()),
                f"{sum(parts.values()):.0f} ms: {facts}",
            )


class _Tap:
    """A context manager: ``port`` leads to ``target``. ``seen`` is set, and ``at`` says when, as soon as what is
    listened for has passed towards it."""

    def __init__(self, target: int, listens_for: bytes) -> None:
        self.seen, self.at = Event(), 0.0
        self._target, self._listens_for = target, listens_for
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._left = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()
        self._server.close()

    def _run(self) -> None:
        pairs: dict[socket.socket, tuple[socket.socket, bool]] = {}
        while not self._left.is_set():
            for ready in select.select([self._server, *pairs], [], [], 0.02)[0]:
                if ready is self._server:
                    self._take(pairs)
                elif ready in pairs:
                    self._carry(ready, pairs)
        for each in pairs:
            each.close()

    def _take(self, pairs: dict[socket.socket, tuple[socket.socket, bool]]) -> None:
        caller, _ = self._server.accept()
        printer = socket.create_connection(("127.0.0.1", self._target))
        for each in (caller, printer):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pairs[caller], pairs[printer] = (printer, True), (caller, False)

    def _carry(self, ready: socket.socket, pairs: dict[socket.socket, tuple[socket.socket, bool]]) -> None:
        other, to_printer = pairs[ready]
        data = b""
        with suppress(OSError):
            data = ready.recv(65536)
            if to_printer and not self.seen.is_set() and self._listens_for in data:
                self.at = time.perf_counter()
                self.seen.set()
            other.sendall(data)
        if not data:
            for each in (ready, other):
                del pairs[each]
                each.close()


@dataclass(frozen=True)
class _Room:
    """A kiosk with one medium."""

    medium: Medium
    session: RecordsSession
    kiosk: Kiosk
    outlet: PageOutlet | StripOutlet
    tap: _Tap
    subject: str

    def whole(self) -> float:
        """Milliseconds, as the conductor does it: an event, a state, a command, a job."""
        jobs: Jobs[FlowEvent] = Jobs(lambda: None, workers=1)
        desk, memory = PaperDesk(self.kiosk.issue), VisitMemory(subject=self.subject)
        began = self._listen()
        (command,) = application.advance(_CONFIRMING, h.DataConfirmed()).commands
        assert isinstance(command, h.MakePaper)
        jobs.run(
            lambda ticket: desk.make(command, memory, ticket.report, ticket.cancel), lambda _: h.JobFailed("unexpected")
        )
        took = self._heard(began)
        while not (ended := [each for each in jobs.drain() if not isinstance(each, h.IssueAdvanced)]):
            time.sleep(0.01)
        assert isinstance(ended[0], h.PaperPrinted), ended
        desk.confirm(ended[0].serial)
        jobs.close()
        return took

    def parts(self) -> dict[str, float]:
        """Milliseconds of each step by itself."""
        reserve_ms, reserved = _timed(lambda: self.session.reserve(_request(self.subject), uuid4()))
        paper, material = reserved.paper, reserved.validation
        evidence = Evidence.from_base64(material.certificates, material.revocation_lists)
        place = seal_place(paper, self.medium)
        drawn_ms, prepared = _timed(
            lambda: prepare(render(paper, reserved.code, self.medium), paper.issued_at, evidence, place)
        )
        request = SealRequest(digest=base64.b64encode(prepared.digest).decode())
        seal_ms, answer = _timed(lambda: self.session.seal(paper.serial, request, uuid4()))
        journal_ms, _ = _timed(self._rows)
        document = prepared.fill(base64.b64decode(answer.cms))
        began = self._listen()
        self.outlet.health()
        self.outlet.print(document, lambda *_: None, Event())
        printer_ms = self._heard(began)
        self.session.void_paper(paper.serial, VoidReason.UNREADABLE, uuid4())
        asked = "questions to the printer" + (" and dots" if self.medium is Medium.STRIP else "")
        return {"records": reserve_ms + seal_ms, "drawing": drawn_ms, "four rows": journal_ms, asked: printer_ms}

    def _rows(self) -> None:
        journal = self.kiosk.journal
        attempt = journal.begin(_KIND, _PURPOSE)
        attempt = journal.sealed(journal.reserved(attempt, uuid4().hex), bytes(32))
        journal.release(journal.spooled(attempt))

    def _listen(self) -> float:
        self.tap.seen.clear()
        return time.perf_counter()

    def _heard(self, began: float) -> float:
        assert self.tap.seen.wait(_WAIT_S), "nothing came to the printer"
        return (self.tap.at - began) * 1000


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return (time.perf_counter() - began) * 1000, done


def _request(subject: str) -> Reserve:
    return Reserve(subject=subject, kind=_KIND, purpose=_PURPOSE)


_SERVICE = Service(_KIND.value, (h.Purpose(_PURPOSE, (("zh", "迁移户口"),)),))
_CONFIRMING = application.ConfirmingData(
    details.Case(Errand(_SERVICE, _SERVICE.purposes[0], Offers((), date(2026, 11, 22))), h.OwnData(()))
)


@contextmanager
def _room(folder: Path) -> Iterator[tuple[_Room, ...]]:
    """Records, two printers, and in between whoever listens."""
    state = SimulatedState(folder / "sim")
    with (
        running_records(folder, quick_settings()) as server,
        SimulatedPagePrinter(state.folder, page_port := free_port(), folder / "tray", sheet_seconds=0.05),
        SimulatedThermalPrinter(state, folder / "strips", rows_a_second=20_000.0) as roll,
        _Tap(page_port, _BEGINS[Medium.PAGE]) as pages,
        _Tap(roll.port, _BEGINS[Medium.STRIP]) as strips,
    ):
        page = IppPagePrinter(f"ipp://localhost:{pages.port}/ipp/print", poll=0.05)
        strip: Any = EscPosStripPrinter(f"tcp://127.0.0.1:{strips.port}", StripModel())
        session, subject = _resident(server)
        database = Database(folder / "kiosk.db", MIGRATIONS)
        journal = Journal(database, SystemClock())
        outlets: tuple[tuple[PageOutlet | StripOutlet, _Tap], ...]
        outlets = (PageOutlet(page), pages), (StripOutlet(strip), strips)

        def kiosk(medium: Medium) -> Kiosk:
            return assemble(database, journal, session, page, strip, OnPages((medium,)))

        try:
            yield tuple(_Room(at.medium, session, kiosk(at.medium), at, tap, subject) for at, tap in outlets)
        finally:
            database.close()
            session.close()


def _resident(server: RecordsServer) -> tuple[RecordsSession, str]:
    """An enrolled kiosk, before which somebody stands whose identity is proven."""
    identity = server.enrol()
    session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    card = Card(DENG.name, DENG.id_number, DENG.birth_date, date(2038, 5, 2))
    return session, proven_subject(session, identity.key, card, "visit-00000001", datetime.now(UTC))
