"""The far end of the thermal printer's wire: an ESC/POS printer on a pseudo terminal and on a TCP port, both at once.

It is what ``var/sim/thermal_printer.json`` says; strips fall into the tray as pictures, one dot a pixel. ``after``: how
many rows of a strip are printed before the state begins, so that a fault comes in the middle. ``paper``: whether a hand
takes what a presenter offers.
"""

import argparse
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from simulators.escpos.mechanism import Mechanism
from simulators.escpos.paper import Paper
from simulators.pty_end import PtyEnd
from simulators.state import DEFAULT_FOLDER, SimulatedState

DEVICE = "thermal_printer"
LINK = "thermal_printer.tty"
PORT = 9100
_HOST = "127.0.0.1"
_TICK, _IDLE_TICK = 0.01, 0.04
_ROWS_A_SECOND = 1200.0  # 150 mm
_PIECE = 1024
_TICK_OF_MAIN = 0.2


class SimulatedThermalPrinter:
    """A context manager: inside, ``link`` and ``port`` lead to the printer (unless it is unplugged).

    One thread is the printer. A cable that is pulled takes what was on it, not what the printer has in its buffer.
    """

    def __init__(
        self, state: SimulatedState, tray: Path, port: int = 0, width: int = 576, rows_a_second: float = _ROWS_A_SECOND
    ) -> None:
        self._cable = PtyEnd(state.folder / LINK)
        self.port = port
        self.mechanism = Mechanism(Paper(width, tray), rows_a_second, self._say)
        self._state = state
        self._ending = Event()
        self._server: socket.socket | None = None
        self._caller: socket.socket | None = None
        self._terminal_asks = False
        self._thread = Thread(target=self._run, name="thermal printer", daemon=True)

    @property
    def link(self) -> Path:
        """Where its port is."""
        return self._cable.link

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()
        self._unplug()

    def _run(self) -> None:
        before = time.monotonic()
        while not self._ending.is_set():
            self._look()
            if not self._cable.plugged or self.mechanism.fault == "hung" or not self.mechanism.wants_more:
                self._ending.wait(_TICK)
            else:
                self._serve()
            now = time.monotonic()
            self.mechanism.run(now - before)
            before = now

    def _look(self) -> None:
        now = self._state.read(DEVICE)
        mechanism = self.mechanism
        mechanism.state, mechanism.taken = now["state"], now["paper"] == "taken"
        mechanism.after = int(now["after"]) if now["after"].isdecimal() else 0
        if mechanism.fault == "unplugged":
            self._unplug()
        elif not self._cable.plugged:
            self._plug()

    # --- the cables ---

    def _plug(self) -> None:
        self._server = socket.create_server((_HOST, self.port))
        self.port = self._server.getsockname()[1]
        self._cable.plug()

    def _unplug(self) -> None:
        if not self._cable.plugged:
            return
        self._hang_up()
        if self._server:
            self._server.close()
        self._cable.unplug()

    def _hang_up(self) -> None:
        caller, self._caller = self._caller, None
        if caller:
            caller.close()

    # --- the wire ---

    def _serve(self) -> None:
        """Wait a moment for bytes from either cable, or for a caller; one caller at a time, as such printers."""
        cables: list[PtyEnd | socket.socket] = [self._cable]
        cables += [each for each in (self._caller or self._server,) if each]
        ready = select.select(cables, [], [], _IDLE_TICK if self.mechanism.idle else _TICK)[0]
        if self._caller and self._caller in ready:
            self._read_caller(self._caller)
        elif self._server and self._server in ready:
            self._caller = self._server.accept()[0]
            self._caller.settimeout(1.0)
        if self._cable in ready:
            self._terminal_asks = True
            self.mechanism.receive(self._cable.read(_PIECE))

    def _read_caller(self, caller: socket.socket) -> None:
        received = b""
        self._terminal_asks = False
        with suppress(OSError):
            received = caller.recv(_PIECE)
        if received:
            self.mechanism.receive(received)
        else:
            self._hang_up()

    def _say(self, answer: bytes) -> None:
        """To where the last bytes came from."""
        if self.mechanism.fault in ("hung", "unplugged") or not self._cable.plugged:
            return
        if self._terminal_asks:
            self._cable.write(answer)
        elif self._caller:
            with suppress(OSError):
                self._caller.sendall(answer)


def main() -> int:
    """Be a printer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.thermal_printer", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where thermal_printer.json is")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--tray", type=Path, help="where strips fall (default: strips, in the folder)")
    parser.add_argument("--width", type=int, default=576, help="dots")
    asked = parser.parse_args()
    told: list[int] = []  # no Event: its lock may be held where the signal comes
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _: told.append(number))
    tray = asked.tray or asked.folder / "strips"
    with SimulatedThermalPrinter(SimulatedState(asked.folder), tray, asked.port, asked.width) as printer:
        print(f"thermal printer: tcp://{_HOST}:{printer.port} and {printer.link}", flush=True)
        while not told:  # not in one sleep: a signal just before would not end it
            time.sleep(_TICK_OF_MAIN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
