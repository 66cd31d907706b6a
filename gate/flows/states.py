"""What a gate's screen can be at, and what it is told of the door and of itself.

None of these names a person, and none stands before the way out: a gate is for coming in.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from civic.flow import State
from civic.masking import Personal


class Face(StrEnum):
    """Whether a face may be shown at this gate."""

    OFFERED = "offered"
    NOT_HERE = "not-here"  # who runs the site doesn't want it: nothing on the screen speaks of it
    TOO_MANY = "too-many"  # more people pass here than the model can tell apart well enough
    AWAY = "away"  # no camera or no model just now


class Way(StrEnum):
    """What can be held to the gate without touching its screen."""

    CARD = "card"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Conditions:
    """``door``: its controller answers. ``held_open``: for longer than is meant. ``fire``: the fire input is on.
    ``closed``: nothing can be decided here. ``link``: records can be reached, which nobody before the gate need know.
    ``notices``: some right to this door is in its last days, whosever it is."""

    face: Face = Face.NOT_HERE
    door: bool = True
    held_open: bool = False
    fire: bool = False
    closed: bool = False
    link: bool = True
    notices: bool = False


@dataclass(frozen=True, slots=True)
class Idle(State):
    """Waits. ``turn``: which warning is shown."""

    turn: int = 0


@dataclass(frozen=True, slots=True)
class ShowingHow(State):
    """Where a card or a code is held."""

    way: Way


@dataclass(frozen=True, slots=True)
class AskingFace(State):
    """Says where to stand and what happens then. The camera is dark."""


@dataclass(frozen=True, slots=True)
class LookingForFace(State):
    """The camera looks at the marked spot, and one short instruction at a time is said. ``instruction``: a value of
    devices.face.api.Instruction; ``progress``: 0 to 1, and 0 where there is nothing to measure."""

    instruction: str = "look-straight"
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class TypingCode(State):
    """A one-day code, as far as it was typed."""

    typed: Personal = field(default_factory=lambda: Personal(""))


@dataclass(frozen=True, slots=True)
class TypingPaused(State):
    """Too many wrong codes were typed here within a minute."""


@dataclass(frozen=True, slots=True)
class Deciding(State):
    """Something was presented. ``typed``: a code by hand."""

    typed: bool = False


@dataclass(frozen=True, slots=True)
class Opened(State):
    """The door is let go."""


@dataclass(frozen=True, slots=True)
class Refused(State):
    """It stays shut: one sentence for every reason."""


@dataclass(frozen=True, slots=True)
class GuardShown(State):
    """How the duty room is reached."""


@dataclass(frozen=True, slots=True)
class FaceNotOffered(State):
    """Why no face is asked for here, and what serves as well."""


@dataclass(frozen=True, slots=True)
class AskingEnrolment(State):
    """Whoever just came in by a slip, and consented at the kiosk, is asked once more."""


@dataclass(frozen=True, slots=True)
class ShowingSlip(State):
    """They said yes, and are to show the slip again: whoever stands here after them has none."""


@dataclass(frozen=True, slots=True)
class EnrollingFace(State):
    """A template is made. ``instruction`` and ``progress``: as while a face is looked for."""

    instruction: str = "look-straight"
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class EnrolmentOver(State):
    """``done``: the face can be used from now on."""

    done: bool


@dataclass(frozen=True, slots=True)
class HeldOpen(State):
    """The door stands open."""


@dataclass(frozen=True, slots=True)
class DoorOffline(State):
    """The door's controller does not answer."""


@dataclass(frozen=True, slots=True)
class Emergency(State):
    """The fire input is on: the door stays open by its own wiring."""


@dataclass(frozen=True, slots=True)
class OutOfService(State):
    """This terminal can decide nothing."""


@dataclass(frozen=True, slots=True)
class EnteringPin(State):
    """The technician's keypad. ``wrong``: the last try was; ``locked_minutes``: no try is taken for so long; ``unset``:
    this gate has no PIN yet."""

    pin: Personal = field(default_factory=lambda: Personal(""))
    checking: bool = False
    wrong: bool = False
    locked_minutes: int = 0
    unset: bool = False


@dataclass(frozen=True, slots=True)
class AtService(State):
    """The technician's one page. ``said``: what trying the door came to, a key under ``maintenance.said``; ``busy``: it
    is being tried."""

    said: str = ""
    busy: bool = False


At = (
    Idle
    | ShowingHow
    | AskingFace
    | LookingForFace
    | TypingCode
    | TypingPaused
    | Deciding
    | Opened
    | Refused
    | GuardShown
    | FaceNotOffered
    | AskingEnrolment
    | ShowingSlip
    | EnrollingFace
    | EnrolmentOver
    | HeldOpen
    | DoorOffline
    | Emergency
    | OutOfService
    | EnteringPin
    | AtService
)
