"""Whether the last person left something behind: a card on the reader, a paper in the tray.

Looked for before the lamp goes on again; everything personal is forgotten by then. Drawn in docs/flows/visit.md.
"""

from dataclasses import dataclass

from kiosk.flows.base import Event, State, Step
from kiosk.flows.happenings import (
    CardLifted,
    CardLying,
    JobFailed,
    LookAtReader,
    ReaderEmpty,
    ReaderFailed,
    StopJobs,
    WaitForLift,
)


@dataclass(frozen=True, slots=True)
class LookingForLeftovers(State):
    """Whether the last person left a card, before the lamp goes on again."""

    paper: bool


@dataclass(frozen=True, slots=True)
class Leftover(State):
    """A nameless screen for a card or a paper that was left behind."""

    card: bool
    paper: bool


@dataclass(frozen=True, slots=True)
class LeftoverSeen(Event):
    """Somebody took it, or was told what to do with it; or it has been looked for long enough."""


@dataclass(frozen=True, slots=True)
class NothingLeft(State):
    """The lamp goes on."""


Here = LookingForLeftovers | Leftover | NothingLeft


def begin(*, paper: bool) -> Step[Here]:
    """``paper``: one was printed, and nobody said that they have it."""
    return Step(LookingForLeftovers(paper), (LookAtReader(),))


def advance(state: LookingForLeftovers | Leftover, event: Event) -> Step[Here]:
    """What is still there."""
    match state, event:
        case LookingForLeftovers(paper), CardLying():
            return Step(Leftover(card=True, paper=paper), (WaitForLift(),))
        case LookingForLeftovers(paper), (ReaderEmpty() | ReaderFailed() | JobFailed()):
            return Step(_paper(paper=paper))
        case LookingForLeftovers(paper), LeftoverSeen():  # the reader says nothing: the lamp goes on all the same
            return Step(_paper(paper=paper), (StopJobs(),))
        case Leftover(_, paper), (CardLifted() | ReaderFailed() | JobFailed()):
            return Step(_paper(paper=paper))
        case Leftover(card), LeftoverSeen():
            return Step(Leftover(card=True, paper=False) if card else NothingLeft())
        case _:
            return Step(state)


def _paper(*, paper: bool) -> Here:
    """No card, or no longer."""
    return Leftover(card=False, paper=True) if paper else NothingLeft()
