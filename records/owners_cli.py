"""``records owners import FILE.csv``: the register of owners, whom a new tenancy asks."""

import argparse
from collections.abc import Callable
from pathlib import Path

from records.context import Records
from records.services.tenancies import owning

Open = Callable[[argparse.Namespace], Records]


def add_commands(owners: argparse.ArgumentParser, open_records: Open, common: argparse.ArgumentParser) -> None:
    """Make ``owners import`` a command."""
    commands = owners.add_subparsers(required=True, metavar="COMMAND")
    text = "take over a file of the register of owners: building, unit, room, id_number, since; until, if it is over"
    taking = commands.add_parser("import", help=text, description=text, parents=[common])
    taking.add_argument("file", type=Path, metavar="FILE.csv")
    taking.set_defaults(command=lambda options: _import(open_records(options), options.file))


def _import(records: Records, file: Path) -> None:
    print("\n".join(owning.said(owning.take_over(records, file))))
