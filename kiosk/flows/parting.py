"""The end of every service: the card that may still lie on the reader. Diagram: docs/flows/parting.md."""

from dataclasses import dataclass

from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step


@dataclass(frozen=True, slots=True)
class LookingForCard(State):
    """Whether the card still lies there. ``served``: a paper was made, or nothing was owed."""

    served: bool


@dataclass(frozen=True, slots=True)
class TakingCard(State):
    """The card still lies on the reader."""

    served: bool


@dataclass(frozen=True, slots=True)
class Parted(State):
    """Nothing lies there any more."""

    served: bool


Here = LookingForCard | TakingCard | Parted


def begin(*, served: bool, first: tuple[Command, ...] = ()) -> Step[Here]:
    """The first screen. ``first``: what is to be done before."""
    return Step(LookingForCard(served), (*first, h.LookAtReader()))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case LookingForCard(served), h.CardLying():
            return Step(TakingCard(served), (h.WaitForLift(),))
        case LookingForCard(served), (h.ReaderEmpty() | h.ReaderFailed() | h.JobFailed()):
            return Step(Parted(served))
        case TakingCard(served), (h.CardLifted() | h.ReaderFailed() | h.JobFailed()):
            return Step(Parted(served))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen
