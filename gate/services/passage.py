"""From what is presented to the door's own word: decided, noted, opened, in the thread that has read it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from devices.door.api import DoorController, Opening
from devices.errors import DeviceError
from gate.flows.admission import Decision, FaceOf, Kind, NotAdmitted, Reason
from gate.services.admit import Admit
from gate.services.reading import Reading


@dataclass(frozen=True, slots=True)
class Passage:
    """``strike_s``: how long the door is let go, as the policy says now. ``refused``: hears each reason, which nobody
    else does. ``ending``: set when the gate is closed. ``slip``: hears of each slip that opens, and must not raise."""

    admit: Admit
    reading: Reading
    door: DoorController
    strike_s: Callable[[], float]
    refused: Callable[[Reason], None]
    ending: Event
    slip: Callable[[str], None] = lambda _: None

    def decide(self, what: object) -> Decision:
        """About a card's proof, the text of a square, or the face that was found. Never raises."""
        presented = what if isinstance(what, FaceOf) else self.reading.presented(what)
        decision = NotAdmitted(Reason.UNKNOWN) if presented is None else self.admit.present(presented)
        if isinstance(decision, NotAdmitted):
            self.refused(decision.reason)
        elif decision.kind is Kind.SLIP:
            self.slip(decision.credential)
        return decision

    def open(self) -> bool:
        """Let the door go; False: it did not answer, or would not."""
        try:
            return self.door.open(self.strike_s(), self.ending) is Opening.OPENED
        except DeviceError:
            return False
