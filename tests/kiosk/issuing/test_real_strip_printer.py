"""The same service with the real driver and a simulated thermal printer at the far end of the wire."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from backend_client.contract.papers import PaperState, Reserve, VoidReason
from devices.printing import PrintStage
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from forms.code import read_claims
from forms.paper import Medium, PaperKind
from kiosk.services.issued import Issued, IssueProgress, NotIssued
from kiosk.store.journal import MIGRATIONS, Journal
from simulators.state import MODELS, SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter
from terminal.store.database import Database
from terminal.texts import Catalogue
from tests.support.clocks import StillClock
from tests.support.issuing import Kiosk, MemoryRecords, OnPages, TrayPrinter, assemble
from tests.support.squares import squares

DEVICE = "thermal_printer"
PATIENCE_S = 10.0
TEXTS = Path(__file__).resolve().parents[3] / "assets" / "texts"


@dataclass(slots=True)
class Bench:
    """A kiosk with a strip printer on a wire."""

    kiosk: Kiosk
    records: MemoryRecords
    state: SimulatedState
    tray: Path

    def run(self, fault: str = "", **settings: str) -> Issued | NotIssued:
        """Issue one paper; the printer falls ill as soon as it prints."""

        def progress(now: IssueProgress) -> None:
            if fault and now.print_stage is PrintStage.PRINTING:
                self.state.set(DEVICE, fault, **settings)

        request = Reserve(subject="subject", kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="school")
        return self.kiosk.issue.run(request, progress, Event())

    def read(self) -> list[str]:
        """The serials of the codes in the tray that can be read."""
        pictures = [Image.open(path).convert("L") for path in sorted(self.tray.glob("*.png"))]
        return [read_claims(code.text).serial for each in pictures for code in squares(each)]


@pytest.fixture
def bench(tmp_path: Path, model: StripModel) -> Iterator[Bench]:
    """A fresh kiosk and a fresh printer, quicker than a real one."""
    state, tray = SimulatedState(tmp_path / "sim"), tmp_path / "strips"
    with SimulatedThermalPrinter(state, tray, rows_a_second=6000) as printer:
        database, records = Database(tmp_path / "kiosk.db", MIGRATIONS), MemoryRecords()
        driver = EscPosStripPrinter(f"tcp://127.0.0.1:{printer.port}", model, patience=1.0, silence=0.5)
        media, page = OnPages((Medium.STRIP,)), TrayPrinter(tmp_path / "pages")
        kiosk = assemble(database, Journal(database, StillClock()), records, page, driver, media)
        assert kiosk.settle.run().queue_clear
        yield Bench(kiosk, records, state, tray)
        database.close()


@pytest.mark.parametrize("model", [StripModel()])
def test_a_strip_comes_out_of_a_real_printer(bench: Bench) -> None:
    """Whole, cut, with a code that is read; then it is confirmed."""
    issued = bench.run()
    assert isinstance(issued, Issued)
    assert bench.kiosk.issue.confirm(issued.serial)
    assert bench.records.states == {issued.serial: PaperState.DELIVERED}
    assert bench.read() == [issued.serial]


@pytest.mark.parametrize("model", [StripModel()])
def test_refilled_paper_prints_nothing_of_the_strip_that_was_given_up(bench: Bench) -> None:
    """The roll ended in the middle: the serial is void, the printer's buffer is emptied, the rest is cut off."""
    result = bench.run("paper-out", after="300")
    assert isinstance(result, NotIssued)
    assert (result.reason, result.paper_may_be_out) == ("printer-paper-out", True)
    assert bench.records.states == {result.serial: PaperState.VOID}
    bench.state.set(DEVICE, "ok", after="0")
    until(lambda: not bench.kiosk.issue.preflight())
    again = bench.run()
    assert isinstance(again, Issued)
    assert bench.read() == [again.serial]


@pytest.mark.parametrize("model", [StripModel(presenter="retract", presenter_seconds=1)])
def test_a_strip_that_nobody_takes_is_drawn_in_again_and_void(bench: Bench) -> None:
    """It lies in the box behind the presenter, where nobody can pick it up."""
    result = bench.run("ok", paper="left")
    assert result == NotIssued("printer-paper-left-in-presenter", result.serial, paper_may_be_out=False)
    assert bench.records.calls[-1][0] == f"void {VoidReason.NOT_TAKEN}"
    assert bench.read() == [result.serial]
    assert list(bench.tray.glob("[0-9]*.png")) == []


@pytest.mark.parametrize("fault", MODELS[DEVICE].states)
@pytest.mark.parametrize("model", [StripModel()])
def test_what_is_wrong_with_the_printer_is_told_before_the_first_touch(bench: Bench, fault: str) -> None:
    """No serial is spent on it; there is a sentence for the tile and a word for the technician. Mended, it is well."""
    words = Catalogue.load(TEXTS).in_language("zh")
    bench.state.set(DEVICE, fault)
    stops = fault not in ("ok", "near-end")
    until(lambda: bool(bench.kiosk.issue.preflight()) is stops)
    result = bench.run()
    assert isinstance(result, NotIssued if stops else Issued)
    if isinstance(result, NotIssued):
        assert result.serial is None
        reason = result.reason.removeprefix("printer-")
        assert words.has(f"reason.thermal_printer_reason.{reason}")
        assert words.has(f"device.state.{reason}")
    bench.state.set(DEVICE, "ok")
    until(lambda: not bench.kiosk.issue.preflight())


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    late = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < late
        time.sleep(0.02)
