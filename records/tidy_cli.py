"""``records tidy``: delete now what is kept no longer, as the service does every hour; or say how long all is kept."""

import argparse
from collections.abc import Callable

from records.cli_words import days
from records.context import Records
from records.services import retention

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_command(add: Add, open_records: Open) -> None:
    """Make ``tidy`` a command."""
    tidying = add("tidy", lambda options: _run(open_records(options), options), "delete what is kept no longer")
    tidying.add_argument("--rules", action="store_true", help="only say how long everything is kept")


def _run(records: Records, options: argparse.Namespace) -> None:
    print("\n".join(_rules(records) if options.rules else _tidied(records)))


def _tidied(records: Records) -> list[str]:
    deleted = retention.tidy(records)
    return [f"{table}: {count} deleted" for table, count in deleted.items()] or ["Nothing had to go."]


def _rules(records: Records) -> list[str]:
    kept = [f"{rule.table:20} {_span(rule, records)}" for rule in retention.RULES]
    return [*kept, *(f"{table:20} not deleted: {why}" for table, why in retention.KEPT.items())]


def _span(rule: retention.Rule, records: Records) -> str:
    span = rule.keeps(records.settings)
    return days(span.days) if span.days else f"{span.seconds // 3600} hours"
