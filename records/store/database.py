"""One database, two kinds of transaction: reading, and writing.

Writers come one after another, in the order they asked (``group_commit``); how the database keeps other processes out
meanwhile stands in ``dialects``. So what a writing transaction has read can't change before it writes.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL, Connection

from records.store import dialects
from records.store.group_commit import GroupCommit

_MIGRATIONS = Path(__file__).parent / "migrations"
_CONNECTIONS = 20


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction of one community."""

    connection: Connection
    community: str


class Database:
    """The records of one community in one database: a file of SQLite, or a database of a PostgreSQL server."""

    def __init__(self, url: str | URL, community: str, connections: int = _CONNECTIONS) -> None:
        self._dialect = dialects.opened(sa.make_url(url), community, connections)
        self._community = community
        self._writers = GroupCommit(self._dialect.writer, self._dialect.intact)

    @contextmanager
    def reading(self, *, once: bool = False) -> Iterator[Transaction]:
        """A consistent view; nothing is written. Inside another transaction it is that one: a writer's reads then see
        what those before it in its group have written, and whoever reads holds one connection. ``once``: a single
        statement is asked, which is one round trip instead of three."""
        open_one = _open.get()
        if open_one is not None and (open_one.database, open_one.thread) == (self, threading.get_ident()):
            yield open_one.transaction
            return
        with self._dialect.reader(once=once) as connection, connection.begin(), self._opened(connection) as transaction:
            yield transaction

    @contextmanager
    def writing(self, *, urgent: bool = False) -> Iterator[Transaction]:
        """All or nothing: committed at the end, rolled back on any exception. Never inside another one. ``urgent``:
        before all who wait to write."""
        with self._writers.member(urgent=urgent) as connection, self._opened(connection) as transaction:
            yield transaction

    @contextmanager
    def alone(self) -> Iterator[Transaction]:
        """The same, sharing neither connection nor commit, however long it takes: of work that changes tables."""
        with closing(self._dialect.writer()) as connection, self._opened(connection) as transaction:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield transaction
            connection.commit()

    def migrate(self) -> None:
        """Bring the tables to this version, from nothing or from any earlier one."""
        from alembic import command  # noqa: PLC0415 - with all its databases, which most commands start faster without
        from alembic.config import Config  # noqa: PLC0415 - the same

        logging.getLogger("alembic").setLevel(logging.WARNING)
        settings = Config()
        settings.set_main_option("script_location", str(_MIGRATIONS))
        with self.alone() as transaction:
            settings.attributes["connection"] = transaction.connection
            command.upgrade(settings, "head")

    def close(self) -> None:
        """Let go of every connection."""
        self._dialect.engine.dispose()

    @contextmanager
    def _opened(self, connection: Connection) -> Iterator[Transaction]:
        before, transaction = _open.get(), Transaction(connection, self._community)
        _open.set(_Open(self, threading.get_ident(), transaction))
        try:
            yield transaction
        finally:
            _open.set(before)


@dataclass(frozen=True, slots=True)
class _Open:
    """A transaction that is open, and whose thread it is: a context may be copied into another one."""

    database: Database
    thread: int
    transaction: Transaction


_open: ContextVar[_Open | None] = ContextVar("open", default=None)  # of a thread, and on an event loop of a task
