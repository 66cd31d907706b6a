"""What issuing says, in the words of the flow."""

from collections.abc import Callable
from threading import Event

from backend_client.contract.papers import Reserve, VoidReason, When
from backend_client.contract.persons import HouseholdRecord
from devices.page_printer.api import PrinterReason, PrintStage
from forms.paper import PaperKind
from kiosk.flows import happenings as h
from kiosk.services.issue import Issued, IssuePaper, IssueProgress
from kiosk.services.memory import VisitMemory

_CODES = {
    "records-reissue-limit": "reissue-limit",
    "missing-glyph": "rare-character",
    "records-unreachable": "records-unreachable",
    "cancelled": "cancelled",
}
_PRINTER = "printer-"
_RECORDS = "records"
_STOPS_NOTHING = frozenset({PrinterReason.OK, PrinterReason.PAPER_LOW, PrinterReason.TONER_LOW})


class PaperDesk:
    """Blocking; ``reject`` and ``confirm`` are on the disk when they return, whether records hear at once or later."""

    def __init__(self, issue: IssuePaper) -> None:
        self._issue = issue

    def obstacle(self, record: HouseholdRecord) -> str:
        """Why this paper could not come out now; empty: nothing."""
        reasons = self._issue.preflight(record)
        return _code(reasons[0]) if reasons else ""

    def make(
        self, command: h.MakePaper, memory: VisitMemory, report: Callable[[h.IssueAdvanced], None], cancel: Event
    ) -> h.PaperPrinted | h.PaperNotPrinted:
        """Reserve, render, seal and print."""

        def tell(progress: IssueProgress) -> None:
            waits = progress.print_stage is PrintStage.WAITING
            report(h.IssueAdvanced(h.Stage(progress.stage.value), printer_fault(progress.printer) if waits else ""))

        outcome = self._issue.run(_request(command, memory), tell, cancel)
        if isinstance(outcome, Issued):
            return h.PaperPrinted(outcome.serial)
        return h.PaperNotPrinted(_code(outcome.reason), outcome.serial is not None, outcome.paper_may_be_out)

    def confirm(self, serial: str) -> None:
        """The paper is in the resident's hand, or nobody said otherwise."""
        self._issue.confirm(serial)

    def reject(self, serial: str, *, unreadable: bool) -> h.PaperRejected:
        """The paper did not reach the resident as it should: it is void."""
        self._issue.reject(serial, VoidReason.UNREADABLE if unreadable else VoidReason.NOT_RECEIVED)
        return h.PaperRejected()


def _request(command: h.MakePaper, memory: VisitMemory) -> Reserve:
    asked = command.application
    return Reserve(
        subject=memory.subject,
        kind=PaperKind(asked.kind),
        purpose=asked.purpose_id,
        replaces=command.replaces or memory.voided.get((asked.kind, asked.purpose_id), ""),
        person=asked.person,
        members=asked.members,
        when=When.LATER if asked.later else When.NOW,
        dwelling=asked.dwelling,
    )


def printer_fault(reason: PrinterReason) -> str:
    """What stands in a print's way, as far as the printer says: a warning alone (paper low) stops nothing."""
    return PrinterReason.OTHER.value if reason in _STOPS_NOTHING else reason.value


def _code(reason: str) -> str:
    """An issuing reason as one of the catalogue's ``ended.why``."""
    if reason in _CODES:
        return _CODES[reason]
    if reason.startswith(_PRINTER):
        return printer_fault(PrinterReason(reason.removeprefix(_PRINTER)))
    return "records-refused" if reason.startswith(_RECORDS) else "unexpected"
