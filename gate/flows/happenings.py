"""What happens before a gate's screen, besides what terminal.py decides by: touches, time, the door."""

from dataclasses import dataclass

from civic.flow import Event
from civic.masking import Personal
from gate.flows.states import Conditions, Way


@dataclass(frozen=True, slots=True)
class TimePassed(Event):
    """``seconds`` since the last one, or since the beginning."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ConditionsChanged(Event):
    """The door, the fire input or the terminal itself is otherwise than it was."""

    conditions: Conditions


@dataclass(frozen=True, slots=True)
class HelpToggled(Event):
    """帮助, or its end."""


@dataclass(frozen=True, slots=True)
class GuardAsked(Event):
    """呼叫值班室."""


@dataclass(frozen=True, slots=True)
class WentBack(Event):
    """返回: to the screen that waits."""


@dataclass(frozen=True, slots=True)
class HowAsked(Event):
    """刷卡 or 出示码 was touched: neither needs a touch."""

    way: Way


@dataclass(frozen=True, slots=True)
class FaceChosen(Event):
    """刷脸."""


@dataclass(frozen=True, slots=True)
class LookAsked(Event):
    """I stand at the spot: look now."""


@dataclass(frozen=True, slots=True)
class FaceInstructed(Event):
    """What to do now before the camera: an Instruction's value (devices.face.api). ``progress``: 0 to 1."""

    instruction: str
    progress: float


@dataclass(frozen=True, slots=True)
class TypingChosen(Event):
    """访客码."""


@dataclass(frozen=True, slots=True)
class DigitTyped(Event):
    """One key."""

    digit: Personal


@dataclass(frozen=True, slots=True)
class DigitErased(Event):
    """The last one is taken back."""


@dataclass(frozen=True, slots=True)
class CodeFinished(Event):
    """The typed code is to be tried."""


@dataclass(frozen=True, slots=True)
class EnrolmentOffered(Event):
    """Who just came in has consented to a face at the kiosk, and there is no template of theirs yet."""


@dataclass(frozen=True, slots=True)
class EnrolmentAgreed(Event):
    """愿意."""


@dataclass(frozen=True, slots=True)
class EnrolmentDeclined(Event):
    """不愿意, or not today."""


@dataclass(frozen=True, slots=True)
class FaceEnrolled(Event):
    """The template is made."""


@dataclass(frozen=True, slots=True)
class EnrolmentFailed(Event):
    """There is none, and nothing of the try was kept."""


@dataclass(frozen=True, slots=True)
class DoorFailed(Event):
    """The door was told to open, and did not answer."""
