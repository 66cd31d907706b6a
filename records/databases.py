"""Which database the settings name, and what keeps it from being used, in words that an operator can act on."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from records.errors import DatabaseUnusableError, MigrationError
from records.sections import DatabaseSettings
from records.store import guard, schema
from records.store.database import Database, Transaction
from records.store.tables.keeping import counters

FILE = "records.sqlite"
ADVICE = "make room on its disk, end what holds it, or restore the folder from the backup"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_REFUSALS = {
    "password authentication failed": "the password of its user is wrong, or missing",
    "no password supplied": "the password of its user is missing",
    "does not exist": "there is no such database, or no such user",
    "no pg_hba.conf entry": "the server takes no connection of that user from here (its pg_hba.conf)",
    "too many": "all connections of the server are taken",
    "starting up": "the server is starting up: try again",
    "permission denied": "its user may not connect to it",
}


def opened(folder: Path, settings: DatabaseSettings, community: str) -> Database:
    """The database of a data folder. Nothing is connected yet. DatabaseUnusableError: its password can't be read."""
    return Database(place(folder, settings), community, settings.connections)


def place(folder: Path, settings: DatabaseSettings) -> URL:
    """Where it is, with its password, which no text of a URL shows."""
    if not settings.url:
        return sa.make_url(f"sqlite:///{folder / FILE}")
    url = sa.make_url(settings.url)
    return url.set(password=_password(folder / settings.password_file)) if settings.password_file else url


def about_password(settings: DatabaseSettings) -> str:
    """What to do about a password that stands in the settings, where more people look than may know it; else empty."""
    url = sa.make_url(settings.url) if settings.url else None
    if url is None or not (url.password or "password" in url.query):
        return ""
    return (
        "The database's password stands in records.toml. Take it out of [database] url, write it into a file beside it "
        "(chmod 600), and name that file there as password_file."
    )


def require_known(database: Database, settings: DatabaseSettings) -> str:
    """The version of the tables, empty where there are none yet. DatabaseUnusableError: it can't be reached, or holds
    another community's records; MigrationError: a newer program made it. Then it is closed."""
    with _closed_on_error(database), in_words(), database.reading() as transaction:
        version = schema.found(transaction)
        if version and not schema.is_known(version):
            raise MigrationError(
                f"the tables are of version {version}, which this program does not know: start the newer program that "
                "made them, or restore the backup from before"
            )
        if version and not settings.shared:
            _require_ours(transaction)
    return version


def bring_up_to_date(database: Database, settings: DatabaseSettings) -> None:
    """Migrate if it is needed. MigrationError: this user may not; the rest as ``require_known``."""
    version = require_known(database, settings)
    if version == schema.wanted():
        return
    try:
        with _closed_on_error(database), in_words():
            database.migrate()
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise MigrationError(
            f"the tables are of version {version or '0'}, this program needs {schema.wanted()}, and its user may not "
            "change tables: run records migrate --url with the URL of the tables' owner"
        ) from None


def migrate_as_owner(folder: Path, settings: DatabaseSettings, community: str, url: URL) -> None:
    """Bring the tables to this version as another user, who owns them; the service's own may then use them, and only
    add to the audit."""
    database = Database(url, community)
    try:
        bring_up_to_date(database, settings)
        user = place(folder, settings).username
        if user and user != url.username:
            with in_words(), database.alone() as transaction:
                guard.allow(transaction, user)
    finally:
        database.close()


@contextmanager
def in_words() -> Iterator[None]:
    """Why a server lets nobody in."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, psycopg.Error):
            raise DatabaseUnusableError(f"the database can't be used: {_reason(error.orig)}") from None
        raise


@contextmanager
def _closed_on_error(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _reason(error: psycopg.Error) -> str:
    """The server's words may be in any language: what is not found in them is said in general."""
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return "another service holds what is needed: stop it first"
    if error.sqlstate:  # it was connected
        return f"the server refused ({error.sqlstate}): its own log says why"
    said = str(error)
    if found := next((words for sign, words in _REFUSALS.items() if sign in said), ""):
        return found
    if "FATAL" in said:
        return "the server refused: its own log says why; see the section database of records.toml"
    return (
        "nobody answers at its address: start the server, or correct the address: --url, or else url in the section "
        "database of records.toml"
    )


def _require_ours(transaction: Transaction) -> None:
    """Counters are there from a community's first deed on."""
    there = set(transaction.connection.scalars(sa.select(counters.c.community_id).distinct()))
    if there and transaction.community not in there:
        raise DatabaseUnusableError(
            f"the database holds the records of {', '.join(sorted(there))}, not of {transaction.community}: correct "
            "url in the section database of records.toml, or community, or say shared = true if both belong there"
        )


def _password(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise DatabaseUnusableError(
                    f"others may read {path.name}: chmod 600 it, and have the password of the database changed"
                )
            password = file.read().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise DatabaseUnusableError(f"{path.name}, which holds the database's password, can't be read") from None
    if not password:
        raise DatabaseUnusableError(f"{path.name} holds no password for the database")
    return password
