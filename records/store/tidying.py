"""Deleting a little at a time, so that nobody who writes waits long."""

import sqlalchemy as sa
from sqlalchemy import Table

from records.store.database import Transaction
from records.store.rows import of_community


def delete_some(transaction: Transaction, table: Table, *conditions: sa.ColumnElement[bool], most: int) -> int:
    """Delete at most ``most`` rows of the community that fulfil ``conditions``; how many."""
    key = [column for column in table.primary_key.columns if column.name != "community_id"]
    mine = (of_community(table, transaction), *conditions)
    some = sa.select(*key).where(*mine).limit(most)
    chosen = key[0].in_(some) if len(key) == 1 else sa.tuple_(*key).in_(some)
    return int(transaction.connection.execute(sa.delete(table).where(*mine, chosen)).rowcount)
