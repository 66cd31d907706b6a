"""Rows and a digest of every table: equal where the same rows are, on whichever database."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.tables import metadata

_AT_ONCE = 1000


def of_tables(transaction: Transaction) -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and SHA-256 over them in the order of their keys."""
    return {table.name: _of(transaction, table) for table in metadata.sorted_tables}


def _of(transaction: Transaction, table: sa.Table) -> tuple[int, str]:
    """Sorted by hashes here: what order texts have, each database decides for itself."""
    query = sa.select(table).execution_options(yield_per=_AT_ONCE)
    rows = sorted(_hash(tuple(row)) for row in transaction.connection.execute(query))
    return len(rows), sha256(b"".join(rows)).hexdigest()


def _hash(row: tuple[Any, ...]) -> bytes:
    return sha256("\x1f".join(_text(value) for value in row).encode("utf-8")).digest()


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return f"b{bytes(value).hex()}"
    if isinstance(value, datetime):
        return f"t{value.timestamp():.6f}"
    return f"d{value.isoformat()}" if isinstance(value, date) else f"{type(value).__name__[0]}{value}"
