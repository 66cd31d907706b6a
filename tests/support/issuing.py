"""What issuing meets at its far ends, in memory: records that keep their rules, and a printer that keeps its paper."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, cast
from uuid import UUID

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.papers import (
    PaperAnswer,
    PaperState,
    Reservation,
    Reserve,
    SealAnswer,
    SealRequest,
    VoidReason,
)
from backend_client.errors import RecordsError, refusal
from backend_client.session import RecordsSession
from devices.health import Health, Level
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage, Progress
from devices.thermal_printer.api import NotPrinted as StripNotPrinted
from devices.thermal_printer.api import Progress as StripProgress
from devices.thermal_printer.api import Strip, StripReason
from forms.code import CodeKey, sign_code
from forms.paper import Medium, Paper
from forms.signature import make_cms
from kiosk.services.draft import PaperWords
from kiosk.services.issue import IssuePaper
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from kiosk.services.settle import Settle
from kiosk.store.journal import MIGRATIONS, Journal
from terminal.store.audit import Audit
from terminal.store.database import Database
from tests.support.clocks import NOW, StillClock
from tests.support.papers import FULL
from tests.support.pki import Pki, make_pki


@cache
def pki() -> Pki:
    """One set of keys for all tests."""
    return make_pki()


def refused(code: ProblemCode, *, retryable: bool = False) -> RecordsError:
    """Records say no."""
    return refusal(Problem(type="", title="", status=409, code=code, retryable=retryable))


@dataclass(slots=True)
class MemoryRecords:
    """The rules of backend_client.contract.papers without a network. ``fails``: method -> what it raises instead.

    ``deaf``: it does what it is asked, and the answer is lost. ``paper``: what it gives a serial to.
    """

    states: dict[str, PaperState] = field(default_factory=dict)
    keys: dict[UUID, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    deaf: dict[str, Exception] = field(default_factory=dict)
    paper: Paper = FULL

    def reserve(self, request: Reserve, key: UUID) -> Reservation:
        """A serial with a page and its code."""
        self._note("reserve", str(key))
        if self.keys.get(key) == "":
            raise refused(ProblemCode.RESERVATION_VOID)
        serial = self.keys.setdefault(key, f"2026-0001-{len(self.keys):06}-00")
        self.states.setdefault(serial, PaperState.RESERVED)
        self._lose("reserve")
        paper = replace(self.paper, serial=serial, purpose=request.purpose)
        return Reservation(server_time=NOW, serial=serial, paper=paper, code=sign_code(paper, CodeKey(pki().code.key)))

    def seal(self, serial: str, request: SealRequest, key: UUID) -> SealAnswer:
        """A real signature over the digest."""
        self._note("seal", str(key))
        self._require_open(serial)
        self.states[serial] = PaperState.SEALED
        self._lose("seal")
        own = pki().document
        cms = make_cms(base64.b64decode(request.digest), own.key, own.certificate)
        return SealAnswer(server_time=NOW, cms=base64.b64encode(cms).decode())

    def delivered(self, serial: str, key: UUID) -> PaperAnswer:
        """Handed over."""
        self._note("delivered", str(key))
        if self.states[serial] is PaperState.VOID:
            raise refused(ProblemCode.PAPER_VOID)
        return self._end("delivered", serial, PaperState.DELIVERED)

    def void_paper(self, serial: str, reason: VoidReason, key: UUID) -> PaperAnswer:
        """Does not count."""
        self._note(f"void {reason}", str(key))
        if self.states[serial] is PaperState.DELIVERED:
            raise refused(ProblemCode.PAPER_DELIVERED)
        return self._end("void_paper", serial, PaperState.VOID)

    def void_reservation(self, reserved_by: UUID, reason: VoidReason, key: UUID) -> PaperAnswer:
        """Whatever the key reserved does not count."""
        self._note(f"void {reason}", str(key))
        return self._end("void_reservation", self.keys.setdefault(reserved_by, ""), PaperState.VOID)

    def _require_open(self, serial: str) -> None:
        if self.states[serial] is PaperState.VOID:
            raise refused(ProblemCode.PAPER_VOID)

    def _end(self, name: str, serial: str, state: PaperState) -> PaperAnswer:
        if serial:
            self.states[serial] = state
        self._lose(name)
        return PaperAnswer(server_time=NOW, serial=serial, state=state)

    def _note(self, call: str, key: str) -> None:
        self.calls.append((call, key))
        failure = self.fails.get("*") or self.fails.get(call.split(maxsplit=1)[0])
        if failure is not None:
            raise failure

    def _lose(self, name: str) -> None:
        if name in self.deaf:
            raise self.deaf.pop(name)


@dataclass(slots=True)
class TrayPrinter:
    """Paper lies in ``tray``: one file for each sheet, on another disk than the kiosk's. ``result`` is what it says."""

    tray: Path
    result: Printed | NotPrinted | Exception = field(default_factory=lambda: Printed(1))
    down: PrinterReason | None = None
    cleared: int = 0
    clear_fails: Exception | None = None

    def health(self) -> Health:
        """Ready unless ``down``."""
        reason = self.down or PrinterReason.OK
        return Health("page_printer", Level.DOWN if self.down else Level.READY, reason.value)

    def print_pdf(self, pdf: bytes, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """Put a sheet in the tray, unless the result says that none was begun."""
        if cancel.is_set():
            return NotPrinted(PrinterReason.OK, paper_may_be_out=False)
        progress(PrintStage.PRINTING, PrinterReason.OK)
        if isinstance(self.result, Exception):
            raise self.result
        if isinstance(self.result, Printed) or self.result.paper_may_be_out:
            self.tray.mkdir(parents=True, exist_ok=True)
            (self.tray / f"{len(list(self.tray.iterdir())) + 1}.pdf").write_bytes(pdf)
        return self.result

    def cancel_all_own_jobs(self) -> int:
        """Nothing ever waits here; counted."""
        if self.clear_fails is not None:
            raise self.clear_fails
        self.cleared += 1
        return 0

    @property
    def sheets(self) -> list[bytes]:
        """What lies in the tray."""
        return [sheet.read_bytes() for sheet in sorted(self.tray.glob("*.pdf"))]


@dataclass(slots=True)
class RollPrinter:
    """Strips hang from it in ``strips``; ``result`` is what it says."""

    strips: list[Strip] = field(default_factory=list)
    result: Printed | StripNotPrinted = field(default_factory=lambda: Printed(1))
    down: StripReason | None = None

    def health(self) -> Health:
        """Ready unless ``down``."""
        reason = self.down or StripReason.OK
        return Health("thermal_printer", Level.DOWN if self.down else Level.READY, reason.value)

    def print_strip(self, strip: Strip, progress: StripProgress, _: Event) -> Printed | StripNotPrinted:
        """One more."""
        progress(PrintStage.PRINTING, StripReason.OK)
        self.strips.append(strip)
        return self.result

    def print_text(self, *_: object) -> Printed | StripNotPrinted:
        """Nothing of ours is ever set in a printer's own type."""
        raise AssertionError


@dataclass(frozen=True, slots=True)
class OnPages:
    """A policy that prints everything on pages, unless told otherwise."""

    papers: tuple[Medium, ...] = (Medium.PAGE,)
    receipts: tuple[Medium, ...] = (Medium.PAGE,)

    def media(self, _service: str) -> tuple[Medium, ...]:
        """A service's paper."""
        return self.papers

    def receipt_media(self, _service: str) -> tuple[Medium, ...]:
        """The receipt that may come in its stead."""
        return self.receipts

    def words(self, _service: str) -> PaperWords | None:
        """What it says."""
        return PaperWords(FULL.wording, FULL.issuer, (FULL.purpose,))


@dataclass(slots=True)
class Kiosk:
    """The parts of a kiosk that issue papers, on one store."""

    database: Database
    journal: Journal
    audit: Audit
    issue: IssuePaper
    settle: Settle


@contextmanager
def kiosk_on(
    path: Path,
    session: RecordsSession | MemoryRecords,
    printer: TrayPrinter,
    strips: Any = None,
    media: OnPages | None = None,
) -> Iterator[Kiosk]:
    """A kiosk as the composition root makes it; closed when the block is left."""
    database = Database(path, MIGRATIONS)
    try:
        yield assemble(database, Journal(database, StillClock()), session, printer, strips, media)
    finally:
        database.close()


def assemble(
    database: Database, journal: Journal, session: Any, printer: Any, strips: Any = None, media: Any = None
) -> Kiosk:
    """Put the parts together; each of them may be a stand-in. ``strips``: a strip printer's driver."""
    audit = Audit(database, StillClock())
    records = cast("RecordsSession", session)
    printers = Printers(PageOutlet(printer), StripOutlet(strips) if strips else None)
    issue = IssuePaper(records, journal, printers, media or OnPages(), audit)
    return Kiosk(database, journal, audit, issue, Settle(records, journal, printers, audit))
