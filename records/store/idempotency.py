"""Keys of writes, inserted first in the transaction of the write itself.

Of two requests with one key, the second waits for the first's transaction, and then finds its row. A refusal rolls the
row back with everything else, so a refused request may be sent again with the same key. Bodies are kept as a hash.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from records.store.database import Transaction
from records.store.rows import as_record, columns, values_of
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
    statement = _CLAIMED[transaction.connection.dialect.name]
    # an insert's count of rows is not to be had from every driver
    if transaction.connection.execute(statement, values_of(transaction, row)).first() is not None:
        return None
    return find(transaction, row)


def find(transaction: Transaction, row: KeyRow) -> KeyRow | None:
    """The row of the same device, operation and key."""
    return as_record(KeyRow, transaction.connection.execute(_FOUND, _place(transaction, row)).first())


def led_to(transaction: Transaction, row: KeyRow, serial: str) -> None:
    """Remember the serial that a key led to."""
    transaction.connection.execute(_LED, {**_place(transaction, row), "led_to": serial})


def _place(transaction: Transaction, row: KeyRow) -> dict[str, str]:
    return {"of": transaction.community, "by": row.device_id, "to_do": row.operation, "under": row.key}


# built once: the key is looked at by every write
_CLAIMED = {
    name: insert(idempotency).on_conflict_do_nothing().returning(idempotency.c.key)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_MINE = (
    idempotency.c.community_id == sa.bindparam("of"),
    idempotency.c.device_id == sa.bindparam("by"),
    idempotency.c.operation == sa.bindparam("to_do"),
    idempotency.c.key == sa.bindparam("under"),
)
_FOUND = columns(idempotency, KeyRow).where(*_MINE)
_LED = sa.update(idempotency).where(*_MINE).values(serial=sa.bindparam("led_to"))
