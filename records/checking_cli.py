"""``records check`` and ``records migrate``."""

import argparse
from collections.abc import Callable

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from records import checking, databases, settings
from records.context import Records
from records.errors import CheckFailedError, DataFolderError
from records.store import schema

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
_OWNER = "of PostgreSQL's database, as the owner of its tables; the password in $PGPASSWORD or ~/.pgpass"


def add_commands(add: Add, open_records: Open) -> None:
    """Add them to the command line's own."""
    add("check", lambda options: _check(open_records(options)), "check all that the service needs; status 1: not whole")
    migrating = add("migrate", _migrate, "bring the database's tables to this version")
    migrating.add_argument("--url", type=owner_url, help=_OWNER)


def owner_url(text: str) -> URL:
    """A database's address without a password: whoever lists the processes reads it."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise argparse.ArgumentTypeError("an address looks like this: postgresql://owner@host/database") from None
    if url.get_backend_name() != "postgresql" or url.password:
        raise argparse.ArgumentTypeError("an address of PostgreSQL, without a password: postgresql://owner@host/name")
    return url


def _migrate(options: argparse.Namespace) -> None:
    chosen = settings.load(options.data)
    if options.url and not chosen.database.url:
        raise DataFolderError(f"{settings.FILE_NAME} names no server: its section database has no url")
    if options.url:
        databases.migrate_as_owner(options.data, chosen.database, chosen.community, options.url)
    else:
        database = databases.opened(options.data, chosen.database, chosen.community)
        try:
            databases.bring_up_to_date(database, chosen.database)
        finally:
            database.close()
    print(f"The tables are of version {schema.wanted()}.")


def _check(records: Records) -> None:
    wrong = 0
    for each in checking.findings(records):
        print(f"{'ok  ' if each.good else 'WRONG'}  {each.name}: {each.words}"[:300])
        wrong += not each.good
    if wrong:
        raise CheckFailedError(f"{wrong} of the checks failed")
