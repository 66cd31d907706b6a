"""Rows as frozen dataclasses whose fields are the columns of the same names."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, Table

from records.store.database import Transaction

_Record = TypeVar("_Record")


def columns(table: Table, record: type[Any]) -> Select[Any]:
    """``SELECT`` of the columns that ``record`` has."""
    return sa.select(*(table.c[field.name] for field in fields(record)))


def of_community(table: Table, transaction: Transaction) -> ColumnElement[bool]:
    """The condition that every query carries."""
    return table.c.community_id == transaction.community


def as_record(record: Callable[..., _Record], row: Row[Any] | None) -> _Record | None:
    """The row as ``record``, in the order of its fields."""
    return None if row is None else record(*row)


def add(transaction: Transaction, table: Table, record: object) -> None:
    """Insert ``record``."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type] # a dataclass
    transaction.connection.execute(sa.insert(table).values(community_id=transaction.community, **values))
