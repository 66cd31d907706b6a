"""Issuing one paper exactly once: reserve, render, seal, print, each on the journal before it begins.

Which printer it will be is decided before a serial is spent on it, and written down with everything else. The order is
in the types: Reserved -> Sealed -> Printed. A step that fails ends the attempt with a wish for records (void, and why),
which is told at once if records answer and by Settle if not. The document lives in memory and on the wire to the
printer, nowhere else.
"""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from backend_client.contract.papers import Reservation, Reserve, SealRequest, VoidReason
from backend_client.contract.persons import HouseholdRecord
from backend_client.errors import RecordsProtocolError, RecordsUnreachableError
from backend_client.session import RecordsSession
from civic.errors import CodedError
from devices.page_printer.api import PrinterReason
from devices.printing import PrintStage
from forms.errors import FormsError, MissingGlyphError
from forms.fonts import missing_characters
from forms.paper import LaterReceipt, Medium, Paper, PaperKind
from forms.placement import fits, seal_place
from forms.render import render
from forms.signature import Evidence, Prepared, prepare
from kiosk.services import draft
from kiosk.services.issued import Issued, IssueProgress, IssueStage, NotIssued, PaperMedia, Report
from kiosk.services.printers import NotOut, Outlet, Printers, Reason
from kiosk.services.tell import VOID_REASONS, TellRecords
from kiosk.store.journal import Attempt, AttemptState, IllegalTransitionError, Journal
from terminal.store.audit import Audit, AuditKind

_AT_THE_PRINTER = (AttemptState.SPOOLED, AttemptState.PRINTED)


