"""A simulated controller in a process of its own, as on a real bus, and a driver before it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from devices.catalog import build_door
from devices.door.api import DoorController, DoorEvent, DoorReason
from devices.door.settings import DoorInputs, OsdpDoorSettings
from simulators.door.board import happened
from simulators.door.controller import KEY, LINK, LOG
from simulators.state import MODELS, SimulatedState

INPUTS = DoorInputs(contact=0, exit=1, fire=2)


def eventually(true: Callable[[], bool], seconds: float = 6.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


@dataclass
class Bench:
    """``process``: the controller. ``log``: what its strike did."""

    folder: Path
    state: SimulatedState
    process: "subprocess.Popen[bytes]"
    seen: list[DoorEvent] = field(default_factory=list)

    @property
    def settings(self) -> OsdpDoorSettings:
        link, key = self.folder / LINK, self.folder / KEY
        return OsdpDoorSettings(kind="osdp", port=str(link), key_file=key, baud=115200, inputs=INPUTS)

    def happened(self, what: str) -> list[dict[str, object]]:
        return happened(self.folder / LOG, what)

    def set(self, state: str | None = None, **settings: str) -> None:
        self.state.set("door", state, **settings)

    def well(self) -> None:
        """Everything as at first."""
        self.state.set("door", "ok", **MODELS["door"].settings)

    def at_rest(self) -> bool:
        """Begin anew, and wait until the strike holds."""
        self.set("rebooted")
        time.sleep(0.05)
        self.well()
        return eventually(lambda: self.strike() != "released")

    def strike(self) -> str:
        """The last that it did."""
        return next((str(note["what"]) for note in reversed(self.happened("")) if "by" in note), "")

    def ready(self, door: DoorController, seconds: float = 6.0) -> bool:
        return eventually(lambda: door.health().reason == DoorReason.OK, seconds)

    def says(self, door: DoorController, event: DoorEvent, seconds: float = 4.0) -> bool:
        """Whether the door reports it; what it reports before that is kept in ``seen``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            came = door.next_event(0.2, Event())
            if came is not None:
                self.seen.append(came)
            if came is event:
                return True
        return False


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("door")
    command = [sys.executable, "-m", "simulators.door", "--folder", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        assert eventually(lambda: (folder / LINK).exists() or process.poll() is not None)
        assert process.poll() is None
        yield Bench(folder, SimulatedState(folder), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


@pytest.fixture
def bench(controller: Bench) -> Bench:
    """All is well, and nothing has been said yet."""
    controller.well()
    assert eventually((controller.folder / LINK).exists)
    controller.seen.clear()
    return controller


@pytest.fixture
def door(bench: Bench) -> Iterator[DoorController]:
    """A driver that is ready."""
    door = build_door(bench.settings)
    assert bench.ready(door)
    yield door
    door.close()
