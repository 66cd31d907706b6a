"""``records doors``: where gates stand."""

import argparse
from collections.abc import Callable

from backend_client.contract.gates import DoorKind
from records.context import Records
from records.services.gates import doors
from records.store.gate_doors import DoorRow

Open = Callable[[argparse.Namespace], Records]


def add_commands(commands: argparse.ArgumentParser, open_records: Open, common: argparse.ArgumentParser) -> None:
    """Add what stands below ``records doors``."""
    below = commands.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = below.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(command=lambda options: run(open_records(options), options))
        return added

    add("list", _list, "where gates stand")
    assigning = add("assign", _assign, "say where a gate stands")
    assigning.add_argument("device", help="its number or its name")
    assigning.add_argument("--compound", action="store_true", help="at the community's edge: every right opens it")
    assigning.add_argument("--building", default="", help="of a unit's door")
    assigning.add_argument("--unit", default="", help="of a unit's door")
    assigning.add_argument("--face", action="store_true", help="a face may be offered here")


def _list(records: Records, _options: argparse.Namespace) -> None:
    rows = doors.every(records)
    for each in rows:
        print(_line(each))
    if not rows:
        print("No gate has a door; see: records doors assign")


def _assign(records: Records, options: argparse.Namespace) -> None:
    kind = DoorKind.COMPOUND if options.compound else DoorKind.UNIT
    row = doors.assign(records, options.device, kind, (options.building, options.unit), face=options.face)
    print(f"{row.device_id} stands at: {row.name_en}.")


def _line(row: DoorRow) -> str:
    face = "  face offered" if row.face else ""
    known = "" if row.key else "  not heard yet"
    return f"{row.device_id}  {row.kind}  {row.name_en}{face}{known}"
