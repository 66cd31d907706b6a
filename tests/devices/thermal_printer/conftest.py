"""A simulated thermal printer at the far end of a real wire, and what a test does with it."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from devices.health import Health
from devices.thermal_printer.api import NotPrinted, Printed, PrintStage, Strip, StripReason
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from simulators.escpos.paper import Rows, strip_in
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter

Said = tuple[PrintStage, StripReason]
PATIENCE = 6.0


def eventually(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


@dataclass
class Bench:
    """``wire``: "tcp" or "serial"."""

    printer: SimulatedThermalPrinter
    state: SimulatedState
    tray: Path
    wire: str
    said: list[Said] = field(default_factory=list)
    cancel: Event = field(default_factory=Event)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.printer.port}" if self.wire == "tcp" else f"serial://{self.printer.link}"

    def driver(self, model: StripModel | None = None, patience: float = PATIENCE) -> EscPosStripPrinter:
        """A driver that has cleaned the printer already, if it can."""
        driver = EscPosStripPrinter(self.address, model or StripModel(), patience, deadline=0.3, silence=0.5)
        driver.health()
        return driver

    def set(self, state: str, after: int = 0) -> None:
        """Set a state, and wait until the printer follows it."""
        self.state.set("thermal_printer", state, after=str(after))
        mechanism = self.printer.mechanism
        assert eventually(lambda: (mechanism.state, mechanism.after) == (state, after))
        if state == "ok":
            assert eventually(self.printer.link.exists)

    def print(
        self, driver: EscPosStripPrinter, strip: Strip, when: Mapping[Said, Callable[[], object]] | None = None
    ) -> Printed | NotPrinted:
        """Print, and do something each time when the driver says something."""

        def progress(stage: PrintStage, reason: StripReason) -> None:
            self.said.append((stage, reason))
            (when or {}).get((stage, reason), bool)()

        return driver.print_strip(strip, progress, self.cancel)

    def strips(self) -> list[Rows]:
        """What fell into the tray, without what is white all over."""
        fallen = [strip_in(path) for path in sorted(self.tray.glob("*.png"))]
        return [each for each in fallen if each.any()]

    def well_again(self, driver: EscPosStripPrinter) -> Health:
        """The state is ok, and the driver says so."""
        self.set("ok")
        assert eventually(lambda: driver.health().reason == StripReason.OK)
        return driver.health()


@pytest.fixture(scope="session")
def strip() -> Strip:
    """Noise: with every byte there is, and so with real-time commands in it."""
    return np.random.default_rng(990101).random((300, 576)) < 0.3


@pytest.fixture(params=["tcp", "serial"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    state, tray = SimulatedState(tmp_path), tmp_path / "tray"
    with SimulatedThermalPrinter(state, tray, rows_a_second=6000) as printer:
        assert eventually(printer.link.exists)
        yield Bench(printer, state, tray, request.param)
    assert not printer.mechanism.unknown  # driver and printer never lost step
