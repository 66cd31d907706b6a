"""验证证明: somebody holds a paper before the camera, and is told what it is. Diagram: docs/flows/check_paper.md.

Nothing is asked of whoever checks, and nothing is kept of what they show.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.flows import ending
from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step


class Standing(StrEnum):
    """What a paper turned out to be."""

    COMPARE = "compare"  # its code is genuine: whoever holds it compares the sheet with what the code states
    NOT_YET = "not-yet"  # genuine, and not reported as handed over
    ALTERED = "altered"
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown-issuer"  # records say so; a list of another day can't
    NOT_READABLE = "not-readable"  # nothing of ours was seen for a while
    NOT_KNOWN = "not-known"  # neither records nor a carried list (``as_of``, if there is one) could tell


@dataclass(frozen=True, slots=True)
class Fact:
    """What the code states: its name in each language, and the text as it is on the paper."""

    label: tuple[tuple[str, str], ...]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer. ``as_of``: when the carried list that it rests on was made, None where records were asked; ``old``: a
    newer list should be there by now."""

    standing: Standing
    kind: str = ""  # PaperKind's value
    facts: tuple[Fact, ...] = ()
    specimen: bool = False
    as_of: datetime | None = None
    old: bool = False

    def __repr__(self) -> str:
        return f"Finding({self.standing})"


@dataclass(frozen=True, slots=True)
class ShowingPaper(State):
    """The paper's code is looked for in the camera's picture."""


@dataclass(frozen=True, slots=True)
class AskingAboutIt(State):
    """The code was read; records are asked."""


@dataclass(frozen=True, slots=True)
class Told(State):
    """What it is, and what to do."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class NoCamera(State):
    """The camera does not work."""


Here = ShowingPaper | AskingAboutIt | Told | NoCamera | ending.Left


@dataclass(frozen=True, slots=True)
class CodeSeen(Event):
    """A code was read (a progress, not the job's end)."""


@dataclass(frozen=True, slots=True)
class PaperChecked(Event):
    """What the paper is."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class CameraFailed(Event):
    """No picture comes."""


@dataclass(frozen=True, slots=True)
class AnotherShown(Event):
    """再验一份: another paper, or the same one held better."""


@dataclass(frozen=True, slots=True)
class LookAtPaper(Command):
    """-> PaperChecked | CameraFailed (CodeSeen on the way)."""


def begin() -> Step[Here]:
    """The first screen."""
    return Step(ShowingPaper(), (LookAtPaper(),))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ShowingPaper(), CodeSeen():
            return Step(AskingAboutIt())
        case ShowingPaper() | AskingAboutIt(), PaperChecked(finding):
            return Step(Told(finding))
        case ShowingPaper() | AskingAboutIt(), (CameraFailed() | h.JobFailed()):
            return Step(NoCamera())
        case ShowingPaper() | AskingAboutIt(), h.WentBack():
            return Step(ending.Left(), (h.StopJobs(),))
        case Told() | NoCamera(), AnotherShown():
            return begin()
        case Told() | NoCamera(), h.WentBack():
            return Step(ending.Left())
        case _:
            return Step(state)
