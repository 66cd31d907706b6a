"""What a technician may do: enter by PIN, print a test page, take the kiosk out of service and back."""

from datetime import timedelta
from math import ceil
from threading import Event, Lock

from civic.clock import Clock
from civic.masking import Personal
from devices.errors import DeviceError
from devices.page_printer.api import PrinterReason
from devices.printing import Printed
from forms.paper import CHINA_TIME
from kiosk.flows import maintenance as flow
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.pin import PinFile
from kiosk.services.printers import Outlet, Printers, printer_fault
from kiosk.store.settings import OutOfService, PinTries, Settings
from terminal.store.audit import Audit, AuditKind

TRIES = 5
LOCKED = timedelta(minutes=15)


class Maintenance:
    """Every action is audited. Wrong tries are on the disk before the answer is on the screen."""

    def __init__(self, pin: PinFile, settings: Settings, printers: Printers, audit: Audit, clock: Clock) -> None:
        self._pin = pin
        self._settings = settings
        self._printers = {outlet.device: outlet for outlet in printers.all()}
        self._audit = audit
        self._clock = clock
        self._one_try = Lock()
        self.outbox: OutboxSync | None = None

    def closed(self) -> tuple[str, str] | None:
        """Reason and expected time while out of service."""
        closed = self._settings.out_of_service()
        return (closed.reason, closed.expected) if closed else None

    def check(self, pin: Personal) -> flow.PinAccepted | flow.PinRefused:
        """Count the try as wrong first; a right PIN takes it back. Raises StoreError, and then looks at nothing."""
        with self._one_try:
            if not self._pin.is_set():
                return flow.PinRefused(0, unset=True)
            if left := self._locked_for():
                return flow.PinRefused(left)
            tries = self._count()
            if self._pin.matches(pin):
                self._settings.keep_pin_tries(PinTries())
                self._audit.append(AuditKind.MAINTENANCE_ENTERED)
                return flow.PinAccepted(self.closed())
            self._audit.append(AuditKind.PIN_LOCKED if tries.locked_until else AuditKind.PIN_WRONG, tries=tries.wrong)
            return flow.PinRefused(_minutes(LOCKED) if tries.locked_until else 0)

    def print_test_page(self, cancel: Event, printer: str = "page_printer") -> flow.TestPrintEnded:
        """A page or a strip marked 测试·无效, sealed and signed by nothing. ``printer``: its device's name."""
        outlet = self._printers.get(printer)
        said = self._print(outlet, cancel) if outlet else PrinterReason.OTHER.value
        self._audit.append(AuditKind.MAINTENANCE_ACTION, action="test-print", device=printer, outcome=said)
        return flow.TestPrintEnded(said)

    def close(self, reason: str, expected: str) -> None:
        """Out of service, also after a restart. What records have closed stays as they closed it."""
        if self._is_revoked():
            return
        self._settings.close(OutOfService(reason, expected, self._clock.now()))
        self._audit.append(AuditKind.OUT_OF_SERVICE, reason=reason, expected=expected)

    def open(self) -> None:
        """Back in service, unless records have put the kiosk out."""
        if self._is_revoked():
            return
        self._settings.open()
        self._audit.append(AuditKind.BACK_IN_SERVICE)

    def settle_aside(self, what: str) -> None:
        """What records refused is sent again, or given up for a reason: ``what`` of flows.maintenance.ASIDE. A revoked
        kiosk keeps it for the bureau."""
        if self.outbox is None or self._is_revoked():
            return
        count = self.outbox.again() if what == "again" else self.outbox.discard(what)
        self._audit.append(AuditKind.MAINTENANCE_ACTION, action="intakes-aside", reason=what, count=count)

    def leave(self) -> None:
        """The technician is done."""
        self._audit.append(AuditKind.MAINTENANCE_LEFT)

    def _is_revoked(self) -> bool:
        closed = self._settings.out_of_service()
        return closed is not None and closed.reason == flow.REVOKED

    def _locked_for(self) -> int:
        """Minutes until a try is taken; 0: now. A clock set back makes the wait no shorter, and no longer than anew."""
        tries, now = self._settings.pin_tries(), self._clock.now()
        if tries.locked_until is None or now >= tries.locked_until:
            return 0
        left = tries.locked_until - now
        if left > LOCKED:
            left = LOCKED
            self._settings.keep_pin_tries(PinTries(tries.wrong, now + left))
        return _minutes(left)

    def _count(self) -> PinTries:
        """One more wrong try, on the disk; after a lock that ran out, the first."""
        before = self._settings.pin_tries()
        wrong = 1 if before.locked_until is not None else before.wrong + 1
        tries = PinTries(wrong, self._clock.now() + LOCKED if wrong >= TRIES else None)
        self._settings.keep_pin_tries(tries)
        return tries

    def _print(self, outlet: Outlet, cancel: Event) -> str:
        try:
            outcome = outlet.print_test(self._clock.now().astimezone(CHINA_TIME), cancel)
        except DeviceError:
            return PrinterReason.OTHER.value
        return "printed" if isinstance(outcome, Printed) else printer_fault(outcome.reason)


def _minutes(span: timedelta) -> int:
    return max(1, ceil(span.total_seconds() / 60))
