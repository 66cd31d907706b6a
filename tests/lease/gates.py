"""Gates beside the house: enrolled and configured as an operator does it, started, and asked how they are."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from backend_client.contract.devices import DeviceKind, EnrolmentPending
from backend_client.contract.gates import DoorKind
from backend_client.enrolment import enrol
from civic.assets import third_party
from civic.clock import SystemClock
from gate.store.key import make_store_key
from records import installation
from records.services.enrolment import approve, new_code
from records.services.gates import doors
from simulators.access_card.field import DEVICE as CARDS
from simulators.camera import DEVICE as CAMERA
from simulators.code_scanner import DEVICE as SCANNER
from simulators.code_scanner import LINK
from simulators.door.board import happened
from simulators.door.controller import KEY, LOG
from simulators.door.controller import LINK as DOOR_LINK
from simulators.house import House
from simulators.pcsc import ACCESS_READER
from simulators.state import SimulatedState
from tests.support.records_server import free_port

SCREEN = {"width": 480, "height": 768, "fullscreen": True, "pixel_pitch_mm": 0.28}  # the same layout, fewer pixels
_INPUTS = {"contact": 0, "exit": 1, "fire": 2}
_ENDED_S = 15.0


class GateError(RuntimeError):
    """A gate has ended; the message holds its last words."""


@dataclass(slots=True)
class GateBox:
    """A running gate, and what people do before it."""

    name: str
    folder: Path
    process: "subprocess.Popen[str]"

    @property
    def state(self) -> SimulatedState:
        return SimulatedState(self.folder / "sim")

    def ask(self, *question: object) -> Any:
        """What its process answers. Raises GateError."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise GateError(self._last_words()) from None
        return self.answered()

    def answered(self) -> Any:
        """Its next line. Raises GateError."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise GateError(self._last_words())
        return json.loads(line)

    def lay(self, card: str) -> None:
        """A card on the reader; ``none``: it is lifted."""
        self.state.set(CARDS, "ok", laid=card)

    def show(self, text: str) -> None:
        """A square before the scanner; ``none``: it is gone."""
        self.state.set(SCANNER, "ok", show=text)

    def stand(self, subject: str) -> None:
        """Somebody before the camera, looking straight; ``nobody``: they have gone."""
        self.state.set(CAMERA, "ok", subject=subject, pose="front")

    def turn(self, pose: str) -> None:
        """Whoever stands there turns or nods."""
        if self.state.read(CAMERA)["pose"] != pose:
            self.state.set(CAMERA, pose=pose)

    def strikes(self) -> list[float]:
        """When the strike was told to let go: monotonic seconds of this machine."""
        notes = happened(self.folder / "sim" / LOG, "output")
        return [float(str(note["at"])) for note in notes if note["code"] == 5]

    def released_by(self) -> list[str]:
        """What has released the strike, each time."""
        return ["+".join(map(str, note["by"])) for note in happened(self.folder / "sim" / LOG, "released")]  # type: ignore[call-overload]

    def _last_words(self) -> str:
        return f"{self.name}: {(self.folder / 'gate.log').read_text('utf-8')[-1500:]}"


def enrolled(house: House, folder: Path, name: str, kind: DoorKind, door: tuple[str, str] = ("", "")) -> None:
    """A gate's file, key and certificate; records know which door is its."""
    records = installation.open_existing(house.folder / "records", SystemClock())
    with closing(records.database):
        code, root = new_code(records, DeviceKind.GATE, name), house.trust / "root.pem"

        def let_in(told: EnrolmentPending) -> None:
            approve(records, told.fingerprint)

        identity = enrol(house.records_url, root, code, DeviceKind.GATE, folder / "identity", let_in)
        doors.assign(records, identity.device_id, kind, door, face=True)
    make_store_key(folder / "store.key")
    (folder / "gate.toml").write_text(tomli_w.dumps(_values(house, folder)), "utf-8")


def _values(house: House, folder: Path) -> dict[str, object]:
    around = folder / "sim"
    door = {"kind": "osdp", "port": str(around / DOOR_LINK), "key_file": str(around / KEY), "baud": 115200}
    return {
        "profile": "demo",
        "records": {"url": house.records_url, "root": str(house.trust / "root.pem"), "identity": "identity"},
        "store": {"folder": "store"},
        "door": {**door, "inputs": _INPUTS},
        "access_card": {"reader": ACCESS_READER},
        "code_scanner": {"port": str(around / LINK), "again": 0.5},
        "camera": {"source": f"http://localhost:{free_port()}/stream.mjpg"},
        "face": {"pack": str(third_party("face_pack"))},
        "sharing": {"host": "127.0.0.1", "port": free_port()},
        "screen": SCREEN,
    }


@contextmanager
def running(folder: Path, name: str) -> Iterator[GateBox]:
    """An enrolled gate's process, begun: ``answered()`` is ``ready`` once its window is there."""
    command = [sys.executable, "-m", "tests.lease.gate_box", str(folder)]
    with (folder / "gate.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdin is not None
    try:
        yield GateBox(name, folder, process)
    finally:
        with suppress(BrokenPipeError):  # it has ended by itself
            process.stdin.close()
        process.wait(_ENDED_S)
