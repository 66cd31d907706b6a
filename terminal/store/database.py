"""One SQLite file, opened so that what a transaction wrote is on the disk when the transaction ends.

- WAL and ``synchronous=FULL``: every commit waits for fsync (sqlite.org/pragma.html#pragma_synchronous). The values are
  read back, because SQLite ignores what it can't do.
- ``locking_mode=EXCLUSIVE``: one process owns the file, so the WAL index lives in memory and no -shm file exists.
- ``secure_delete`` overwrites what is deleted; ``temp_store=MEMORY``: no temporary file beside it.
- One connection behind one lock: a terminal writes a few rows a minute, and a single writer can't meet itself.
- With a ``key``, file and WAL are encrypted page by page (ChaCha20-Poly1305, SQLite3 Multiple Ciphers): no page is
  readable without it, or changed unseen. The cipher is a VFS above the one that is given.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

import apsw

from terminal.store.errors import AlreadyRunningError, StoreDamagedError, StoreLockedError, StoreUnwritableError
from terminal.store.migrate import migrate

Value = str | int | float | bytes | None
Row = tuple[Any, ...]  # STRICT tables say what stands in each column

BASE_MIGRATIONS = "terminal.store.migrations"
KEY_BYTES = 32
_CIPHER = "chacha20"
_CIPHER_OVER = (
    "multipleciphers-"  # and the name of the VFS below: SQLite3 Multiple Ciphers adds it when it is asked for
)
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
_WHAT_KEY = "not with this key, or its first page is damaged; without the key it can't be read: enrol this device anew"
_UNWRITABLE = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError)


class Database:
    """An open store. Usable from any thread. ``key``: 32 random bytes; None: the file is not encrypted.
    Raises StoreDamagedError, StoreLockedError, StoreTooNewError and AlreadyRunningError."""

    def __init__(self, path: Path, *migration_packages: str, vfs: str | None = None, key: bytes | None = None) -> None:
        self.path = path
        self._lock = RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = apsw.Connection(str(path), vfs=f"{_CIPHER_OVER}{vfs}" if key and vfs else vfs)
        try:
            if key is not None:
                self._unlock(key)
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

    def execute_many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row, in one transaction."""
        with self.transaction():
            self._connection.executemany(sql, rows)

    def query(self, sql: str, *bindings: Value) -> list[Row]:
        """All rows of a SELECT."""
        with self._lock, _translated(self.path):
            return [tuple(row) for row in self._connection.execute(sql, bindings)]

    def pragma(self, name: str) -> Value:
        """What SQLite says of one of its settings now."""
        with self._lock:
            value: Value = self._connection.pragma(name)
            return value

    def fold(self) -> None:
        """Fold the WAL back into the file and empty it: what was deleted stands in neither any more. Nothing within a
        transaction: whoever ends that folds."""
        with self._lock, _translated(self.path):
            if self._connection.in_transaction:
                return
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Fold the WAL back into the file and let go of it."""
        with self._lock:
            self._connection.close()

    def _unlock(self, key: bytes) -> None:
        """Before anything else is asked of the file. A key of random bytes needs no stretching: ``raw:`` takes it as it
        is (SQLite3 Multiple Ciphers, "ChaCha20 - Poly1305")."""
        if len(key) != KEY_BYTES:
            raise StoreLockedError(f"a key of {len(key)} bytes")
        with _translated(self.path):
            self._connection.pragma("cipher", _CIPHER)
            self._connection.pragma("key", f"raw:{key.hex()}")
            self._connection.pragma("locking_mode", "EXCLUSIVE")  # before the first page is read
            try:
                self._connection.execute("SELECT count(*) FROM sqlite_schema")
            except apsw.NotADBError:
                raise StoreLockedError(f"{self.path.name}: {_WHAT_KEY}") from None

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
