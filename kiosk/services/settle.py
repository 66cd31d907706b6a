"""Deciding what an interruption left open, and telling records until they have answered.

The same at boot and at every sync: an attempt that nobody in this process works on and that has no wish is decided by
its state (docs/issuing.md); each printer is told once per start to drop whatever was ours; every untold wish is told.
"""

from dataclasses import dataclass
from threading import Lock

from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from devices.errors import DeviceError
from forms.paper import Medium
from kiosk.services.printers import Outlet, Printers
from kiosk.services.tell import VOID_REASONS, TellRecords
from kiosk.store.journal import Attempt, AttemptState, Journal, JournalCounts
from terminal.store.audit import Audit, AuditKind


@dataclass(frozen=True, slots=True)
class Settled:
    """What one run did, and what is open after it. ``reached``: records answered (True too when nothing was to say).
    ``queue_clear``: of the page printer; a strip printer that is not clear says itself that it is down."""

    decided: int
    told: int
    reached: bool
    queue_clear: bool
    open: JournalCounts


class Settle:
    """Thread-safe: one run at a time."""

    def __init__(self, session: RecordsSession, journal: Journal, printers: Printers, audit: Audit) -> None:
        self._journal = journal
        self._to_clear = {outlet.medium: outlet for outlet in printers.all()}
        self._audit = audit
        self._teller = TellRecords(session, journal, audit)
        self._lock = Lock()
        self._first = 0  # the id with which the next round of telling begins

    @property
    def queue_clear(self) -> bool:
        """Whether no page from before this start can still come out. Until then none should be printed."""
        return Medium.PAGE not in self._to_clear

    def run(self) -> Settled:
        """Decide, clear, tell. Records or a printer that is away, or one row that fails, never stops the rest."""
        with self._lock:
            decided = self._decide()
            self._clear_printers()
            told, reached = self._tell_all()
            return Settled(decided, told, reached, self.queue_clear, self._journal.counts())

    def _decide(self) -> int:
        orphans = self._journal.orphans()
        for attempt in orphans:
            self._decide_one(attempt)
        return len(orphans)

    def _decide_one(self, attempt: Attempt) -> None:
        if attempt.state is AttemptState.PRINTED:
            wished = self._journal.wish_delivered(attempt)
        else:
            wished = self._journal.wish_void(attempt, VOID_REASONS[attempt.state])
        self._audit.append(
            AuditKind.PAPER_DECIDED_LATE,
            serial=wished.serial or wished.key.hex,
            state=attempt.state.value,
            outcome=str(wished.wish),
        )

    def _clear_printers(self) -> None:
        if self._to_clear and not self._journal.may_be_printing():
            for outlet in tuple(self._to_clear.values()):
                self._clear(outlet)

    def _clear(self, outlet: Outlet) -> None:
        try:
            dropped = outlet.clear()
        except DeviceError:
            return  # away: the next run asks again
        del self._to_clear[outlet.medium]
        self._audit.append(AuditKind.PRINTER_QUEUE_CLEARED, device=outlet.device, count=dropped)

    def _tell_all(self) -> tuple[int, bool]:
        """Oldest first, but beginning after the row that got no answer last time: it may be the row's own fault."""
        told = 0
        untold = self._journal.untold()
        for attempt in sorted(untold, key=lambda each: (each.id < self._first, each.id)):
            try:
                after = self._teller.tell(attempt)
            except RecordsUnreachableError:
                self._first = attempt.id + 1
                return told, False
            told += after.state is AttemptState.SETTLED
        self._first = 0
        return told, True
