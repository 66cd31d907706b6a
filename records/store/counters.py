"""Numbers that only rise, one row for each: taken under the row's lock, so that none is given twice or skipped."""

from collections.abc import Collection

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.tables.keeping import counters

# built once: every writer takes a number
_MINE = (counters.c.community_id == sa.bindparam("community"), counters.c.name == sa.bindparam("called"))
RAISED = sa.update(counters).where(*_MINE).values(value=counters.c.value + 1).returning(counters.c.value)
_SUM = counters.c.value + sa.bindparam("by", type_=sa.Integer)
_MOVED = sa.update(counters).where(*_MINE).values(value=sa.case((_SUM < 0, 0), else_=_SUM))
_LAST = sa.select(counters.c.value).where(*_MINE)
_SEVERAL = sa.select(counters.c.name, counters.c.value).where(
    counters.c.community_id == sa.bindparam("community"), counters.c.name.in_(sa.bindparam("called", expanding=True))
)


def following(transaction: Transaction, name: str) -> int:
    """The next number of ``name``, the first one being 1."""
    value = transaction.connection.execute(RAISED, _named(transaction, name)).scalar()
    if value is None:
        value = 1
        row = {"community_id": transaction.community, "name": name, "value": value}
        transaction.connection.execute(sa.insert(counters).values(row))
    return int(value)


def last(transaction: Transaction, name: str) -> int:
    """The number of ``name`` that was taken last, 0 before the first."""
    return transaction.connection.execute(_LAST, _named(transaction, name)).scalar() or 0


def several(transaction: Transaction, names: Collection[str]) -> dict[str, int]:
    """The same for each of ``names``, all as they are at one moment."""
    rows = transaction.connection.execute(_SEVERAL, {"community": transaction.community, "called": list(names)})
    return dict.fromkeys(names, 0) | {row.name: row.value for row in rows}


def put(transaction: Transaction, name: str, value: int) -> None:
    """Say where ``name`` stands: of those that are set rather than counted."""
    put_there = sa.update(counters).where(*_MINE).values(value=value)
    if not transaction.connection.execute(put_there, _named(transaction, name)).rowcount:
        row = {"community_id": transaction.community, "name": name, "value": value}
        transaction.connection.execute(sa.insert(counters).values(row))


def move(transaction: Transaction, name: str, by: int) -> None:
    """Add to ``name``, or take away; never below 0."""
    if not transaction.connection.execute(_MOVED, {**_named(transaction, name), "by": by}).rowcount:
        put(transaction, name, max(0, by))


def _named(transaction: Transaction, name: str) -> dict[str, str]:
    return {"community": transaction.community, "called": name}
