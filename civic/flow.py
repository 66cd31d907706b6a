"""What all flows share, a kiosk's and a gate's: pure functions of a state and an event (docs/decisions/flows.md)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True, slots=True)
class State:
    """What is seen on a screen."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be done outside the flow. A job, unless its docstring says that it is done at once."""


@dataclass(frozen=True, slots=True)
class Step(Generic[S_co]):
    """The next state, and what is to be done now."""

    state: S_co
    commands: tuple[Command, ...] = ()
