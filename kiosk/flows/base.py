"""What all flows share."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")


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
class Step(Generic[S]):
    """The next state, and what is to be done now."""

    state: S
    commands: tuple[Command, ...] = ()
