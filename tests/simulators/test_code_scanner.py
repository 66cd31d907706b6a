"""The simulated scanner as a process: where it is, what it says, and that it cleans up."""

import signal
import subprocess
import sys
from pathlib import Path

import serial

from simulators.cli import main as sim
from simulators.code_scanner import LINK


def test_what_is_held_there_is_said_and_the_process_cleans_up_when_told_to_end(tmp_path: Path) -> None:
    """Once for each time that it is held there, with any text that a square may hold; status 0 and no link left."""
    command = [sys.executable, "-m", "simulators.code_scanner", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"code scanner: {tmp_path / LINK}\n"
        with serial.Serial(str(tmp_path / LINK), timeout=2.0, exclusive=True) as port:
            for text in ("LP1.a.7.b=c", "none", "LP1.a.7.b=c", "灯"):
                assert sim(["--folder", str(tmp_path), "code_scanner", f"show={text}"]) == 0
                if text != "none":
                    assert port.read_until(b"\r\n").decode() == f"{text}\r\n"
                else:
                    port.timeout = 0.15
                    assert port.read(1) == b""
                    port.timeout = 2.0
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert not (tmp_path / LINK).is_symlink()
