"""What SQLite and PostgreSQL do differently: how they are opened, and how a writer is made the only one.

What a writing transaction has read can't change before it writes: that is what every rule here is written for. SQLite
gives it with BEGIN IMMEDIATE, for the whole file. PostgreSQL gives it here with a lock that every writer of a community
takes first (``pg_advisory_xact_lock``, let go by the commit itself); at READ COMMITTED, since an older snapshot would
be blind to what the writer before has just committed. Nothing can then fail for being concurrent, so nothing has to be
run again. Readers see one snapshot and hold up nobody, on both.
"""

import hashlib
from typing import Any, Protocol

import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, event

from records.store.group_commit import PATIENCE_S

_BUSY_S = int(PATIENCE_S)  # how long a lock of another process is waited for
_ALONE = sa.text("SELECT set_config('lock_timeout', :waits, true), pg_advisory_xact_lock(:place)")
_WRITES = "lamplight_writes"  # and for how long it waits to be the only one, in seconds


class Dialect(Protocol):
    """One of the two."""

    engine: Engine

    def reader(self, *, once: bool = False) -> Connection:
        """A connection whose next transaction is a consistent view; ``once``: of one statement, a view by itself."""
        ...

    def writer(self, patience_s: float = PATIENCE_S) -> Connection:
        """A connection with a transaction begun, the only one of this community that writes. OperationalError: for
        so long another process was that one, or there is no connection."""
        ...

    def intact(self, connection: Connection) -> bool:
        """Whether that transaction is still open and can be committed."""
        ...


class Sqlite:
    """A file. Its one writer at a time is the database's own rule."""

    def __init__(self, url: URL) -> None:
        # a statement's parameters are personal: they stand in no error text
        self.engine = sa.create_engine(url, hide_parameters=True, pool_size=10, max_overflow=40)
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)

    def reader(self, *, once: bool = False) -> Connection:
        """See Dialect."""
        del once  # to begin and to end is no round trip
        return self.engine.connect()

    def writer(self, patience_s: float = PATIENCE_S) -> Connection:
        """See Dialect."""
        return _begun(self.engine, **{_WRITES: patience_s})

    def intact(self, connection: Connection) -> bool:
        """See Dialect."""
        return bool(_driver(connection).in_transaction)


class PostgreSQL:
    """A server. ``connections``: at most so many at once."""

    def __init__(self, url: URL, community: str, connections: int) -> None:
        arguments = {
            "connect_timeout": 5,
            "tcp_user_timeout": 1000 * _BUSY_S,  # of a server that is gone without a word
            "application_name": "lamplight-records",
            "options": _options(url),
        }
        self.engine = sa.create_engine(
            url,
            hide_parameters=True,
            connect_args=arguments,
            isolation_level="READ COMMITTED",
            pool_size=connections,
            max_overflow=0,
            pool_timeout=_BUSY_S,
        )
        self._readers = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._askers = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._place = int.from_bytes(hashlib.sha256(f"writer of {community}".encode()).digest()[:8], signed=True)

    def reader(self, *, once: bool = False) -> Connection:
        """See Dialect."""
        return (self._askers if once else self._readers).connect()

    def writer(self, patience_s: float = PATIENCE_S) -> Connection:
        """See Dialect."""
        connection = _begun(self.engine)
        try:
            connection.execute(_ALONE, {"waits": f"{_milliseconds(patience_s)}ms", "place": self._place})
        except BaseException:
            connection.close()
            raise
        return connection

    def intact(self, connection: Connection) -> bool:
        """See Dialect."""
        return not connection.invalidated and _driver(connection).info.transaction_status == TransactionStatus.INTRANS


def opened(url: URL, community: str, connections: int) -> Dialect:
    """The one that ``url`` names. Nothing is connected yet."""
    return Sqlite(url) if url.get_backend_name() == "sqlite" else PostgreSQL(url, community, connections)


def _begun(engine: Engine, **options: float) -> Connection:
    connection = engine.connect()
    try:
        connection = connection.execution_options(**options)
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection


def _driver(connection: Connection) -> Any:  # noqa: ANN401 - the driver's own connection has no common type
    return connection.connection.driver_connection


def _options(url: URL) -> str:
    """Of the server's session: nothing waits for ever, and times are told in UTC. The URL's own come last."""
    own = url.query.get("options", "")
    waits = {"lock_timeout": _BUSY_S, "statement_timeout": 3 * _BUSY_S, "idle_in_transaction_session_timeout": 60}
    settings = [f"-c {name}={seconds}s" for name, seconds in waits.items()]
    return " ".join([*settings, "-c timezone=UTC", own if isinstance(own, str) else " ".join(own)]).strip()


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the DBAPI has no types
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",  # a sort of residents leaves no file behind
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    patience_s = connection.get_execution_options().get(_WRITES)
    waits = _milliseconds(PATIENCE_S if patience_s is None else patience_s)  # the connection keeps what was said last
    _driver(connection).execute(f"PRAGMA busy_timeout={waits}").close()
    connection.exec_driver_sql("BEGIN" if patience_s is None else "BEGIN IMMEDIATE")


def _milliseconds(seconds: float) -> int:
    """One at least: to PostgreSQL none means for ever."""
    return max(1, int(1000 * seconds))
