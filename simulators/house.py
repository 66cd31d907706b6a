"""The whole house on one machine: records, a SAM-V module, two chip readers, a camera, two printers, a kiosk.

Everything is started the way an operator would start it: the records command, an enrolment code, one process per
simulated device. Used by the demo, by ``make screens`` and by the stories among the tests.
"""

import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import tomli_w

from backend_client.contract.devices import DeviceKind, EnrolmentPending
from backend_client.enrolment import enrol
from civic.assets import assets_folder, third_party
from civic.masking import Personal
from simulators.message_gateway import end as message_gateway
from simulators.pcsc import ACCESS_READER, READER, free_port, listens, own_socket
from simulators.records_house import RecordsHouse, new_pin, port_listens

if TYPE_CHECKING:  # the kiosk's packages take seconds to import: they are, while records start
    from kiosk.config import Configuration


@dataclass(slots=True)
class House(RecordsHouse):
    """``folder`` holds everything: records/, kiosk/, trust/, sim/. Use as a context manager.

    ``screen``: width and height in pixels. ``patience``: seconds that a print job may stand still before it is given
    up. ``pin``: the technician's, new each time.
    """

    screen: tuple[int, int] = (1080, 1920)
    fullscreen: bool = True
    sheet_seconds: float = 2.0
    patience: float = 20.0
    pin: str = field(default_factory=new_pin)
    passports_port: int = field(init=False)
    gateway_port: int = field(init=False)

    def __post_init__(self) -> None:
        RecordsHouse.__post_init__(self)
        self.passports_port = free_port()
        self.gateway_port = self._port(message_gateway.PORT)

    @property
    def tray(self) -> Path:
        """What came out of the printer: paper, not spool."""
        return self.folder / "sim" / "tray"

    @property
    def strips(self) -> Path:
        """The same of the strip printer: pictures, a dot a pixel."""
        return self.folder / "sim" / "strips"

    def begin(self) -> None:
        """Start everything side by side, enrol the kiosk, write its configuration."""
        printer, strips, camera = self._port(8631), self._port(9100), self._port(8081)
        for old in (self.folder / "records", self.folder / "kiosk", self.tray, self.strips):
            shutil.rmtree(old, ignore_errors=True)
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self._spawn_records()
        sim = ["--folder", str(self.folder / "sim")]
        self._start("samv", "simulators.samv", *sim)
        residents, portraits = assets_folder() / "demo" / "residents.toml", third_party("portraits")
        people = ["--residents", str(residents), "--portraits", str(portraits)]
        self._start("camera", "simulators.camera", *sim, "--port", str(camera), *people)
        self._spawn_pcscd()
        self._start("chip", "simulators.chip", *sim, "--port", str(self.passports_port))
        self._start("access_card", "simulators.access_card", *sim, "--port", str(self.passports_port + 1))
        sheet = ["--tray", str(self.tray), "--sheet-seconds", str(self.sheet_seconds)]
        self._start("page_printer", "simulators.page_printer", *sim, "--port", str(printer), *sheet)
        roll = ["--tray", str(self.strips), "--port", str(strips)]
        self._start("thermal_printer", "simulators.thermal_printer", *sim, *roll)
        self._start("message_gateway", "simulators.message_gateway", *sim, "--port", str(self.gateway_port))
        import kiosk.main  # noqa: F401, PLC0415 - while records start

        self._await_records()
        self._write_configuration(printer, strips, camera)
        self._enrol()
        self._wait("the printer", lambda: port_listens(printer))
        self._wait("the strip printer", lambda: port_listens(strips))
        self._wait("the camera", lambda: port_listens(camera))
        self._wait("the message gateway", lambda: port_listens(self.gateway_port))

    @property
    def configuration_file(self) -> Path:
        """The kiosk's TOML file."""
        return self.folder / "kiosk" / "kiosk.toml"

    def configuration(self) -> "Configuration":
        """The kiosk's configuration, loaded and validated."""
        from kiosk.config import load  # noqa: PLC0415

        return load(self.configuration_file)

    def records_settings(self) -> dict[str, object]:
        """With a gateway for texts."""
        messages = {"url": f"https://localhost:{self.gateway_port}", "root": f"../sim/{message_gateway.ROOT_FILE}"}
        return RecordsHouse.records_settings(self) | {"messages": messages}

    def start_pcscd(self) -> None:
        """Start the service of the passport reader (again), and wait until it takes questions."""
        self._spawn_pcscd()
        self._wait("pcscd", lambda: listens(own_socket()))

    def _spawn_pcscd(self) -> None:
        port = str(self.passports_port)
        self._start("pcscd", "simulators.pcsc", "--socket", str(own_socket()), "--port", port)

    def stop_pcscd(self) -> None:
        """It has crashed: whoever asks is told that there is no service."""
        self._stop("pcscd", signal.SIGKILL)

    # --- the parts ---

    def _enrol(self) -> None:
        from terminal.pin import PIN_FILE, PinFile  # noqa: PLC0415

        code = self.records("enrol", "--kind", "kiosk", "--name", "demo").split()[0]
        identity = self.folder / "kiosk" / "identity"
        root = self.trust / "root.pem"
        enrol(self.records_url, root, code, DeviceKind.KIOSK, identity, self._let_in)
        PinFile(self.folder / "kiosk" / PIN_FILE).set(Personal(self.pin))

    def _let_in(self, pending: EnrolmentPending) -> None:
        """What an administrator does who stands before the machine: type the fingerprint that it shows."""
        self.records("approve", pending.fingerprint)

    def _write_configuration(self, printer: int, strips: int, camera: int) -> None:
        values = {
            "profile": "demo",
            "records": {
                "url": self.records_url,
                "root": "../trust/root.pem",
                "identity": "identity",
            },
            "store": {"folder": "."},
            "screen": {"width": self.screen[0], "height": self.screen[1], "fullscreen": self.fullscreen},
            "devices": {
                "id_card": {"port": "../sim/id_card.tty"},
                "travel_document": {"reader": READER, "authorities": "../sim/authorities"},
                "access_card": {"reader": ACCESS_READER},
                "camera": {"source": f"http://localhost:{camera}/stream.mjpg"},
                "mrz": {"model": str(third_party("mrz"))},
                "face": {"pack": str(third_party("face_pack"))},
                "page_printer": {"uri": f"ipp://localhost:{printer}/ipp/print", "patience": self.patience},
                "thermal_printer": {"address": f"tcp://localhost:{strips}", "patience": self.patience},
            },
        }
        self.configuration_file.parent.mkdir(parents=True, exist_ok=True)
        self.configuration_file.write_text(tomli_w.dumps(values), "utf-8")
