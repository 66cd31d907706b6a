"""One engine, two kinds of transaction: reading, and writing.

SQLite has one writer at a time. Writers of this process queue on a lock, which is fair, rather than on SQLite's own
polling, which is not; other processes (the command line) are waited for by ``busy_timeout``. A writing transaction
takes the database's write lock at its beginning, so that what it read can't change before it writes.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, event

_BUSY_TIMEOUT_MS = 10_000
_WRITES = "lamplight_writes"
_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction of one community."""

    connection: Connection
    community: str


class Database:
    """The records of one community in one database."""

    def __init__(self, url: str, community: str) -> None:
        self._engine = _engine(url)
        self._community = community
        sqlite = self._engine.dialect.name == "sqlite"
        self._writer: AbstractContextManager[Any] = threading.Lock() if sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A consistent view; nothing is written."""
        with self._engine.connect() as connection, connection.begin():
            yield Transaction(connection, self._community)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """All or nothing: committed at the end, rolled back on any exception."""
        with self._writer, self._engine.connect() as connection:
            writer = connection.execution_options(**{_WRITES: True})
            with writer.begin():
                yield Transaction(writer, self._community)

    def migrate(self) -> None:
        """Bring the tables to this version, from nothing or from any earlier one."""
        settings = Config()
        settings.set_main_option("script_location", str(_MIGRATIONS))
        with self.writing() as transaction:
            settings.attributes["connection"] = transaction.connection
            command.upgrade(settings, "head")

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    # a statement's parameters are personal: they stand in no error text
    engine = sa.create_engine(url, hide_parameters=True, pool_size=10, max_overflow=40)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the DBAPI has no types
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",  # a sort of residents leaves no file behind
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
