"""Gives every event to every state that can be reached, and notes what ``advance`` answers."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from itertools import product
from types import ModuleType
from typing import TypeVar, get_type_hints

from kiosk.flows.base import Event, Step
from scripts.draw_flows.samples import SAMPLES

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arrow:
    """One answer of ``advance``: the kinds of state before and after, the event, the kinds of command."""

    before: str
    event: Event
    after: str
    commands: tuple[str, ...]


def events_of(*modules: ModuleType) -> list[Event]:
    """Every event that the modules define, with every combination of its fields' samples."""
    return [event for module in modules for kind in event_kinds(module) for event in _samples(kind)]


def event_kinds(module: ModuleType) -> Iterable[type[Event]]:
    """The kinds of event that a module defines itself."""
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == module.__name__:
            yield kind


def _samples(kind: type[Event]) -> Iterable[Event]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for values in product(*(_values(kind, name, hints[name]) for name in names)):
        yield kind(**dict(zip(names, values, strict=True)))


def _values(kind: type[Event], name: str, hint: object) -> tuple[object, ...]:
    if hint is bool:
        return (False, True)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(hint)
    own = f"{kind.__name__}.{name}"
    return SAMPLES[own] if own in SAMPLES else SAMPLES[name]


def explore(
    starts: Sequence[S], advance: Callable[[S, Event], Step[S]], events: Sequence[Event], kind: Callable[[S], str]
) -> list[Arrow]:
    """Breadth first: every event that does something. ``kind`` names the box of a state."""
    known, waiting, arrows = set(starts), [*starts], []
    for state in waiting:  # grows while it is walked
        for event in events:
            step = advance(state, event)
            if not step.commands and (step.state is state or step.state == state):
                continue
            commands = tuple(type(command).__name__ for command in step.commands)
            arrows.append(Arrow(kind(state), event, kind(step.state), commands))
            if step.state not in known:
                known.add(step.state)
                waiting.append(step.state)
    return arrows
