"""A simulated page printer for a whole module, well again after every test."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from threading import Event

import pikepdf
import pytest

from devices.errors import DeviceError
from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage
from devices.page_printer.client import IppClient, IppRefusedError
from devices.page_printer.driver import IppPagePrinter
from simulators.page_printer import SimulatedPagePrinter
from simulators.state import SimulatedState

IDLE = 3  # printer-state
PATIENCE = 6.0  # no test waits for it: those that do ask for less

Said = tuple[PrintStage, PrinterReason]


def eventually(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.03)
    return False


@dataclass
class Bench:
    """The printer, its state file, and what a test does with them."""

    printer: SimulatedPagePrinter
    state: SimulatedState
    said: list[Said] = field(default_factory=list)
    cancel: Event = field(default_factory=Event)

    def driver(self, patience: float = PATIENCE, settle: float = 6.0) -> IppPagePrinter:
        return IppPagePrinter(self.printer.uri, patience=patience, poll=0.05, settle=settle)

    def client(self, user: str) -> IppClient:
        return IppClient(self.printer.uri, user=user)

    def begin_job(self, user: str) -> int:
        """An empty job, as soon as the printer is free: its simulator may be talking to it."""
        jobs: list[int] = []

        def begun() -> bool:
            with suppress(IppRefusedError):
                jobs.append(self.client(user).create_job(None))
            return bool(jobs)

        assert eventually(begun)
        return jobs[0]

    def set(self, state: str) -> None:
        """Set a state, and wait until the printer shows it."""
        self.state.set("page_printer", state)
        reason = {"unplugged": "unreachable"}.get(state, state)
        assert eventually(lambda: self.driver().health().reason == reason)

    def print(
        self, pdf: bytes, *, patience: float = PATIENCE, settle: float = 6.0, when: dict[Said, Callable[[], object]]
    ) -> Printed | NotPrinted:
        """Print, and do something each time when the driver says something."""

        def progress(stage: PrintStage, reason: PrinterReason) -> None:
            self.said.append((stage, reason))
            when.get((stage, reason), bool)()

        return self.driver(patience, settle).print_pdf(pdf, progress, self.cancel)

    def is_idle(self) -> bool:
        """Whether it says so; a machine with much to do may let it wait for an answer."""
        with suppress(DeviceError):
            return self.client("bench").printer()["printer-state"] == (IDLE,)
        return False

    def eventually(self, true: Callable[[], bool], seconds: float = 8.0) -> bool:
        return eventually(true, seconds)

    def sheets(self) -> list[Path]:
        return sorted(self.printer.tray.glob("*.pdf"))

    def load(self, size: str) -> None:
        """Put other paper into the main tray, by the printer's own web form."""
        connection = HTTPConnection("localhost", int(self.printer.uri.split(":")[2].split("/")[0]), timeout=2)
        connection.request("GET", f"/media?size1={size}&type1=stationery&level1=100&size2=&type2=&level2=-2")
        connection.getresponse().read()
        connection.close()


def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def blank(pages: int) -> bytes:
    """An A4 document without a word."""
    document, data = pikepdf.new(), BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(595.28, 841.89))
    document.save(data)
    return data.getvalue()


@pytest.fixture
def free_port() -> int:
    return unused_port()


@pytest.fixture(scope="module")
def unused_port_of_a_module() -> int:
    return unused_port()


@pytest.fixture(scope="session")
def page() -> bytes:
    return blank(1)


@pytest.fixture(scope="session")
def two_pages() -> bytes:
    return blank(2)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedPagePrinter]:
    folder = tmp_path_factory.mktemp("sim")
    with SimulatedPagePrinter(folder, unused_port(), folder / "tray", sheet_seconds=0.3, tick=0.04) as printer:
        yield printer


@pytest.fixture
def bench(running: SimulatedPagePrinter) -> Iterator[Bench]:
    bench = Bench(running, SimulatedState(running.tray.parent))
    yield bench
    bench.set("ok")
    assert eventually(bench.is_idle, seconds=20.0)
