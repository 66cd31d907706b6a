"""What all flows share."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True, slots=True)
class State:
    """What the resident sees."""


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
