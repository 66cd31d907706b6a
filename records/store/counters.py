"""Numbers that only rise, one row for each: taken under the row's lock, so that none is given twice or skipped."""

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.tables.keeping import counters


def following(transaction: Transaction, name: str) -> int:
    """The next number of ``name``, the first one being 1."""
    mine = (counters.c.community_id == transaction.community, counters.c.name == name)
    raised = sa.update(counters).where(*mine).values(value=counters.c.value + 1).returning(counters.c.value)
    value = transaction.connection.execute(raised).scalar()
    if value is None:
        value = 1
        row = {"community_id": transaction.community, "name": name, "value": value}
        transaction.connection.execute(sa.insert(counters).values(row))
    return int(value)


def last(transaction: Transaction, name: str) -> int:
    """The number of ``name`` that was taken last, 0 before the first."""
    mine = (counters.c.community_id == transaction.community, counters.c.name == name)
    return transaction.connection.execute(sa.select(counters.c.value).where(*mine)).scalar() or 0


def put(transaction: Transaction, name: str, value: int) -> None:
    """Say where ``name`` stands: of those that are set rather than counted."""
    mine = (counters.c.community_id == transaction.community, counters.c.name == name)
    if not transaction.connection.execute(sa.update(counters).where(*mine).values(value=value)).rowcount:
        row = {"community_id": transaction.community, "name": name, "value": value}
        transaction.connection.execute(sa.insert(counters).values(row))
