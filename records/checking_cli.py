"""``records check`` and ``records migrate``."""

import argparse
from collections.abc import Callable

from records import checking
from records.context import Records
from records.errors import CheckFailedError, DataFolderError
from records.store import schema

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_commands(add: Add, open_records: Open) -> None:
    """Add them to the command line's own."""
    add("check", lambda options: _check(open_records(options)), "check all that the service needs; status 1: not whole")
    add("migrate", lambda options: _migrate(open_records(options)), "bring the database's tables to this version")


def _migrate(records: Records) -> None:
    """PostgreSQL's tables are changed by this command alone; SQLite's by ``init`` and ``serve`` too."""
    with records.database.reading() as transaction:
        before = schema.found(transaction)
    if before and not schema.is_known(before):
        raise DataFolderError(f"the tables are of a newer version of this program ({before}); install that one")
    records.database.migrate()
    after = schema.wanted()
    print(f"The tables were of version {after} already." if before == after else f"The tables are of version {after}.")


def _check(records: Records) -> None:
    wrong = 0
    for each in checking.findings(records):
        print(f"{'ok  ' if each.good else 'WRONG'}  {each.name}: {each.words}"[:300])
        wrong += not each.good
    if wrong:
        raise CheckFailedError(f"{wrong} of the checks failed")
