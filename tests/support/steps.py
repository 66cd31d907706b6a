"""Flow tests as tables: the state one should be in, and what happened there."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kiosk.flows.base import Command, Event, Step

S = TypeVar("S")
Row = tuple[type[object], Event | None, tuple[type[Command], ...]]


def run(advance: Callable[[S, Event], Step[S]], state: S, rows: Sequence[Row]) -> S:
    """Walk the rows: (state expected, event, commands expected of it); an event of None ends the walk."""
    for number, (expected, event, commands) in enumerate(rows):
        assert type(state) is expected, f"row {number}: {type(state).__name__}, not {expected.__name__}"
        if event is None:
            return state
        step = advance(state, event)
        got = tuple(type(command) for command in step.commands)
        assert got == commands, f"row {number}: commands {[each.__name__ for each in got]}"
        state = step.state
    return state
