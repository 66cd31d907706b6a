"""Rows as frozen dataclasses whose fields are the columns of the same names."""

import functools
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, Table

from records.store.database import Transaction

_Record = TypeVar("_Record")


@functools.cache
def columns(table: Table, record: type[Any]) -> Select[Any]:
    """``SELECT`` of the columns that ``record`` has. Made once for each: it was a tenth of what a small query cost."""
    return sa.select(*(table.c[field.name] for field in fields(record)))


def of_community(table: Table, transaction: Transaction) -> ColumnElement[bool]:
    """The condition that every query carries."""
    return table.c.community_id == transaction.community


def as_record(record: Callable[..., _Record], row: Row[Any] | None) -> _Record | None:
    """The row as ``record``, in the order of its fields."""
    return None if row is None else record(*row)


def add(transaction: Transaction, table: Table, record: object) -> None:
    """Insert ``record``."""
    transaction.connection.execute(sa.insert(table), values_of(transaction, record))


def values_of(transaction: Transaction, record: object) -> dict[str, Any]:
    """Its columns' values. Not ``dataclasses.asdict``, whose deep copies were half of an insertion's time."""
    names = _names(type(record))  # type: ignore[arg-type] # mypy takes the __hash__ of instances for the class's
    return {"community_id": transaction.community, **{name: getattr(record, name) for name in names}}


@functools.cache
def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))
