"""One SQLite file, opened so that what a transaction wrote is on the disk when the transaction ends.

- WAL and ``synchronous=FULL``: every commit waits for fsync (sqlite.org/pragma.html#pragma_synchronous). The values are
  read back, because SQLite ignores what it can't do.
- ``locking_mode=EXCLUSIVE``: one process owns the file, so the WAL index lives in memory and no -shm file exists.
- ``secure_delete`` overwrites what is deleted; ``temp_store=MEMORY``: no temporary file beside it.
- One connection behind one lock: a terminal writes a few rows a minute, and a single writer can't meet itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

import apsw

from terminal.store.errors import AlreadyRunningError, StoreDamagedError, StoreUnwritableError
from terminal.store.migrate import migrate

Value = str | int | float | bytes | None
Row = tuple[Any, ...]  # STRICT tables say what stands in each column

BASE_MIGRATIONS = "terminal.store.migrations"
_BUSY_TIMEOUT_MS = 2000
_PRAGMAS: tuple[tuple[str, str, Value], ...] = (  # in this order: the lock decides how the WAL keeps its index
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("foreign_keys", "ON", 1),
)
_WHAT_TO_DO = (
    "move the file aside and keep it for the bureau; revoke this device at records, which voids what it left open, "
    "and enrol it anew"
)
_UNWRITABLE = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError)


class Database:
    """An open store. Usable from any thread. Raises StoreDamagedError, StoreTooNewError and AlreadyRunningError."""

    def __init__(self, path: Path, *migration_packages: str, vfs: str | None = None) -> None:
        self.path = path
        self._lock = RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = apsw.Connection(str(path), vfs=vfs)
        try:
            self._prepare((BASE_MIGRATIONS, *migration_packages))
        except BaseException:
            self._close_quietly()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and durable when the block is left. Nested blocks join the outer one."""
        with self._lock, _translated(self.path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(apsw.Error):  # the first error is the one that counts; a lost file has no transaction
                    self._connection.execute("ROLLBACK")
                raise

    def execute(self, sql: str, *bindings: Value) -> int:
        """Run one statement in its own transaction (or the current one); the number of rows changed."""
        with self.transaction():
            self._connection.execute(sql, bindings)
            return self._connection.changes()

    def query(self, sql: str, *bindings: Value) -> list[Row]:
        """All rows of a SELECT."""
        with self._lock, _translated(self.path):
            return [tuple(row) for row in self._connection.execute(sql, bindings)]

    def pragma(self, name: str) -> Value:
        """What SQLite says of one of its settings now."""
        with self._lock:
            value: Value = self._connection.pragma(name)
            return value

    def close(self) -> None:
        """Fold the WAL back into the file and let go of it."""
        with self._lock:
            self._connection.close()

    def _prepare(self, packages: tuple[str, ...]) -> None:
        with _translated(self.path):
            self._connection.set_busy_timeout(_BUSY_TIMEOUT_MS)
            for name, wanted, answer in _PRAGMAS:
                self._connection.pragma(name, wanted)
                if self._connection.pragma(name) != answer:
                    raise StoreUnwritableError(f"SQLite refuses {name}={wanted}")
            self._check()
        with self.transaction():
            migrate(self._connection, packages)

    def _check(self) -> None:
        if self._connection.pragma("quick_check", 1) != "ok":
            raise StoreDamagedError(f"{self.path.name}: {_WHAT_TO_DO}")

    def _close_quietly(self) -> None:
        with suppress(apsw.Error):
            self._connection.close(force=True)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's own errors, as far as someone can act on them, under our names."""
    try:
        yield
    except (apsw.NotADBError, apsw.CorruptError):
        raise StoreDamagedError(f"{path.name}: {_WHAT_TO_DO}") from None
    except apsw.BusyError:
        raise AlreadyRunningError(f"another process holds {path.name}") from None
    except _UNWRITABLE as error:
        raise StoreUnwritableError(type(error).__name__) from error
