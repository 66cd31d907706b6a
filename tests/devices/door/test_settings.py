"""A door's table in the configuration, and what production refuses."""

import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from devices.catalog import build_door, door_refusals
from devices.door.api import DoorReason
from devices.door.driver import DoorDriver
from devices.door.osdp import OsdpMechanism
from devices.door.relay import RelayMechanism
from devices.door.settings import DoorSettings, OsdpDoorSettings, RelayDoorSettings
from devices.health import Level
from tests.devices.door.conftest import eventually

DOOR: TypeAdapter[DoorSettings] = TypeAdapter(DoorSettings)
OSDP = {"kind": "osdp", "port": "/dev/none-such-door", "key_file": "door.key"}
RELAY = {"kind": "relay", "chip": "/dev/none-such-chip", "line": 4}


@pytest.mark.parametrize(("values", "mechanism"), [(OSDP, OsdpMechanism), (RELAY, RelayMechanism)])
def test_each_kind_gets_its_real_driver_and_opens_nothing_yet(values: dict[str, object], mechanism: type) -> None:
    door = build_door(DOOR.validate_python(values))
    assert isinstance(door, DoorDriver)
    assert isinstance(door._mechanism, mechanism)
    assert door._thread is None
    door.close()


@pytest.mark.parametrize(("values", "reason"), [(OSDP, DoorReason.PORT_MISSING), (RELAY, DoorReason.CHIP_MISSING)])
def test_what_is_not_there_is_said(values: dict[str, object], reason: DoorReason) -> None:
    """By the real driver of each kind, libgpiod's included."""
    door = build_door(DOOR.validate_python(values))
    try:
        assert eventually(lambda: door.health().reason == reason)
        assert door.health().level is Level.DOWN
    finally:
        door.close()


@pytest.mark.parametrize(
    "wrong",
    [
        OSDP | {"kind": "magnet"},
        OSDP | {"address": 127},
        OSDP | {"baud": 300},
        OSDP | {"inputs": {"contact": -1}},
        OSDP | {"inputs": {"inverted": ["strike"]}},
        {"kind": "osdp", "port": "/dev/ttyS4"},
        RELAY | {"chip": "gpiochip0"},
        RELAY | {"colour": "red"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DOOR.validate_python(wrong)


def test_production_refuses_a_program_in_a_doors_place(tmp_path: Path) -> None:
    """A pseudo terminal, under any name; a plain file; a name that anybody may lay."""
    master, slave = os.openpty()
    try:
        link = tmp_path / "door.tty"
        link.symlink_to(os.ttyname(slave))
        for port in (os.ttyname(slave), str(link)):
            assert door_refusals(OsdpDoorSettings(kind="osdp", port=port, key_file=Path("k"))) == ["door-port-is-a-pty"]
    finally:
        os.close(master)
        os.close(slave)
    (tmp_path / "chip").touch()
    for port in (str(tmp_path / "chip"), "/dev/shm/door"):  # noqa: S108 - named to be refused
        settings = OsdpDoorSettings(kind="osdp", port=port, key_file=Path("k"))
        assert door_refusals(settings) == ["door-port-is-no-device"]
    assert door_refusals(OsdpDoorSettings(kind="osdp", port="/dev/ttyS4", key_file=Path("k"))) == []
    assert door_refusals(RelayDoorSettings(kind="relay", chip="/dev/gpiochip0", line=4)) == []
