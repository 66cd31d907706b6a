"""``records audit``: whether the chain of hashes holds, the last deeds, and the end of the oldest ones. A person is not
named in it."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import date, datetime, time

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import URL, RowMapping
from sqlalchemy.exc import ProgrammingError

from forms.paper import CHINA_TIME
from records import cli_words, databases
from records.checking_cli import owner_url
from records.context import Records
from records.errors import AuditBrokenError, DatabaseUnusableError, SettingsError
from records.rules.periods import bureau_time
from records.store import audit
from records.store.database import Database

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
_KEPT_YEARS = 3


def add_command(add: Add, open_records: Open) -> None:
    """Add it to the command line's own."""
    command = add("audit", lambda options: _audit(open_records(options), options), "check the audit's chain of hashes")
    command.add_argument("--show", type=int, default=0, metavar="N", help="print the last N deeds too")
    until = f"first take out what is older than this day, {_KEPT_YEARS} years ago at the latest"
    command.add_argument("--retire-before", type=date.fromisoformat, metavar="DATE", help=until)
    command.add_argument("--url", type=owner_url, help="the database's, as the owner of its tables, to retire with")


def _audit(records: Records, options: argparse.Namespace) -> None:
    if options.retire_before:
        print(f"{retired(records, options.retire_before, options.url)} rows are taken out; the last one is the anchor.")
    print("\n".join(lines(records, options.show)))


def retired(records: Records, before: date, url: URL | None = None) -> int:
    """Take out what is older; how many rows. ``url``: of the owner of the tables, else as the service's own user."""
    now = bureau_time(records.clock.now())
    if before > now.date().replace(year=now.year - _KEPT_YEARS, day=min(now.day, 28)):
        raise SettingsError(f"the audit is kept for {_KEPT_YEARS} years: {before} is too late")
    oldest = datetime.combine(before, time.min, CHINA_TIME)
    try:
        with _owned(records, url) as database, databases.in_words():
            return audit.retire(database, oldest, records.clock.now())
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise DatabaseUnusableError("only the owner of the tables may do that: say --url with its address") from None


def _owned(records: Records, url: URL | None) -> AbstractContextManager[Database]:
    return nullcontext(records.database) if url is None else closing(Database(url, records.settings.community))


def lines(records: Records, shown: int) -> list[str]:
    """The last deeds, then what the check found. AuditBrokenError."""
    with records.database.reading() as transaction:
        broken, rows = audit.first_break(transaction), audit.length(transaction)
        deeds = audit.latest(transaction, shown)
    if broken is not None:
        raise AuditBrokenError(f"the audit does not hold from row {broken} on: it was changed, or a row is missing")
    return [*map(_line, deeds), f"The audit holds: {rows} rows, each following from the one before."]


def _line(deed: RowMapping) -> str:
    """Who did what when, as it is kept."""
    facts = (f"{name}={value}" for name, value in json.loads(deed["facts"]).items())
    told = (str(deed["seq"]), cli_words.time(deed["at"]), deed["action"], deed["device_id"], deed["visit"], *facts)
    line = "  ".join(filter(None, told))
    return "".join(each if each.isprintable() else "�" for each in line)  # devices' words move no terminal's cursor
