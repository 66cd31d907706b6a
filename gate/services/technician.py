"""What a technician may do at a gate: enter by PIN, see how it is, let the door go once. Every action is audited."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from civic.masking import Personal
from devices.door.api import DoorController, Opening
from devices.errors import DeviceError
from gate.flows.technician import DoorTested, PinAccepted, PinRefused
from terminal.machine import Groups
from terminal.pin_tries import PinCheck
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class TechnicianDesk:
    """``strike_s``: how long the policy lets the door go; ``tried``: hears of each trial, which the heartbeat counts;
    ``machine``: what the page says, on the screen's thread; ``ending``: set when the gate is closed."""

    pin: PinCheck
    door: DoorController
    strike_s: Callable[[], float]
    tried: Callable[[], None]
    audit: Audit
    machine: Callable[[], Groups]
    ending: Event

    def check(self, pin: Personal) -> PinAccepted | PinRefused:
        """As terminal.pin_tries has it. A disk that fails lets nobody in."""
        try:
            refusal = self.pin.check(pin)
        except StoreError:
            return PinRefused()
        return PinAccepted() if refusal is None else PinRefused(refusal.locked_minutes, refusal.unset)

    def try_door(self) -> DoorTested:
        """A trial is no pass: it is counted, and stands in the audit as what it was."""
        try:
            opened = self.door.open(self.strike_s(), self.ending) is Opening.OPENED
        except DeviceError:
            opened = False
        self.tried()
        self._note(AuditKind.MAINTENANCE_ACTION, action="test-door", outcome="opened" if opened else "failed")
        return DoorTested(opened)

    def leave(self) -> None:
        """The technician is done, or has given way."""
        self._note(AuditKind.MAINTENANCE_LEFT)

    def _note(self, kind: AuditKind, **facts: str) -> None:
        """A disk that is full keeps no technician from repairing."""
        with suppress(StoreError):
            self.audit.append(kind, **facts)
