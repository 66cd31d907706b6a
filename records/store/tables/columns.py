"""What every table is made of."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_CONVENTION)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: SQLite forgets zones, so it is told and asked in UTC alone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database. A naive time is a mistake of ours: it fails here rather than being guessed."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key(name: str, length: int = 64) -> "Column[str]":
    """A column of the primary key."""
    return Column(name, String(length), primary_key=True)


def text(name: str, length: int = 200) -> "Column[str]":
    """A text that may be empty."""
    return Column(name, String(length), nullable=False, server_default="")
