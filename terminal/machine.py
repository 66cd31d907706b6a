"""What a technician's page says of a terminal, as facts, and the same in words. Pure: no personal data reaches this.

The words stand in the terminal's own catalogue, under ``device`` and ``maintenance``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from terminal.texts import Words
from terminal.views import TableRow

_WORST_FIRST: Final = ("down", "unknown", "degraded", "ready")


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One line of the technician's page. What it says is one of: ``state`` (a code under ``device.state``), ``value``
    (a key under ``device`` with its ``values``), or ``text`` as it is. ``level`` is that of devices.health. ``said``: a
    key under ``device`` whose sentence is added; ``facts``: names under ``device.fact``, each with its value."""

    name: str
    state: str = ""
    value: str = ""
    values: tuple[tuple[str, object], ...] = ()
    text: str = ""
    level: str = "ready"
    said: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MachineGroup:
    """``name``: a key under ``maintenance``."""

    name: str
    rows: tuple[MachineRow, ...]


Groups = tuple[MachineGroup, ...]


def summary(groups: Groups, words: Words) -> str:
    """What is wrong, by name and the worst first, before anybody reads the table."""
    wrong = [row for group in groups for row in group.rows if row.level != "ready"]
    names = dict.fromkeys(words(f"device.{row.name}") for row in _sorted(wrong))
    between = "、" if words.language == "zh" else ", "
    return words("maintenance.trouble", names=between.join(names)) if names else words("maintenance.all_well")


def table(groups: Groups, words: Words) -> tuple[tuple[str, tuple[TableRow, ...]], ...]:
    """What failed stands on the first view, however long the table is."""
    return tuple(
        (words(f"maintenance.{group.name}"), tuple(_row(row, words) for row in _sorted(group.rows))) for group in groups
    )


def _sorted(rows: Iterable[MachineRow]) -> list[MachineRow]:
    return sorted(rows, key=lambda row: _WORST_FIRST.index(row.level))


def _row(row: MachineRow, words: Words) -> TableRow:
    said = row.text
    if row.state:  # a code that nobody foresaw is better than no page
        key = f"device.state.{row.state}"
        said = words(key) if words.has(key) else row.state
    elif row.value:
        said = words(f"device.value_{row.value}", **dict(row.values))
    return TableRow(words(f"device.{row.name}"), said, row.level, _detail(row, words))


def _detail(row: MachineRow, words: Words) -> str:
    """A sentence, where there is one: what to do about the state, else what went wrong last; and what else is known."""
    action = f"device.{row.name}_action.{row.state}"
    facts = " · ".join(f"{_fact(row.name, name, words)} {value}" for name, value in row.facts)
    said = words(action) if words.has(action) else words(f"device.{row.said}") if row.said else ""
    return "\n".join(part for part in (said, facts) if part)


def _fact(device: str, name: str, words: Words) -> str:
    """A printer's model is not a face check's; and a driver may know more than the catalogue: its own word is better
    than no page."""
    keys = (f"device.{device}_fact.{name}", f"device.fact.{name}")
    return next((words(key) for key in keys if words.has(key)), name)
