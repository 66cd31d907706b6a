"""The whole house on one machine: records, a SAM-V module, two chip readers, a camera, two printers, a kiosk.

Everything is started the way an operator would start it: the records command, an enrolment code, one process per
simulated device. Used by the demo, by ``make screens`` and by the stories among the tests.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import requests
import tomli_w

from backend_client.contract.devices import DeviceKind, EnrolmentPending
from backend_client.enrolment import enrol
from civic.assets import assets_folder, third_party
from civic.masking import Personal
from simulators.message_gateway import end as message_gateway
from simulators.pcsc import ACCESS_READER, READER, free_port, listens, own_socket
from simulators.state import SimulatedState

if TYPE_CHECKING:  # the kiosk's packages take seconds to import: they are, while records start
    from kiosk.config import Configuration

_STARTED_IN_S = 90.0
_POLL_S = 0.05
_PIN_DIGITS = 8


class HouseError(RuntimeError):
    """A process of the house did not start; the message holds its last words."""


@dataclass(slots=True)
class House:
    """``folder`` holds everything: records/, kiosk/, trust/, sim/. Use as a context manager.

    ``screen``: width and height in pixels. ``patience``: seconds that a print job may stand still before it is given
    up. ``usual_ports``: those that the documents name, where they are free. ``database``: of records, as records.toml
    has its url; empty: a file. ``pin``: the technician's, new each time.
    """

    folder: Path
    screen: tuple[int, int] = (1080, 1920)
    fullscreen: bool = True
    sheet_seconds: float = 2.0
    patience: float = 20.0
    usual_ports: bool = True
    database: str = ""
    pin: str = field(default_factory=lambda: str(secrets.randbelow(9 * 10**7) + 10**7))
    state: SimulatedState = field(init=False)
    records_port: int = field(init=False)
    passports_port: int = field(init=False)
    gateway_port: int = field(init=False)
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.state = SimulatedState(self.folder / "sim")
        self.records_port = self._port(8443)
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

    @property
    def trust(self) -> Path:
        """What a verifier of papers keeps."""
        return self.folder / "trust"

    def __enter__(self) -> Self:
        """Start everything side by side, enrol the kiosk, write its configuration."""
        printer, strips, camera = self._port(8631), self._port(9100), self._port(8081)
        for old in (self.folder / "records", self.folder / "kiosk", self.tray, self.strips):
            shutil.rmtree(old, ignore_errors=True)
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        try:
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
            self._wait("the printer", lambda: _listens(printer))
            self._wait("the strip printer", lambda: _listens(strips))
            self._wait("the camera", lambda: _listens(camera))
            self._wait("the message gateway", lambda: _listens(self.gateway_port))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every process; what they wrote stays for who wants to look."""
        for name in list(self._running):
            self._stop(name)

    @property
    def records_url(self) -> str:
        """Where records answer: known for certain once the house has started."""
        return f"https://localhost:{self.records_port}"

    @property
    def configuration_file(self) -> Path:
        """The kiosk's TOML file."""
        return self.folder / "kiosk" / "kiosk.toml"

    def configuration(self) -> "Configuration":
        """The kiosk's configuration, loaded and validated."""
        from kiosk.config import load  # noqa: PLC0415

        return load(self.configuration_file)

    def start_records(self) -> None:
        """Start the records service (again), and wait until it answers."""
        self._spawn_records()
        self._wait("records", self._records_answer)

    def _spawn_records(self) -> None:
        data = self.folder / "records"
        data.mkdir(parents=True, exist_ok=True)
        settings = data / "records.toml"
        if not settings.exists():
            messages = {"url": f"https://localhost:{self.gateway_port}", "root": f"../sim/{message_gateway.ROOT_FILE}"}
            chosen = {"server": {"port": self.records_port}, "messages": messages, "database": {"url": self.database}}
            settings.write_text(tomli_w.dumps(chosen), "utf-8")
        self._start("records", "records.cli", "--data", str(data), "serve", "--trust-out", str(self.trust))

    def _await_records(self) -> None:
        """Records bind their port seconds after it was found free: where another was faster, they get another port."""
        try:
            self._wait("records", self._records_answer)
        except HouseError:
            if self._running["records"].poll() is None or _free_port(self.records_port) == self.records_port:
                raise
            self.records_port = _free_port(0)
            (self.folder / "records" / "records.toml").unlink()
            self._spawn_records()
            self._await_records()

    def stop_records(self, *, kill: bool = False) -> None:
        """The link to records is gone."""
        self._stop("records", signal.SIGKILL if kill else signal.SIGTERM)

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

    def records(self, *arguments: str) -> str:
        """Run a ``records`` command on this house's data; what it printed."""
        command = [sys.executable, "-m", "records.cli", "--data", str(self.folder / "records"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    # --- the parts ---

    def _enrol(self) -> None:
        from kiosk.services.pin import PIN_FILE, PinFile  # noqa: PLC0415

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

    def _port(self, usual: int) -> int:
        return _free_port(usual if self.usual_ports else 0)

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", module, *arguments]
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def _stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)

    def _wait(self, what: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _STARTED_IN_S
        while not ready():
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                words = "".join((self.folder / "log" / f"{name}.log").read_text("utf-8")[-800:] for name in ended)
                raise HouseError(f"{what} did not start. {words}")
            time.sleep(_POLL_S)

    def _records_answer(self) -> bool:
        root = self.trust / "root.pem"
        try:
            return requests.get(f"{self.records_url}/health", verify=str(root), timeout=2).ok
        except (requests.RequestException, OSError):
            return False


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _free_port(wanted: int) -> int:
    """``wanted``, or another one where somebody listens there already."""
    for port in (wanted, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    raise HouseError("no free port")
