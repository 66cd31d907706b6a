"""The feed of changes: appended in the transaction that makes the change, read in one order, kept for a while.

A place is the next number of a counter whose row stays locked until the transaction ends. So places are committed in
their order and without gaps, and whoever has read up to one has read everything before it, on every database.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from backend_client.contract.changes import Topic
from records.store import counters
from records.store.database import Transaction
from records.store.rows import columns, of_community
from records.store.tables.changes import changes

_PLACES: Final = "changes"
_FORGOTTEN: Final = "changes-forgotten"  # the last place that retention has deleted
_EPOCH: Final = "changes-epoch"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change at its place. ``only``: the device it is for; empty: all that hear of the topic."""

    place: int
    topic: Topic
    ref: str
    only: str
    body: dict[str, str | int | bool]
    at: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """What the feed holds: the places behind ``forgotten`` up to ``last``. ``epoch``: another one, another feed."""

    epoch: int
    forgotten: int
    last: int


def append(
    transaction: Transaction,
    topic: Topic,
    ref: str,
    body: Mapping[str, str | int | bool] | None = None,
    *,
    at: datetime,
    only: str = "",
) -> None:
    """Tell devices of a change, if and when ``transaction`` commits. Nothing personal in ``ref`` and ``body``.

    Comes behind the audit's deed: every transaction takes the two locks in this order, so none waits for another in a
    ring.
    """
    row = {
        "community_id": transaction.community,
        "place": counters.following(transaction, _PLACES),
        "topic": topic.value,
        "ref": ref,
        "only": only,
        "body": json.dumps(dict(body or {}), sort_keys=True),
        "at": at,
    }
    transaction.connection.execute(_ADDED, row)


def kept(transaction: Transaction) -> bool:
    """Whether the database has a feed yet. Before the migration that makes it, nobody follows one."""
    return sa.inspect(transaction.connection).has_table(changes.name)


def extent(transaction: Transaction) -> Extent:
    """Which places there are. Read before the rows, whose places may then be later, never earlier."""
    held = counters.several(transaction, (_EPOCH, _FORGOTTEN, _PLACES))
    return Extent(held[_EPOCH], held[_FORGOTTEN], held[_PLACES])


def after(
    transaction: Transaction, place: int, limit: int, topics: Collection[Topic], device_id: str = ""
) -> list[ChangeRow]:
    """The next changes behind ``place`` of these topics, for all or for ``device_id``; empty: for whomever."""
    sought = {"community": transaction.community, "behind": place, "topics": [each.value for each in topics]}
    query = _FOR_ONE if device_id else _BEHIND
    rows = transaction.connection.execute(query, {**sought, "most": limit, "named": ["", device_id]})
    return [_change(row) for row in rows]


def forget(transaction: Transaction, before: datetime, most: int, chunk: int = 500) -> int:
    """Delete, of the oldest ``chunk``, those from before that time and those beyond the newest ``most``; how many."""
    oldest = sa.select(changes.c.place, changes.c.at).where(of_community(changes, transaction))
    rows = transaction.connection.execute(oldest.order_by(changes.c.place).limit(chunk)).all()
    last = counters.last(transaction, _PLACES)
    old = [row.place for row in rows if row.at < before or row.place <= last - most]
    if old:  # up to the last of them: a clock that was set back leaves no hole
        gone = (of_community(changes, transaction), changes.c.place <= old[-1])
        transaction.connection.execute(sa.delete(changes).where(*gone))
        counters.put(transaction, _FORGOTTEN, old[-1])
    return len(old)


def begin_anew(transaction: Transaction) -> None:
    """After a backup was put back: places are given a second time, so no cursor from before may be believed."""
    counters.put(transaction, _EPOCH, secrets.randbelow(2**31 - 1) + 1)


# built once: every device asks for the feed all the time
_ADDED = sa.insert(changes)
_BEHIND = (
    columns(changes, ChangeRow)
    .where(
        changes.c.community_id == sa.bindparam("community"),
        changes.c.place > sa.bindparam("behind"),
        changes.c.topic.in_(sa.bindparam("topics", expanding=True)),
    )
    .order_by(changes.c.place)
    .limit(sa.bindparam("most"))
)
_FOR_ONE = _BEHIND.where(changes.c.only.in_(sa.bindparam("named", expanding=True)))


def _change(row: sa.Row[Any]) -> ChangeRow:
    values = row._asdict()
    return ChangeRow(**{**values, "topic": Topic(values["topic"]), "body": json.loads(values["body"])})
