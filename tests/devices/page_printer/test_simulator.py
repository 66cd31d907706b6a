"""The simulated printer itself: paper in the tray, nothing left in the spool, no process left behind."""

import os
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pytest
from PIL import Image

from devices.health import Level
from devices.page_printer.api import Printed
from devices.page_printer.driver import IppPagePrinter
from simulators.page_printer import PrinterDidNotStartError, SimulatedPagePrinter
from simulators.printer_engine import HOLDING, KEYWORDS
from simulators.state import MODELS, SimulatedState

if TYPE_CHECKING:
    from tests.devices.page_printer.conftest import Bench

_A4_AT_200_DPI = (1654, 2339)


def with_visible_seal(page: bytes) -> bytes:
    """Add a signature field whose appearance is a red square, as a visible seal is."""
    with pikepdf.open(BytesIO(page)) as document:
        seal = document.make_stream(b"1 0 0 rg 0 0 100 100 re f", Type=pikepdf.Name.XObject)
        seal.Subtype, seal.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 100, 100])
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="seal",
            F=4,
            Rect=pikepdf.Array([100, 100, 200, 200]),
            AP=pikepdf.Dictionary(N=seal),
        )
        fields = pikepdf.Array([document.make_indirect(widget)])
        document.pages[0].Annots = fields
        document.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
        data = BytesIO()
        document.save(data)
        return data.getvalue()


def test_every_state_of_the_model_is_simulated() -> None:
    """The closed set is shared by the sim command, the panel and the engine."""
    assert {*KEYWORDS, "unplugged"} == set(MODELS["page_printer"].states)
    assert set(KEYWORDS) > HOLDING


def test_the_printed_page_is_what_an_eye_sees(bench: "Bench", page: bytes) -> None:
    """A4 at 200 dpi, with the visible seal of a signature field."""
    assert bench.print(with_visible_seal(page), when={}) == Printed(sheets=1)
    picture = Image.open(bench.sheets()[-1].with_suffix(".png"))
    assert picture.size == pytest.approx(_A4_AT_200_DPI, abs=1)
    red = np.all(np.asarray(picture.convert("RGB")) == (255, 0, 0), axis=2).sum()
    assert red == pytest.approx((100 / 72 * 200) ** 2, rel=0.02)


def test_nothing_stays_in_the_spool(bench: "Bench", page: bytes) -> None:
    """Nor half-written in the tray."""
    bench.print(page, when={})
    assert list((bench.printer._private / "spool").iterdir()) == []
    assert {path.suffix for path in bench.printer.tray.iterdir()} == {".pdf", ".png"}


def test_sheets_are_numbered_in_the_order_they_come_out(bench: "Bench", page: bytes) -> None:
    """The newest lies on top."""
    bench.print(page, when={})
    bench.print(page, when={})
    first, second = (int(path.stem) for path in bench.sheets()[-2:])
    assert second == first + 1


def test_a_printer_that_crashes_is_plugged_in_again(bench: "Bench") -> None:
    """The simulator outlives its process."""
    assert bench.printer._printer
    crashed = bench.printer._printer.pid
    os.killpg(crashed, signal.SIGKILL)
    bench.set("ok")
    assert bench.printer._printer.pid != crashed


def test_a_taken_port_is_an_error_and_not_another_s_printer(bench: "Bench", tmp_path: Path) -> None:
    """Two printers can't share an address."""
    port = int(bench.printer.uri.split(":")[2].split("/")[0])
    with (
        pytest.raises(PrinterDidNotStartError, match="taken"),
        SimulatedPagePrinter(tmp_path, port, tmp_path / "tray"),
    ):
        pytest.fail("started")


def test_the_command_follows_its_state_and_ends_with_its_children(tmp_path: Path, free_port: int) -> None:
    """SIGTERM: exit code 0, the port free, its private folder gone."""
    SimulatedState(tmp_path).set("page_printer", "paper-low")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "simulators.page_printer", "--folder", str(tmp_path), "--port", str(free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(temporary)}) as process:
        assert process.stdout
        assert f"localhost:{free_port}" in process.stdout.readline().decode()
        driver = IppPagePrinter(f"ipp://localhost:{free_port}/ipp/print")
        assert driver.health().works
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert driver.health().level is Level.DOWN
    assert list(temporary.iterdir()) == []
