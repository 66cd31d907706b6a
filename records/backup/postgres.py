"""A database of PostgreSQL into a backup and out of it, by PostgreSQL's own programs (Debian: postgresql-client)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL

from records.errors import BackupError
from records.store.database import Transaction

_PIECE = 16 << 20
_LONGEST_S = 6 * 3600


def snapshot(transaction: Transaction) -> str:
    """The name under which another connection sees exactly what this transaction sees, while it lasts."""
    unhurried(transaction)
    return str(transaction.connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar())


def unhurried(transaction: Transaction) -> None:
    """This transaction may take its time."""
    for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
        transaction.connection.execute(sa.text(f"SET LOCAL {limit} = 0"))


def is_empty(transaction: Transaction) -> bool:
    """Whether nobody has made a table here."""
    return not sa.inspect(transaction.connection).get_table_names()


def dump(url: URL, exported: str) -> Iterator[bytes]:
    """The database in pg_dump's own form, a piece at a time. BackupError when pg_dump fails."""
    command = ["pg_dump", "--format=custom", "--compress=0", f"--snapshot={exported}", *_where(url)]
    with _running(command, url, subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - as asked for
        with process.stdout as out:
            while piece := out.read(_PIECE):
                yield piece


def fill(url: URL, dumped: Path) -> None:
    """Fill an empty database from a dump, wholly or not at all. BackupError when pg_restore fails."""
    command = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", *_where(url), str(dumped)]
    with _running(command, url, subprocess.DEVNULL):
        pass


@contextmanager
def _running(command: list[str], url: URL, out: int) -> Iterator[subprocess.Popen[bytes]]:
    """Its words are left out of ours: they may quote a row. The password stands in no command line."""
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environment)
    except FileNotFoundError:
        raise BackupError(f"{command[0]} is not installed (Debian: postgresql-client)") from None
    try:
        yield process
        if process.wait(_LONGEST_S):
            raise BackupError(f"{command[0]} failed with status {process.returncode}; run it by hand for its words")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _where(url: URL) -> list[str]:
    """As libpq takes it: the driver's own options are none of its."""
    plain = url.set(drivername="postgresql", password=None).difference_update_query(["options"])
    return ["--dbname", plain.render_as_string(hide_password=False)]
