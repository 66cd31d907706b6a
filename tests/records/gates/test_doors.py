"""Where gates stand, by command; and a door that is another gate's business from then on."""

from pathlib import Path

import pytest

from backend_client.contract.gates import DoorKind
from records.cli import main
from records.context import Records
from records.errors import UnknownNameError
from records.services.gates import doors
from tests.support import at_gates
from tests.support.at_gates import HOME, cursor, give, heard, new_card, take
from tests.support.records_client import KioskClient


def test_a_gate_that_is_moved_reads_its_new_door_and_knows_the_old_one_no_more(records: Records) -> None:
    gate, right = at_gates.at_unit(records), give(records)
    take(records, right, card=new_card())
    assert at_gates.snapshot(gate).count == 1
    since = cursor(gate)
    doors.assign(records, gate.device_id, DoorKind.UNIT, ("6", "2"), face=False)
    assert [each["topic"] for each in heard(gate, since)] == ["gates"]
    moved = at_gates.snapshot(gate)
    assert (moved.count, moved.door.building, moved.door.unit) == (0, "6", "2")


@pytest.mark.parametrize(("kind", "place"), [(DoorKind.UNIT, ("5", "")), (DoorKind.COMPOUND, ("5", "1"))])
def test_a_door_needs_its_own_place(records: Records, kind: DoorKind, place: tuple[str, str]) -> None:
    gate = at_gates.at_compound(records)
    with pytest.raises(UnknownNameError):
        doors.assign(records, gate.device_id, kind, place, face=False)


def test_a_kiosk_has_no_door(records: Records, kiosk: KioskClient) -> None:
    with pytest.raises(UnknownNameError):
        doors.assign(records, kiosk.device_id, DoorKind.COMPOUND, face=False)


def test_the_command_assigns_and_lists(records: Records, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate = at_gates.at_compound(records)
    place = ["--building", "5", "--unit", "1", "--face"]
    assert main(["doors", "assign", gate.device_id, *place, "--data", str(folder)]) == 0
    assert main(["doors", "list", "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"{gate.device_id} stands at: Building 5, unit 1." in said
    assert "face offered  not heard yet" in said
    assert main(["doors", "assign", "nobody", "--compound", "--data", str(folder)]) == 1


def test_a_unit_that_there_is_not_is_refused_and_the_gate_stays_where_it_stands(
    records: Records, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = at_gates.at_unit(records)
    for building, unit in (("99", "7"), ("5", "7")):
        place = ["--building", building, "--unit", unit]
        assert main(["doors", "assign", gate.device_id, *place, "--data", str(folder)]) == 1
        assert f"no flat here has building {building}, unit {unit}" in capsys.readouterr().err
    (door,) = doors.every(records)
    assert (door.building, door.unit) == HOME[:2]
