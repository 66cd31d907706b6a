"""Issuing one paper exactly once: reserve, render, seal, print, each on the journal before it begins.

The order is in the types: Reserved -> Sealed -> Printed. A step that fails ends the attempt with a wish for records
(void, and why), which is told at once if records answer and by Settle if not. The document lives in memory and on the
wire to the printer, nowhere else.
"""

import base64
import binascii
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from threading import Event

from backend_client.contract.papers import Reservation, Reserve, SealRequest, VoidReason
from backend_client.contract.persons import HouseholdRecord
from backend_client.errors import RecordsProtocolError, RecordsUnreachableError
from backend_client.session import RecordsSession
from civic.errors import CodedError
from devices.page_printer.api import NotPrinted, PagePrinter, PrinterReason, PrintStage
from forms.errors import MissingGlyphError
from forms.fonts import missing_characters
from forms.render import render
from forms.signature import Evidence, prepare
from kiosk.services.tell import VOID_REASONS, TellRecords
from kiosk.store.journal import Attempt, AttemptState, IllegalTransitionError, Journal
from terminal.store.audit import Audit, AuditKind

_AT_THE_PRINTER = (AttemptState.SPOOLED, AttemptState.PRINTED)


class IssueStage(StrEnum):
    """What is being done for the resident now."""

    RESERVING = "reserving"
    RENDERING = "rendering"
    SEALING = "sealing"
    PRINTING = "printing"


@dataclass(frozen=True, slots=True)
class IssueProgress:
    """``print_stage`` and ``printer`` say more while PRINTING."""

    stage: IssueStage
    print_stage: PrintStage | None = None
    printer: PrinterReason = PrinterReason.OK


