"""Rows and a digest of every table: equal where the same rows are, on whichever database."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.tables import metadata

_AT_ONCE, _FEW = 1000, 4  # rows in memory at a time; of those that may hold a file, of megabytes
_MODULUS = 1 << 256


def of_tables(transaction: Transaction) -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and the sum of their SHA-256, which needs no order."""
    return {table.name: _of(transaction, table) for table in metadata.sorted_tables}


def _of(transaction: Transaction, table: sa.Table) -> tuple[int, str]:
    files = any(isinstance(column.type, sa.LargeBinary) for column in table.columns)
    query = sa.select(table).execution_options(yield_per=_FEW if files else _AT_ONCE)
    count = total = 0
    for row in transaction.connection.execute(query):
        count, total = count + 1, (total + _hash(tuple(row))) % _MODULUS
    return count, f"{total:064x}"


def _hash(row: tuple[Any, ...]) -> int:
    """Of its values, each behind its length and kind."""
    whole = sha256()
    for value in row:
        content = value if isinstance(value, bytes | memoryview) else _text(value).encode("utf-8")
        whole.update(b"%c%d:" % (b"b" if content is value else b"t", len(content)))
        whole.update(content)
    return int.from_bytes(whole.digest(), "big")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"t{value.timestamp():.6f}"
    return f"d{value.isoformat()}" if isinstance(value, date) else f"{type(value).__name__[0]}{value}"
