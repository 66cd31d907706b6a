"""Keys of writes, inserted first in the transaction of the write itself.

Of two requests with one key, the second waits for the first's transaction, and then finds its row. A refusal rolls the
row back with everything else, so a refused request may be sent again with the same key. Bodies are kept as a hash.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from records.store.database import Transaction
from records.store.rows import as_record, columns, of_community
from records.store.tables.keeping import idempotency


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that was used. ``serial``: what it led to, empty for a key voided before it reserved."""

    device_id: str
    operation: str
    key: str
    request_hash: str
    created_at: datetime
    serial: str = ""


def claim(transaction: Transaction, row: KeyRow) -> KeyRow | None:
    """Insert the key; the earlier row when it was used before, None when it is ours now."""
    insert = sqlite.insert if transaction.connection.dialect.name == "sqlite" else postgresql.insert
    values = {column.name: getattr(row, column.name) for column in idempotency.c if column.name != "community_id"}
    statement = insert(idempotency).values(community_id=transaction.community, **values).on_conflict_do_nothing()
    # an insert's count of rows is not to be had from every driver
    if transaction.connection.execute(statement.returning(idempotency.c.key)).first() is not None:
        return None
    return find(transaction, row)


def find(transaction: Transaction, row: KeyRow) -> KeyRow | None:
    """The row of the same device, operation and key."""
    query = columns(idempotency, KeyRow).where(*_mine(transaction, row))
    return as_record(KeyRow, transaction.connection.execute(query).first())


def led_to(transaction: Transaction, row: KeyRow, serial: str) -> None:
    """Remember the serial that a key led to."""
    transaction.connection.execute(sa.update(idempotency).where(*_mine(transaction, row)).values(serial=serial))


def _mine(transaction: Transaction, row: KeyRow) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        of_community(idempotency, transaction),
        idempotency.c.device_id == row.device_id,
        idempotency.c.operation == row.operation,
        idempotency.c.key == row.key,
    )