Report = Callable[[IssueProgress], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """The printer says that the paper is out. Ask the resident, then ``confirm`` or ``reject``."""

    serial: str


@dataclass(frozen=True, slots=True)
class NotIssued:
    """No paper counts. ``reason``: an error's code, ``cancelled``, or ``printer-`` and the printer's reason.

    ``serial`` is None when none was reserved. ``paper_may_be_out``: a sheet may lie in the tray, and it is void.
    """

    reason: str
    serial: str | None
    paper_may_be_out: bool


class _StoppedError(CodedError):
    """The attempt ends here, for a reason that is no error of ours."""

    def __init__(self, reason: str, *, paper_may_be_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.paper_may_be_out = paper_may_be_out


@dataclass(frozen=True, slots=True)
class _Reserved:
    attempt: Attempt
    reservation: Reservation


@dataclass(frozen=True, slots=True, repr=False)
class _Sealed:
    attempt: Attempt
    document: bytes


class IssuePaper:
    """Blocking; call it from a job. Thread-safe."""

    def __init__(self, session: RecordsSession, journal: Journal, printer: PagePrinter, audit: Audit) -> None:
        self._session = session
        self._journal = journal
        self._printer = printer
        self._audit = audit
        self._teller = TellRecords(session, journal, audit)

    def preflight(self, record: HouseholdRecord | None = None) -> tuple[str, ...]:
        """Every reason why a paper could not come out now, before a serial is spent on it; empty: go on."""
        health = self._printer.health()
        reasons = () if health.works else (f"printer-{health.reason}",)
        if record is not None and missing_characters("".join(_texts(record))):
            return (*reasons, MissingGlyphError.code)
        return reasons

    def run(self, request: Reserve, report: Report, cancel: Event) -> Issued | NotIssued:
        """Make and print one paper. Expected failures are results; whatever happens, the serial ends as one thing."""
        attempt = self._journal.begin(request.kind, request.purpose, request.replaces)
        try:
            self._audit.append(AuditKind.PAPER_BEGUN, paper=request.kind.value, purpose=request.purpose)
            reserved = self._reserve(attempt, request, report, cancel)
            return self._print(self._seal(reserved, report, cancel), report, cancel)
        except _StoppedError as stop:
            return self._give_up(attempt, stop.reason, paper_may_be_out=stop.paper_may_be_out)
        except CodedError as error:
            return self._give_up(attempt, error.code)
        except Exception:
            self._give_up(attempt, CodedError.code)
            raise
        except BaseException:  # the process is ending: what the row says is decided at the next start
            self._journal.release(attempt)
            raise

    def confirm(self, serial: str) -> bool:
        """The paper is in the resident's hand (or nobody said otherwise). True: records know already."""
        self._audit.append(AuditKind.PAPER_CONFIRMED, serial=serial)
        return self._tell_now(self._journal.wish_delivered(self._find(serial)))

    def reject(self, serial: str, reason: VoidReason) -> bool:
        """The resident says NOT_RECEIVED or UNREADABLE: the serial is void. True: records know already."""
        self._audit.append(AuditKind.PAPER_REJECTED, serial=serial, reason=reason.value)
        return self._tell_now(self._journal.wish_void(self._find(serial), reason))

    # --- the steps: each begins when its row is on the disk ---

    def _reserve(self, attempt: Attempt, request: Reserve, report: Report, cancel: Event) -> _Reserved:
        report(IssueProgress(IssueStage.RESERVING))
        reservation = self._session.reserve(request, attempt.key)
        attempt = self._journal.reserved(attempt, reservation.serial)
        if reservation.paper.serial != reservation.serial:
            raise RecordsProtocolError("the page's serial is another")
        _stop_if(cancel)
        return _Reserved(attempt, reservation)

    def _seal(self, reserved: _Reserved, report: Report, cancel: Event) -> _Sealed:
        paper, serial = reserved.reservation.paper, reserved.reservation.serial
        report(IssueProgress(IssueStage.RENDERING))
        validation = reserved.reservation.validation
        evidence = Evidence.from_base64(validation.certificates, validation.revocation_lists)
        prepared = prepare(render(paper, reserved.reservation.code), paper.issued_at, evidence)
        _stop_if(cancel)
        report(IssueProgress(IssueStage.SEALING))
        request = SealRequest(digest=base64.b64encode(prepared.digest).decode())
        answer = self._session.seal(serial, request, reserved.attempt.key_for("seal"))
        attempt = self._journal.sealed(reserved.attempt, prepared.digest)
        _stop_if(cancel)
        return _Sealed(attempt, prepared.fill(_container(answer.cms)))

    def _print(self, sealed: _Sealed, report: Report, cancel: Event) -> Issued:
        attempt = self._journal.spooled(sealed.attempt)

        def printing(stage: PrintStage, reason: PrinterReason) -> None:
            report(IssueProgress(IssueStage.PRINTING, stage, reason))

        printing(PrintStage.SENDING, PrinterReason.OK)
        result = self._printer.print_pdf(sealed.document, printing, cancel)
        if isinstance(result, NotPrinted):
            reason = "cancelled" if cancel.is_set() else f"printer-{result.reason}"
            raise _StoppedError(reason, paper_may_be_out=result.paper_may_be_out)
        attempt = self._journal.printed(attempt)
        if cancel.is_set():  # whoever was to be asked has left, and nobody hears this result: Settle decides
            self._journal.release(attempt)
        serial = attempt.serial or ""
        self._audit.append(AuditKind.PAPER_PRINTED, serial=serial, count=result.sheets)
        return Issued(serial)

    # --- the end of an attempt that failed ---

    def _give_up(self, attempt: Attempt, reason: str, *, paper_may_be_out: bool | None = None) -> NotIssued:
        """Wish the serial void for what may have happened. ``paper_may_be_out`` None: the row says."""
        try:
            now = self._journal.get(attempt)
            doubtful = now.state in _AT_THE_PRINTER if paper_may_be_out is None else paper_may_be_out
            wished = self._journal.wish_void(now, _void_reason(now, doubtful=doubtful))
        finally:
            self._journal.release(attempt)
        known = {"serial": now.serial} if now.serial else {}
        self._audit.append(
            AuditKind.PAPER_FAILED, step=now.state.value, reason=reason, paper_may_be_out=doubtful, **known
        )
        if reason != RecordsUnreachableError.code:
            self._tell_now(wished)
        return NotIssued(reason, now.serial, doubtful)

    def _tell_now(self, attempt: Attempt) -> bool:
        with suppress(RecordsUnreachableError):
            return self._teller.tell(attempt).state is AttemptState.SETTLED
        return False

    def _find(self, serial: str) -> Attempt:
        attempt = self._journal.find(serial)
        if attempt is None:
            raise IllegalTransitionError("no such serial")
        return attempt


def _void_reason(attempt: Attempt, *, doubtful: bool) -> VoidReason:
    if attempt.state in _AT_THE_PRINTER:
        return VoidReason.PRINT_DOUBTFUL if doubtful else VoidReason.NOT_PRINTED
    return VOID_REASONS[attempt.state]


def _stop_if(cancel: Event) -> None:
    if cancel.is_set():
        raise _StoppedError("cancelled")


def _container(cms: str) -> bytes:
    try:
        return base64.b64decode(cms, validate=True)
    except binascii.Error:
        raise RecordsProtocolError("the seal is no base64") from None


def _texts(record: HouseholdRecord) -> list[str]:
    return [value for _, value in record if isinstance(value, str)]
