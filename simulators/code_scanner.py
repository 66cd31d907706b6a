"""The far end of the scanner's line: a pseudo terminal that says what is held before it, each code once.

``show`` is the text of the square or its name (simulators.squares), ``none`` without one. In the state ``held`` the
same is said again and again, as scanners do that have no way to tell it; the other states spoil each line.
"""

import argparse
import os
import signal
import sys
import tty
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Self

from simulators import squares
from simulators.state import DEFAULT_FOLDER, SimulatedState

DEVICE = "code_scanner"
LINK = "code_scanner.tty"
_LOOK_S = 0.05
_OVERSIZED = 3000  # characters


class SimulatedScanner:
    """A context manager: inside, ``link`` leads to the scanner's terminal (unless it is unplugged).

    ``said``: how many lines were sent.
    """

    def __init__(self, state: SimulatedState, link: Path) -> None:
        self._state, self._link = state, link
        self._ending = Event()
        self._thread = Thread(target=self._run, name="scanner", daemon=True)
        self._chance = Random("scanner")
        self._master = self._slave = -1
        self._shown = "none"
        self.said = 0

    def __enter__(self) -> Self:
        self._follow(self._state.read(DEVICE)["state"])
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()
        self._unplug()

    def _run(self) -> None:
        while not self._ending.wait(_LOOK_S):
            now = self._state.read(DEVICE)
            self._follow(now["state"])
            held = now["state"] == "held" or now["show"] != self._shown
            self._shown = now["show"]
            if held and self._shown != "none" and self._master >= 0:
                self._say(self._line(now["state"]))

    def _line(self, fault: str) -> bytes:
        text = squares.text(self._state.folder, self._shown).encode("utf-8")
        match fault:
            case "garbage":
                return b"\xff\xfe" + self._chance.randbytes(20).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
            case "oversized":
                return text * (_OVERSIZED // len(text) + 1) + b"\r\n"
            case "cut-short":
                return text[: len(text) // 2]
            case _:
                return text + b"\r\n"

    def _say(self, line: bytes) -> None:
        with suppress(BlockingIOError):  # nobody reads: lost, as on a real line
            os.write(self._master, line)
        self.said += 1

    def _follow(self, fault: str) -> None:
        if fault == "unplugged":
            self._unplug()
        elif self._master < 0:
            self._plug()

    def _plug(self) -> None:
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self._link.parent.mkdir(parents=True, exist_ok=True)
        part = self._link.with_name(f"{self._link.name}.part")
        part.unlink(missing_ok=True)
        part.symlink_to(os.ttyname(self._slave))
        part.replace(self._link)

    def _unplug(self) -> None:
        if self._master >= 0:
            self._link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1


def main() -> int:
    """Be a scanner until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.code_scanner", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where code_scanner.json is")
    asked = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the scanner's thread begins, so that only we are told
    with SimulatedScanner(SimulatedState(asked.folder), asked.folder / LINK):
        print(f"code scanner: {asked.folder / LINK}", flush=True)
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
