"""Deleting a little at a time, so that nobody who writes waits long.

What is to go is looked for while others write, since that may take a walk through the whole table; only the deleting
takes its turn among the writers.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Table

from records.store.database import Database, Transaction
from records.store.rows import of_community


def delete_some(database: Database, table: Table, *conditions: sa.ColumnElement[bool], most: int) -> int:
    """Delete at most ``most`` rows of the community that fulfil ``conditions``; how many were found."""
    with database.reading() as transaction:
        found = _keys(transaction, table, conditions, most)
    if found:
        with database.writing() as transaction:
            _delete(transaction, table, conditions, found)
    return len(found)


def _keys(
    transaction: Transaction, table: Table, conditions: Sequence[sa.ColumnElement[bool]], most: int
) -> list[sa.Row[Any]]:
    query = sa.select(*_key(table)).where(of_community(table, transaction), *conditions).limit(most)
    return list(transaction.connection.execute(query))


def _delete(
    transaction: Transaction, table: Table, conditions: Sequence[sa.ColumnElement[bool]], found: list[sa.Row[Any]]
) -> None:
    """By the conditions again: a row may have another time by now."""
    key = _key(table)
    one = len(key) == 1
    chosen = key[0].in_([row[0] for row in found]) if one else sa.tuple_(*key).in_([tuple(row) for row in found])
    transaction.connection.execute(sa.delete(table).where(of_community(table, transaction), *conditions, chosen))


def _key(table: Table) -> list[Column[Any]]:
    """The primary key, without the community."""
    return [column for column in table.primary_key.columns if column.name != "community_id"]
