"""What is listened to as long as the gate runs: the card reader, the scanner, the door. Each is one repeating job."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from devices.access_card.api import AccessCardReader
from devices.code_scanner.api import CodeScanner
from devices.door.api import DoorController, DoorEvent
from devices.errors import DeviceCancelledError, DeviceError
from gate.services.reading import Shown
from gate.services.watch import GateWatch

_WAIT_S = 5.0
_AFTER_ERROR_S = 1.0


@dataclass(frozen=True, slots=True)
class Listening:
    """``presented``: hears what was read, on the thread that has read it, and returns when that is decided: whoever
    comes next is read then. ``stop`` ends all of it."""

    watch: GateWatch
    door: DoorController
    cards: AccessCardReader | None
    codes: CodeScanner | None
    presented: Callable[[object], None]
    ending: Event = field(default_factory=Event)

    def card(self) -> None:
        """The next card, if one is laid down within seconds."""
        if self.cards is None:
            return
        try:
            proof = self.cards.wait(_WAIT_S, self.ending)
        except DeviceError as error:
            self._rest(error)
            return
        if proof is not None:
            self.presented(proof)

    def code(self) -> None:
        """The next code, the same."""
        if self.codes is None:
            return
        try:
            text = self.codes.next_code(_WAIT_S, self.ending)
        except DeviceError as error:
            self._rest(error)
            return
        if text:
            self.presented(Shown(text))

    def doorway(self) -> None:
        """What the door reports next, and what it is doing then."""
        event: DoorEvent | None = self.door.next_event(_WAIT_S, self.ending)
        if event is not None:
            self.watch.count(event)
            self.watch.tell(self.door.health())
        self.watch.tell_door(self.door.state())

    def stop(self) -> None:
        """Whoever waits, leaves."""
        self.ending.set()

    def _rest(self, error: DeviceError) -> None:
        """Its health says what is wrong; asking at once again helps nobody."""
        if not isinstance(error, DeviceCancelledError):
            self.ending.wait(_AFTER_ERROR_S)
