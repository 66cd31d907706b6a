"""What a technician may do: enter by PIN, print a test page, take the kiosk out of service and back."""

from threading import Event

from civic.clock import Clock
from civic.masking import Personal
from devices.errors import DeviceError
from devices.page_printer.api import PrinterReason
from devices.printing import Printed
from forms.paper import CHINA_TIME
from kiosk.flows import maintenance as flow
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.printers import Outlet, Printers, printer_fault
from kiosk.store.settings import OutOfService, Settings
from terminal.pin import PinFile
from terminal.pin_tries import PinCheck
from terminal.store.audit import Audit, AuditKind


class Maintenance:
    """Every action is audited."""

    def __init__(self, pin: PinFile, settings: Settings, printers: Printers, audit: Audit, clock: Clock) -> None:
        self._pin = PinCheck(pin, settings, audit, clock)
        self._settings = settings
        self._printers = {outlet.device: outlet for outlet in printers.all()}
        self._audit = audit
        self._clock = clock
        self.outbox: OutboxSync | None = None

    def closed(self) -> tuple[str, str] | None:
        """Reason and expected time while out of service."""
        closed = self._settings.out_of_service()
        return (closed.reason, closed.expected) if closed else None

    def check(self, pin: Personal) -> flow.PinAccepted | flow.PinRefused:
        """As terminal.pin_tries has it. Raises StoreError, and then looks at nothing."""
        refusal = self._pin.check(pin)
        if refusal is None:
            return flow.PinAccepted(self.closed())
        return flow.PinRefused(refusal.locked_minutes, unset=refusal.unset)

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

    def _print(self, outlet: Outlet, cancel: Event) -> str:
        try:
            outcome = outlet.print_test(self._clock.now().astimezone(CHINA_TIME), cancel)
        except DeviceError:
            return PrinterReason.OTHER.value
        return "printed" if isinstance(outcome, Printed) else printer_fault(outcome.reason)
