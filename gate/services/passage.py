"""From what is presented to the door's own word: decided, noted, opened, in the thread that has read it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from devices.door.api import DoorController, Opening
from devices.errors import DeviceError
from gate.flows.admission import Code, Decision, FaceOf, Kind, NotAdmitted, Presented, Reason
from gate.services.admit import Admit
from gate.services.reading import Reading
from gate.services.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Passage:
    """``strike_s``: how long the door is let go, as the policy says now. ``refused``: hears each reason, which nobody
    else does. ``ending``: set when the gate is closed. ``guesses``: of eight digits that nobody has. ``slip``: hears of
    each slip that opens, and must not raise."""

    admit: Admit
    reading: Reading
    door: DoorController
    strike_s: Callable[[], float]
    refused: Callable[[Reason], None]
    ending: Event
    guesses: Refusals
    slip: Callable[[str], None] = lambda _: None

    def decide(self, what: object) -> Decision:
        """About a card's proof, the text of a square, or the face that was found. Never raises."""
        presented = what if isinstance(what, FaceOf) else self.reading.presented(what)
        decision = NotAdmitted(Reason.UNKNOWN) if presented is None else self._decided(presented)
        if isinstance(decision, NotAdmitted):
            self.refused(decision.reason)
        elif decision.kind is Kind.SLIP:
            self.slip(decision.credential)
        return decision

    def _decided(self, presented: Presented) -> Decision:
        """Eight digits, however they come, are guessed no faster than this; nothing else can be guessed, or waits."""
        short = isinstance(presented, Code) and presented.short
        if short and self.guesses.resting():
            return NotAdmitted(Reason.TOO_OFTEN)
        decision = self.admit.present(presented)
        if short and decision == NotAdmitted(Reason.UNKNOWN):
            self.guesses.note()
        return decision

    def open(self) -> bool:
        """Let the door go; False: it did not answer, or would not."""
        try:
            return self.door.open(self.strike_s(), self.ending) is Opening.OPENED
        except DeviceError:
            return False
