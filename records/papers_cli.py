"""``records papers``, ``void``, ``applications``, ``confirm-residence`` and ``carry``: papers, by their serials.

Nothing personal is printed: persons are masked as on receipts.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from backend_client.contract.papers import PaperState, VoidReason
from forms.carried import CARRIED_FILE
from records import applications_cli, residences_cli
from records.cli_words import time
from records.context import Records
from records.rules.numbering import is_serial
from records.services import carrying
from records.services.papers import void_by_officer
from records.store import papers
from records.store.papers import PaperRow

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
_SERIAL = "2026-0001-000042-53"


def add_commands(add: Add, open_records: Open) -> None:
    """Add them to the command line's own."""

    def command(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        return add(name, lambda options: run(open_records(options), options), text)

    command("papers", _papers, "list the serials and what became of them")
    command("applications", _applications, "list what is answered at the window, persons masked")
    living = command("confirm-residence", _confirm, "confirm that the holder of a residence receipt lives there")
    living.add_argument("serial", help="of the receipt")
    living.add_argument("--reason", required=True, help="what was seen, with its number in the desk book")
    carry = command("carry", _carry, "write the signed list of issuers and void papers, for checking without a network")
    carry.add_argument("--out", type=Path, default=Path(CARRIED_FILE), metavar="FILE", help="(default: %(default)s)")
    voiding = command("void", _void, "void a paper by hand, a delivered one too")
    voiding.add_argument("serial")
    voiding.add_argument("--reason", choices=[each.value for each in VoidReason], default=VoidReason.OFFICER.value)


def _papers(records: Records, options: argparse.Namespace) -> None:
    del options
    with records.database.reading() as transaction:
        rows = papers.every(transaction)
    for each in rows:
        print(_paper_line(each))
    if not rows:
        print("No serial was ever reserved.")


def _applications(records: Records, options: argparse.Namespace) -> None:
    del options
    print("\n".join(applications_cli.lines(records)) or "Nobody was given a receipt.")


def _confirm(records: Records, options: argparse.Namespace) -> None:
    _say_if_mistyped(options.serial)
    print(residences_cli.confirm(records, options.serial, options.reason))


def _carry(records: Records, options: argparse.Namespace) -> None:
    content = carrying.carried(records)
    carrying.write(options.out, content)
    print(f"{options.out}: {len(content)} bytes. Put it beside root.pem in a trust folder.")


def _void(records: Records, options: argparse.Namespace) -> None:
    _say_if_mistyped(options.serial)
    before = void_by_officer(records, options.serial, VoidReason(options.reason))
    if before.state is PaperState.VOID:
        print(f"{before.serial} was void already, since {time(before.voided_at)} ({before.void_reason}).")
    else:
        print(f"{before.serial} is void. It was {before.state.value}.")


def _say_if_mistyped(serial: str) -> None:
    if not is_serial(serial):
        print(
            f"Note: {serial} is no serial; one looks like {_SERIAL}, its last two digits check the others.",
            file=sys.stderr,
        )


def _paper_line(paper: PaperRow) -> str:
    """Nothing personal: the serial, what became of it and when."""
    is_open = paper.state in {PaperState.RESERVED, PaperState.SEALED}
    steps = (
        ("reserved", paper.reserved_at),
        ("sealed", paper.sealed_at),
        ("delivered", paper.delivered_at),
        ("void", paper.voided_at),
    )
    times = "  ".join(f"{name} {time(at)}" for name, at in steps if at is not None)
    state = f"{paper.state.value} (open)" if is_open else paper.state.value
    return "  ".join(filter(None, (paper.serial, f"{state:16}", times, paper.void_reason)))
