"""A community with its gates on one machine: records, the compound's gate and one unit's door, put up as an operator
does it, each with a street of its own around it.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import tomli_w

from backend_client.contract.devices import DeviceKind, EnrolmentPending
from backend_client.contract.gates import DoorKind
from backend_client.enrolment import enrol
from civic.assets import assets_folder, third_party
from civic.clock import SystemClock
from civic.masking import Personal
from gate.store.key import make_store_key
from records import installation
from records.context import Records
from records.services.enrolment import approve, new_code
from records.services.gates import doors
from simulators import squares
from simulators.code_scanner import LINK
from simulators.door.controller import INPUTS, KEY
from simulators.door.controller import LINK as DOOR_LINK
from simulators.gate_people import Ways, let_in
from simulators.pcsc import ACCESS_READER
from simulators.records_house import RecordsHouse, new_pin, port_listens
from simulators.state import MODELS, SimulatedState
from terminal.pin import PIN_FILE, PinFile

T = TypeVar("T")
COMPOUND, UNIT = "compound", "unit"
_NAMES = {COMPOUND: "东门 East gate", UNIT: "6-2"}
_PLACES = {COMPOUND: (DoorKind.COMPOUND, ("", "")), UNIT: (DoorKind.UNIT, ("6", "2"))}


@dataclass(slots=True)
class GateSite(RecordsHouse):
    """``folder`` holds records/, trust/, log/, and a folder for each gate: gate.toml, identity/, store/, sim/.

    ``screen``: of each gate, width and height in pixels. ``pin``: the technician's.
    """

    screen: tuple[int, int] = (800, 1280)
    fullscreen: bool = True
    pin: str = field(default_factory=new_pin)
    ways: Ways = field(init=False)
    _camera: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        RecordsHouse.__post_init__(self)
        self.state = self.street(COMPOUND)  # the compound's gate is the one that people stand at

    def gate(self, name: str) -> Path:
        """The folder of COMPOUND or UNIT."""
        return self.folder / name

    def street(self, name: str) -> SimulatedState:
        """What stands around that gate."""
        return SimulatedState(self.gate(name) / "sim")

    def begin(self) -> None:
        """Records with their demonstration's people, the two gates enrolled and placed, a camera at the compound's."""
        for old in ("records", COMPOUND, UNIT):
            shutil.rmtree(self.folder / old, ignore_errors=True)
        RecordsHouse.begin(self)
        self._camera = self._port(8082)
        self._start_camera()
        self.ways = self._at_records(let_in)
        for name in _PLACES:
            self._put_up(name)
        self._wait("the camera", lambda: port_listens(self._camera))

    def _start_camera(self) -> None:
        people = ["--residents", str(assets_folder() / "demo" / "residents.toml")]
        place = ["--folder", str(self.gate(COMPOUND) / "sim"), "--port", str(self._camera)]
        portraits = ["--portraits", str(third_party("portraits"))]
        self._start("camera", "simulators.camera", *place, *people, *portraits)

    def _at_records(self, work: Callable[[Records], T]) -> T:
        records = installation.open_existing(self.folder / "records", SystemClock())
        with closing(records.database):
            return work(records)

    def _put_up(self, name: str) -> None:
        """Enrolled and let in; told where it stands; nobody before it yet."""
        folder, (kind, place) = self.gate(name), _PLACES[name]
        self._at_records(lambda records: self._enrol(records, name, kind, place))
        make_store_key(folder / "store.key")
        PinFile(folder / "store" / PIN_FILE).set(Personal(self.pin))
        (folder / "gate.toml").write_text(tomli_w.dumps(self._values(name)), "utf-8")
        for device, model in MODELS.items():
            self.street(name).set(device, model.states[0], **model.settings)
        fixed = {"slip": self.ways.slip.text, "guest": self.ways.guest.text}
        squares.write(folder / "sim", fixed, self.ways.phone)

    def _enrol(self, records: Records, name: str, kind: DoorKind, place: tuple[str, str]) -> None:
        def let(told: EnrolmentPending) -> None:
            approve(records, told.fingerprint)

        code, root = new_code(records, DeviceKind.GATE, _NAMES[name]), self.trust / "root.pem"
        identity = enrol(self.records_url, root, code, DeviceKind.GATE, self.gate(name) / "identity", let)
        doors.assign(records, identity.device_id, kind, place, face=kind is DoorKind.COMPOUND)

    def _values(self, name: str) -> dict[str, object]:
        around = self.gate(name) / "sim"
        door = {"kind": "osdp", "port": str(around / DOOR_LINK), "key_file": str(around / KEY), "baud": 115200}
        width, height = self.screen
        screen = {"width": width, "height": height, "fullscreen": self.fullscreen, "pixel_pitch_mm": 136 / width}
        seen = {"camera": {"source": f"http://localhost:{self._camera}/stream.mjpg"}}
        faces = {"face": {"pack": str(third_party("face_pack"))}}
        return {
            "profile": "demo",
            "records": {"url": self.records_url, "root": "../trust/root.pem", "identity": "identity"},
            "store": {"folder": "store"},
            "door": {**door, "inputs": {each: at for at, each in enumerate(INPUTS)}},
            "access_card": {"reader": ACCESS_READER},
            "code_scanner": {"port": str(around / LINK), "again": 0.5},
            "screen": screen,
            **(seen | faces if name == COMPOUND else {}),
        }
