"""The far end of the scanner's line: a pseudo terminal that says what is held before it, each code once.

``show`` is the text of the square or its name (simulators.squares), ``none`` without one. In the state ``held`` the
same is said again and again, as scanners do that have no way to tell it; the other states spoil each line.
"""

import argparse
import signal
import sys
from pathlib import Path
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Self

from simulators import squares
from simulators.pty_end import PtyEnd
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
        self._state, self._port = state, PtyEnd(link)
        self._ending = Event()
        self._thread = Thread(target=self._run, name="scanner", daemon=True)
        self._chance = Random("scanner")
        self._shown = "none"
        self.said = 0

    def __enter__(self) -> Self:
        self._follow(self._state.read(DEVICE)["state"])
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()
        self._port.unplug()

    def _run(self) -> None:
        while not self._ending.wait(_LOOK_S):
            now = self._state.read(DEVICE)
            self._follow(now["state"])
            held = now["state"] == "held" or now["show"] != self._shown
            self._shown = now["show"]
            if held and self._shown != "none" and self._port.plugged:
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
        self._port.write(line)
        self.said += 1

    def _follow(self, fault: str) -> None:
        if fault == "unplugged":
            self._port.unplug()
        else:
            self._port.plug()


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
