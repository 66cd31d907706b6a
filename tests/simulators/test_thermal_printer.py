"""The simulated printer against python-escpos' own ways to print, and against the specification's bytes."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from socket import create_connection

import numpy as np
import pytest
from escpos.printer import Network
from PIL import Image

from simulators.escpos.commands import take
from simulators.escpos.paper import strip_in
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedThermalPrinter]:
    with SimulatedThermalPrinter(SimulatedState(tmp_path), tmp_path / "tray", rows_a_second=20000) as printer:
        while not printer.link.exists():
            time.sleep(0.01)
        yield printer


def ask(printer: SimulatedThermalPrinter, question: str, size: int) -> str:
    with create_connection(("127.0.0.1", printer.port), 5) as wire:
        wire.sendall(bytes.fromhex(question))
        answer = b""
        while len(answer) < size:
            answer += wire.recv(size - len(answer))
    return answer.hex(" ")


def test_what_escpos_draws_itself_is_printed_dot_for_dot(printer: SimulatedThermalPrinter) -> None:
    dots = np.zeros((100, 576), np.bool_)
    dots[::3, ::5] = True
    client = Network("127.0.0.1", port=printer.port, timeout=5)
    client.open()
    client.image(Image.fromarray(~dots), impl="bitImageRaster")
    client._raw(b"\x1dV\x00\x1dr\x01")
    assert client.device.recv(1) == b"\x00"
    client.close()
    assert np.array_equal(strip_in(next((printer.link.parent / "tray").glob("*.png"))), dots)
    assert not printer.mechanism.unknown


def test_answers_are_those_of_the_specification(printer: SimulatedThermalPrinter) -> None:
    assert ask(printer, "100401 100402 100403 100404", 4) == "12 12 12 12"
    assert ask(printer, "1d284806003030 34323432", 7) == "37 22 34 32 34 32 00"
    assert ask(printer, "1d7201", 1) == "00"
    assert ask(printer, "10140801031401060208", 3) == "37 25 00"
    assert ask(printer, "100414", 6) == "10 0f 00 00 00 00"


def test_a_command_in_pieces_is_waited_for() -> None:
    whole = bytes.fromhex("1d763000 0100 0200 aa55")
    assert all(take(whole[:end], chinese=False) is None for end in range(1, len(whole)))
    found = take(whole, chinese=False)
    assert found is not None
    assert (found.name, found.length) == ("GS v 0", len(whole))


def test_it_is_a_program_that_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.thermal_printer", "--folder", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert re.match(r"thermal printer: tcp://127\.0\.0\.1:\d+ and ", process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0
