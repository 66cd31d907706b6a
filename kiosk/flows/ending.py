"""How every service ends: its card is taken, and the visit says goodbye; or it never began."""

from dataclasses import dataclass

from kiosk.flows import parting
from kiosk.flows.base import Command, Event, State, Step


@dataclass(frozen=True, slots=True)
class Parting(State):
    """The card (kiosk.flows.parting)."""

    at: parting.Here


@dataclass(frozen=True, slots=True)
class Over(State):
    """The visit says goodbye."""

    served: bool


@dataclass(frozen=True, slots=True)
class Left(State):
    """Back to the tiles before anything was given."""


Here = Parting | Over | Left


def leave(first: tuple[Command, ...] = (), *, served: bool) -> Step[Here]:
    """There may be a card to take. ``first``: what is to be done before."""
    return _within(parting.begin(served=served, first=first))


def advance(state: Parting, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    return _within(parting.advance(state.at, event))


def _within(step: Step[parting.Here]) -> Step[Here]:
    match step.state:
        case parting.Parted(served):
            return Step(Over(served), step.commands)
        case at:
            return Step(Parting(at), step.commands)
