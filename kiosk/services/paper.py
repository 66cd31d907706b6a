"""What issuing says, in the words of the flow."""

from collections.abc import Callable
from threading import Event

from backend_client.contract.papers import Reserve, VoidReason, When
from backend_client.contract.persons import HouseholdRecord
from devices.printing import PrintStage
from forms.paper import PaperKind
from kiosk.flows import happenings as h
from kiosk.services.issue import IssuePaper
from kiosk.services.issued import Issued, IssueProgress
from kiosk.services.memory import VisitMemory
from kiosk.services.printers import printer_fault

_CODES = {
    "records-reissue-limit": "reissue-limit",
    "records-record-unclear": "record-unclear",
    "records-not-eligible": "not-eligible",
    "records-yearly-limit": "yearly-limit",
    "records-too-young": "too-young",
    "records-residence-unconfirmed": "residence-unconfirmed",
    "records-no-portrait": "no-portrait",
    "missing-glyph": "rare-character",
    "paper-too-long": "paper-too-long",
    "records-paper-too-long": "paper-too-long",
    "records-unreachable": "records-unreachable",
    "cancelled": "cancelled",
}
_PRINTER = "printer-"
_RECORDS = "records"


class PaperDesk:
    """Blocking; ``reject`` and ``confirm`` are on the disk when they return, whether records hear at once or later."""

    def __init__(self, issue: IssuePaper) -> None:
        self._issue = issue

    def obstacle(self, record: HouseholdRecord, kind: str = PaperKind.HOUSEHOLD_CERTIFICATE) -> str:
        """Why this paper could not come out now; empty: nothing."""
        reasons = self._issue.preflight(record, PaperKind(kind))
        return _code(reasons[0]) if reasons else ""

    def make(
        self, command: h.MakePaper, memory: VisitMemory, report: Callable[[h.IssueAdvanced], None], cancel: Event
    ) -> h.PaperPrinted | h.PaperNotPrinted:
        """Reserve, render, seal and print."""

        def tell(progress: IssueProgress) -> None:
            waits = printer_fault(progress.reason) if progress.print_stage is PrintStage.WAITING else ""
            report(h.IssueAdvanced(h.Stage(progress.stage.value), waits, progress.device))

        outcome = self._issue.run(_request(command, memory), tell, cancel)
        if isinstance(outcome, Issued):
            return h.PaperPrinted(outcome.serial, outcome.medium.value, outcome.receipt)
        return h.PaperNotPrinted(_code(outcome.reason), outcome.serial is not None, outcome.paper_may_be_out)

    def confirm(self, serial: str) -> None:
        """The paper is in the resident's hand, or nobody said otherwise."""
        self._issue.confirm(serial)

    def note_not_taken(self, serial: str) -> None:
        """It lies where it came out, and was called out. On the disk when this returns."""
        self._issue.note_not_taken(serial)

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
        replaces=command.replaces or memory.voided.get((asked.kind, asked.purpose_id, asked.person), ""),
        person=asked.person,
        members=asked.members,
        when=When.LATER if asked.later else When.NOW,
        dwelling=asked.dwelling,
    )


def _code(reason: str) -> str:
    """An issuing reason as one of the catalogue's ``ended.why``."""
    if reason in _CODES:
        return _CODES[reason]
    if reason.startswith(_PRINTER):
        return printer_fault(reason.removeprefix(_PRINTER))
    return "records-refused" if reason.startswith(_RECORDS) else "unexpected"
