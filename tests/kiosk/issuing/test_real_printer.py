"""The same service with the real driver and a real IPP printer at the far end of the wire."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from backend_client.contract.papers import PaperState, Reserve
from devices.page_printer.api import PrinterReason, PrintStage
from devices.page_printer.driver import IppPagePrinter
from forms.paper import PaperKind
from kiosk.services.issued import Issued, IssueProgress, NotIssued
from kiosk.store.journal import MIGRATIONS, Journal
from simulators.page_printer import SimulatedPagePrinter
from simulators.state import SimulatedState
from terminal.store.database import Database
from tests.support.clocks import StillClock
from tests.support.issuing import Kiosk, MemoryRecords, assemble
from tests.support.records_server import free_port


@dataclass(slots=True)
class Bench:
    """A kiosk with a real printer."""

    kiosk: Kiosk
    records: MemoryRecords
    state: SimulatedState
    tray: Path

    def run(self, when: dict[PrintStage, str]) -> Issued | NotIssued:
        """Issue one certificate, and let the printer fall ill at a stage."""

        def progress(now: IssueProgress) -> None:
            if now.print_stage in when:
                self.state.set("page_printer", when.pop(now.print_stage))

        kind = PaperKind.HOUSEHOLD_CERTIFICATE
        return self.kiosk.issue.run(Reserve(subject="subject", kind=kind, purpose="school"), progress, Event())


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedPagePrinter]:
    """One printer process for all tests of this file."""
    folder = tmp_path_factory.mktemp("sim")
    with SimulatedPagePrinter(folder, free_port(), folder / "tray", sheet_seconds=0.5) as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path, printer: SimulatedPagePrinter, patience: float) -> Iterator[Bench]:
    """A fresh kiosk; the printer is well again afterwards."""
    database, records = Database(tmp_path / "kiosk.db", MIGRATIONS), MemoryRecords()
    driver = IppPagePrinter(printer.uri, patience=patience, poll=0.05, settle=6.0)
    state = SimulatedState(printer.tray.parent)
    yield Bench(assemble(database, Journal(database, StillClock()), records, driver), records, state, printer.tray)
    state.set("page_printer", "ok")
    database.close()


@pytest.mark.parametrize("patience", [20.0])
def test_a_paper_comes_out_of_a_real_printer(bench: Bench) -> None:
    """The printer itself says complete; then the paper is confirmed."""
    bench.state.set("page_printer", "ok")
    assert bench.kiosk.settle.run().queue_clear
    before = len(list(bench.tray.glob("*.pdf")))
    issued = bench.run({})
    assert isinstance(issued, Issued)
    assert bench.kiosk.issue.confirm(issued.serial)
    assert bench.records.states == {issued.serial: PaperState.DELIVERED}
    assert len(list(bench.tray.glob("*.pdf"))) == before + 1


@pytest.mark.parametrize("patience", [1.0])
def test_paper_that_runs_out_during_the_print_voids_the_serial(bench: Bench) -> None:
    """The driver cancels the job, so that refilled paper prints nothing stale."""
    result = bench.run({PrintStage.ACCEPTED: "paper-out", PrintStage.PRINTING: "paper-out"})
    assert isinstance(result, NotIssued)
    assert result.reason == f"printer-{PrinterReason.PAPER_OUT}"
    assert bench.records.states == {result.serial: PaperState.VOID}
    assert bench.kiosk.journal.counts().settled == 1
