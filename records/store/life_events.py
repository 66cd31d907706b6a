"""What happened in residents' lives, and the numbers that they once had."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from records.rules.life_effects import EventKind
from records.store import counters
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.life import former_numbers, life_events


@dataclass(frozen=True, slots=True, repr=False)
class EventRow:
    """An event. ``earlier``: JSON of what it changed, as it was; never printed. ``open_points``: parted by spaces."""

    event_id: int
    person_id: str
    kind: EventKind
    since: date
    basis: str
    document: str
    ticket: str
    at: datetime
    asked_by: str
    approved_by: str
    earlier: str = field(default="{}", repr=False)
    open_points: str = ""
    taken_back_at: datetime | None = None

    @property
    def before(self) -> dict[str, Any]:
        """What it changed, as it was."""
        told: dict[str, Any] = json.loads(self.earlier)
        return told


_COUNTED: Final = ("life-event", "life-event-taken-back", "protection")


def so_far(transaction: Transaction) -> dict[str, int]:
    """How many events there were, how many were taken back, and how often somebody was hidden. Another answer than
    before: what was read of anybody may not be so any more."""
    return counters.several(transaction, _COUNTED)


def next_id(transaction: Transaction) -> int:
    """The number of the next event."""
    return counters.following(transaction, "life-event")


def add(transaction: Transaction, row: EventRow, earlier: Mapping[str, Any], open_points: list[str]) -> None:
    """Keep an event, with what it changed."""
    values = {name: getattr(row, name) for name in EventRow.__slots__}
    kept = {"earlier": json.dumps(dict(earlier), sort_keys=True), "open_points": " ".join(open_points)}
    transaction.connection.execute(
        sa.insert(life_events).values(community_id=transaction.community, **{**values, **kept})
    )


def latest(transaction: Transaction, person_id: str) -> EventRow | None:
    """The last event of a person that stands."""
    found = _some(transaction, 1, life_events.c.person_id == person_id, life_events.c.taken_back_at.is_(None))
    return found[0] if found else None


def left_open(transaction: Transaction, since: datetime, most: int) -> list[EventRow]:
    """Those that leave something for an officer, the newest first."""
    some = (life_events.c.open_points != "", life_events.c.taken_back_at.is_(None), life_events.c.at >= since)
    return _some(transaction, most, *some)


def changed(transaction: Transaction) -> set[str]:
    """Everybody of whom an event was ever written down."""
    mine = of_community(life_events, transaction)
    return set(transaction.connection.scalars(sa.select(life_events.c.person_id).where(mine).distinct()))


def take_back(transaction: Transaction, event_id: int, at: datetime) -> None:
    """It was a mistake."""
    mine = (of_community(life_events, transaction), life_events.c.event_id == event_id)
    transaction.connection.execute(sa.update(life_events).where(*mine).values(taken_back_at=at))
    counters.following(transaction, "life-event-taken-back")


# --- former numbers --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class _Former:
    id_number: str
    person_id: str


def who_had(transaction: Transaction, id_number: str) -> str:
    """Whose a number was; empty: nobody's."""
    mine = (of_community(former_numbers, transaction), former_numbers.c.id_number == id_number)
    return transaction.connection.execute(sa.select(former_numbers.c.person_id).where(*mine)).scalar() or ""


def numbers(transaction: Transaction) -> dict[str, str]:
    """Every number that somebody had, and whose it was."""
    query = sa.select(former_numbers.c.id_number, former_numbers.c.person_id)
    rows = transaction.connection.execute(query.where(of_community(former_numbers, transaction)))
    return {row.id_number: row.person_id for row in rows}


def numbers_of(transaction: Transaction, people: Collection[str]) -> dict[str, str]:
    """Those that each of ``people`` had, and whose it was."""
    query = sa.select(former_numbers.c.id_number, former_numbers.c.person_id)
    mine = query.where(of_community(former_numbers, transaction), former_numbers.c.person_id.in_(people))
    return {row.id_number: row.person_id for row in transaction.connection.execute(mine)}


def had(transaction: Transaction, id_number: str, person_id: str) -> None:
    """A number was somebody's; the last one who had it is who is found by it."""
    had_no_more(transaction, id_number)
    add_row(transaction, former_numbers, _Former(id_number, person_id))


def had_no_more(transaction: Transaction, id_number: str) -> None:
    """Nobody is found by it."""
    mine = (of_community(former_numbers, transaction), former_numbers.c.id_number == id_number)
    transaction.connection.execute(sa.delete(former_numbers).where(*mine))


def _some(transaction: Transaction, most: int, *conditions: sa.ColumnElement[bool]) -> list[EventRow]:
    query = columns(life_events, EventRow).where(of_community(life_events, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(life_events.c.event_id.desc()).limit(most))
    return [EventRow(**{**row._asdict(), "kind": EventKind(row.kind)}) for row in rows]