class _StoppedError(CodedError):
    """The attempt ends here, for a reason that is no error of ours."""

    def __init__(self, reason: str, *, paper_may_be_out: bool = False, taken_back: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.paper_may_be_out = paper_may_be_out
        self.taken_back = taken_back


@dataclass(frozen=True, slots=True)
class _Reserved:
    attempt: Attempt
    reservation: Reservation
    outlet: Outlet


@dataclass(frozen=True, slots=True, repr=False)
class _Sealed:
    attempt: Attempt
    document: bytes
    outlet: Outlet
    receipt: bool


class IssuePaper:
    """Blocking; call it from a job. Thread-safe."""

    def __init__(
        self, session: RecordsSession, journal: Journal, printers: Printers, media: PaperMedia, audit: Audit
    ) -> None:
        self._session = session
        self._journal = journal
        self._printers = printers
        self._media = media
        self._audit = audit
        self._teller = TellRecords(session, journal, audit)

    def preflight(
        self, record: HouseholdRecord | None = None, kind: PaperKind = PaperKind.HOUSEHOLD_CERTIFICATE
    ) -> tuple[str, ...]:
        """Every reason why a paper could not come out now, before a serial is spent on it; empty: go on."""
        chosen = self._printers.choose(self._media.media(kind))
        broken = (f"printer-{chosen}",) if isinstance(chosen, str) else ()
        if record is None:
            return broken
        if missing_characters("".join(_texts(record))):
            return (*broken, MissingGlyphError.code)
        words = self._media.words(kind)
        medium = Medium.PAGE if isinstance(chosen, str) else chosen.medium
        unset = draft.obstacle(record, kind, words, medium) if words else ""
        return (*broken, unset) if unset else broken

    def run(self, request: Reserve, report: Report, cancel: Event) -> Issued | NotIssued:
        """Make and print one paper. Expected failures are results; whatever happens, the serial ends as one thing."""
        outlet = self._printers.choose(self._media.media(request.kind))
        if isinstance(outlet, str):
            return self._not_begun(request, f"printer-{outlet}")
        attempt = self._journal.begin(request.kind, request.purpose, request.replaces, outlet.medium)
        try:
            self._audit.append(AuditKind.PAPER_BEGUN, paper=request.kind.value, purpose=request.purpose)
            reserved = self._reserve(attempt, request, outlet, report, cancel)
            return self._print(self._seal(reserved, report, cancel), report, cancel)
        except _StoppedError as stop:
            return self._give_up(attempt, stop.reason, stop)
        except CodedError as error:
            return self._give_up(attempt, error.code)
        except Exception:
            self._give_up(attempt, CodedError.code)
            raise
        except BaseException:  # the process is ending: what the row says is decided at the next start
            self._journal.release(attempt)
            raise

    def _not_begun(self, request: Reserve, reason: str) -> NotIssued:
        """No printer works: no serial is spent on it."""
        self._audit.append(AuditKind.PAPER_FAILED, paper=request.kind.value, step="none", reason=reason)
        return NotIssued(reason, None, paper_may_be_out=False)

    def confirm(self, serial: str) -> bool:
        """The paper is in the resident's hand (or nobody said otherwise). True: records know already."""
        self._audit.append(AuditKind.PAPER_CONFIRMED, serial=serial)
        return self._tell_now(self._journal.wish_delivered(self._find(serial)))

    def note_not_taken(self, serial: str) -> None:
        """The paper lies where it came out, and was called out."""
        self._audit.append(AuditKind.PAPER_NOT_TAKEN, serial=serial)

    def reject(self, serial: str, reason: VoidReason) -> bool:
        """The resident says NOT_RECEIVED or UNREADABLE: the serial is void. True: records know already."""
        self._audit.append(AuditKind.PAPER_REJECTED, serial=serial, reason=reason.value)
        return self._tell_now(self._journal.wish_void(self._find(serial), reason))

    # --- the steps: each begins when its row is on the disk ---

    def _reserve(self, attempt: Attempt, request: Reserve, outlet: Outlet, report: Report, cancel: Event) -> _Reserved:
        report(IssueProgress(IssueStage.RESERVING, outlet.device))
        reservation = self._session.reserve(request, attempt.key)
        outlet = self._outlet_of(reservation.paper, request.kind, outlet)
        attempt = self._journal.reserved(attempt, reservation.serial, outlet.medium)
        if reservation.paper.serial != reservation.serial:
            raise RecordsProtocolError("the page's serial is another")
        _stop_if(cancel)
        return _Reserved(attempt, reservation, outlet)

    def _outlet_of(self, paper: Paper, kind: PaperKind, chosen: Outlet) -> Outlet:
        """Another printer, where the paper fits only on what that one prints. A receipt that stands for any answer has
        media of its own. Where none of them works, what was chosen does."""
        receipt = isinstance(paper, LaterReceipt)
        own = self._media.receipt_media(kind) if receipt else (chosen.medium, *self._media.media(kind))
        able = tuple(each for each in dict.fromkeys(own) if len(set(own)) == 1 or _settable(paper, each))
        if able[:1] == (chosen.medium,):
            return chosen
        found = self._printers.choose(able) if able else ""
        return chosen if isinstance(found, str) else found

    def _seal(self, reserved: _Reserved, report: Report, cancel: Event) -> _Sealed:
        paper, serial, outlet = reserved.reservation.paper, reserved.reservation.serial, reserved.outlet
        report(IssueProgress(IssueStage.RENDERING, outlet.device))
        prepared = _prepared(reserved.reservation, outlet.medium)
        _stop_if(cancel)
        report(IssueProgress(IssueStage.SEALING, outlet.device))
        request = SealRequest(digest=base64.b64encode(prepared.digest).decode())
        answer = self._session.seal(serial, request, reserved.attempt.key_for("seal"))
        attempt = self._journal.sealed(reserved.attempt, prepared.digest)
        _stop_if(cancel)
        document = prepared.fill(_container(answer.cms))
        return _Sealed(attempt, document, outlet, receipt=isinstance(paper, LaterReceipt))

    def _print(self, sealed: _Sealed, report: Report, cancel: Event) -> Issued:
        outlet = sealed.outlet
        attempt = self._journal.spooled(sealed.attempt)

        def printing(stage: PrintStage, reason: Reason) -> None:
            report(IssueProgress(IssueStage.PRINTING, outlet.device, stage, reason))

        printing(PrintStage.SENDING, PrinterReason.OK)
        result = outlet.print(sealed.document, printing, cancel)
        if isinstance(result, NotOut):
            reason = "cancelled" if cancel.is_set() else f"printer-{result.reason}"
            raise _StoppedError(reason, paper_may_be_out=result.may_be_out, taken_back=result.taken_back)
        attempt = self._journal.printed(attempt)
        if cancel.is_set():  # whoever was to be asked has left, and nobody hears this result: Settle decides
            self._journal.release(attempt)
        serial = attempt.serial or ""
        self._audit.append(AuditKind.PAPER_PRINTED, serial=serial, device=outlet.device, count=result.sheets)
        return Issued(serial, outlet.medium, sealed.receipt)

    # --- the end of an attempt that failed ---

    def _give_up(self, attempt: Attempt, reason: str, stop: _StoppedError | None = None) -> NotIssued:
        """Wish the serial void for what may have happened. ``stop`` None: the row says."""
        try:
            now = self._journal.get(attempt)
            doubtful = stop.paper_may_be_out if stop else now.state in _AT_THE_PRINTER
            wished = self._journal.wish_void(now, _void_reason(now, stop, doubtful=doubtful))
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


def _void_reason(attempt: Attempt, stop: _StoppedError | None, *, doubtful: bool) -> VoidReason:
    if stop is not None and stop.taken_back:
        return VoidReason.NOT_TAKEN
    if attempt.state in _AT_THE_PRINTER:
        return VoidReason.PRINT_DOUBTFUL if doubtful else VoidReason.NOT_PRINTED
    return VOID_REASONS[attempt.state]


def _settable(paper: Paper, medium: Medium) -> bool:
    """Whether it fits; what else keeps it from being drawn is said when it is drawn."""
    try:
        return fits(paper, medium)
    except FormsError:
        return True


def _prepared(reservation: Reservation, medium: Medium) -> Prepared:
    """The paper, drawn and measured. The dots of a strip are those of its PDF: one digest is sealed for a serial."""
    paper, material = reservation.paper, reservation.validation
    evidence = Evidence.from_base64(material.certificates, material.revocation_lists)
    return prepare(render(paper, reservation.code, medium), paper.issued_at, evidence, seal_place(paper, medium))


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
