"""Numbered SQL files, applied once each, in order.

A package of migrations holds ``0001_what.sql``, ``0002_what.sql`` ... without a gap. What was applied stands in
``schema_version``; a file written by a newer release is refused rather than guessed at. A released file never changes:
its digest is kept, and a difference is an error at open.
"""

from hashlib import sha256
from importlib.resources import files

import apsw

from terminal.store.errors import StoreError, StoreTooNewError

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
    package TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (package, number)
) STRICT, WITHOUT ROWID
"""


def migrate(connection: apsw.Connection, packages: tuple[str, ...]) -> None:
    """Bring the open transaction's file to this release's schema. Raises StoreTooNewError."""
    connection.execute(_TABLE)
    for package in packages:
        _migrate_package(connection, package, _scripts(package))


def _migrate_package(connection: apsw.Connection, package: str, scripts: list[str]) -> None:
    query = "SELECT digest FROM schema_version WHERE package = ? ORDER BY number"
    applied = [str(row[0]) for row in connection.execute(query, (package,))]
    if len(applied) > len(scripts):
        raise StoreTooNewError(f"{package}: the file has {len(applied)}, this release knows {len(scripts)}")
    for number, script in enumerate(scripts, start=1):
        digest = sha256(script.encode()).hexdigest()
        if number > len(applied):
            connection.execute(script)
            connection.execute("INSERT INTO schema_version VALUES (?, ?, ?)", (package, number, digest))
        elif applied[number - 1] != digest:
            raise StoreError(f"{package}: migration {number} is not the one that was applied")


def _scripts(package: str) -> list[str]:
    """The package's scripts in order. Raises StoreError when the numbers have a gap."""
    named = sorted((entry.name, entry) for entry in files(package).iterdir() if entry.name.endswith(".sql"))
    for expected, (name, _) in enumerate(named, start=1):
        if not name.startswith(f"{expected:04d}_"):
            raise StoreError(f"{package}: {name} stands where {expected:04d} should")
    return [entry.read_text("utf-8") for _, entry in named]
