"""``records doors``: where gates stand."""

import argparse
from collections.abc import Callable

from backend_client.contract.gates import DoorKind
from records.context import Records
from records.services.gates import doors
from records.store.gate_doors import DoorRow

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_commands(add: Add, open_records: Open) -> None:
    """Add it to the command line's own."""
    text = "list where gates stand, or say where one does: assign DEVICE --compound | --building B --unit U [--face]"
    command = add("doors", lambda options: _doors(open_records(options), options), text)
    actions = command.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="where gates stand")
    assigning = actions.add_parser("assign", help="say where a gate stands")
    assigning.add_argument("device", help="its number or its name")
    assigning.add_argument("--compound", action="store_true", help="at the community's edge: every right opens it")
    assigning.add_argument("--building", default="", help="of a unit's door")
    assigning.add_argument("--unit", default="", help="of a unit's door")
    assigning.add_argument("--face", action="store_true", help="a face may be offered here")


def _doors(records: Records, options: argparse.Namespace) -> None:
    if options.action == "assign":
        _assign(records, options)
        return
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
