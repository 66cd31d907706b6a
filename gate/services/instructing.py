"""What whoever stands before the camera hears of it: one event for each change that a person can follow."""

from collections.abc import Callable
from dataclasses import dataclass

from devices.face.api import Instruction
from gate.flows.happenings import FaceInstructed

Say = Callable[[FaceInstructed], None]
_TENTHS = 10


@dataclass(slots=True, eq=False, repr=False)
class Instructing:
    """One ask's or one enrolment's (``gate.services.face.Tell``). ``say`` hears each change of the instruction and each
    tenth of the progress, which never goes back; it must not raise."""

    say: Say
    said: Instruction | None = None
    tenths: int = 0

    def __call__(self, instruction: Instruction, progress: float) -> None:
        """Said, if it is new."""
        tenths = max(self.tenths, int(progress * _TENTHS))
        if (instruction, tenths) == (self.said, self.tenths):
            return
        self.said, self.tenths = instruction, tenths
        self.say(FaceInstructed(instruction.value, tenths / _TENTHS))
