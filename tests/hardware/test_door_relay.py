"""The relay's driver on the kernel's own GPIO, by its simulator gpio-sim (Linux 5.17 and later).

sudo modprobe gpio-sim
sudo mkdir -p /sys/kernel/config/gpio-sim/door/bank/line0
echo 8 | sudo tee /sys/kernel/config/gpio-sim/door/bank/num_lines
echo 1 | sudo tee /sys/kernel/config/gpio-sim/door/live
sudo .venv/bin/python -m pytest -n0 tests/hardware/test_door_relay.py
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from devices.catalog import build_door
from devices.door.api import DoorController, DoorEvent, DoorReason, Opening
from devices.door.settings import DoorInputs, RelayDoorSettings

RELAY, CONTACT = 0, 1
SIMULATED = sorted(Path("/sys/devices/platform").glob("gpio-sim.*/gpiochip*"))
_HOLDS = """
import sys, time
from threading import Event
from devices.catalog import build_door
from devices.door.settings import RelayDoorSettings
door = build_door(RelayDoorSettings(kind="relay", chip=sys.argv[1], line=0))
while door.health().reason != "ok":
    time.sleep(0.05)
print(door.open(20.0, Event()), flush=True)
time.sleep(60)
"""
pytestmark = pytest.mark.skipif(not SIMULATED, reason="needs gpio-sim: see the head of this file")


@dataclass(frozen=True)
class Chip:
    folder: Path

    @property
    def device(self) -> str:
        return f"/dev/{self.folder.name}"

    def value(self) -> bool:
        return (self.folder / f"sim_gpio{RELAY}" / "value").read_text().strip() == "1"

    def pull(self, *, up: bool) -> None:
        (self.folder / f"sim_gpio{CONTACT}" / "pull").write_text("pull-up" if up else "pull-down")


def eventually(true: Callable[[], bool], seconds: float = 3.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def chip() -> Chip:
    return Chip(SIMULATED[0])


@pytest.fixture
def door(chip: Chip) -> Iterator[DoorController]:
    chip.pull(up=False)
    inputs = DoorInputs(contact=CONTACT)
    door = build_door(RelayDoorSettings(kind="relay", chip=chip.device, line=RELAY, inputs=inputs))
    assert eventually(lambda: door.health().reason == DoorReason.OK)
    yield door
    door.close()


def test_a_pulse_begins_and_ends(chip: Chip, door: DoorController) -> None:
    assert door.open(0.5, Event()) is Opening.OPENED
    assert chip.value()
    assert eventually(lambda: not chip.value(), 1.0)


def test_a_contact_is_an_edge(chip: Chip, door: DoorController) -> None:
    assert door.next_event(1.0, Event()) is DoorEvent.CAME_ONLINE
    chip.pull(up=True)
    assert door.next_event(1.0, Event()) is DoorEvent.OPENED


def test_a_killed_process_leaves_no_line_driven(chip: Chip) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLDS, chip.device], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"opened\n"
        assert chip.value()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert eventually(lambda: not chip.value(), 1.0)


def test_a_second_program_is_told_that_the_lines_are_taken(chip: Chip, door: DoorController) -> None:
    other = build_door(RelayDoorSettings(kind="relay", chip=chip.device, line=RELAY))
    try:
        assert eventually(lambda: other.health().reason == DoorReason.LINES_TAKEN)
        assert door.open(0.5, Event()) is Opening.OPENED
    finally:
        other.close()
