"""The reader's field: a chip that comes and goes as the state file says, with what goes wrong on the way to it."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Self

from simulators.chip import lds
from simulators.chip.applet import Applet, Personalisation
from simulators.chip.documents import documents
from simulators.chip.personalise import Press
from simulators.state import SimulatedState

DEVICE = "travel_document"
LIFTED_S = 0.6  # pcscd asks every 0.4 s: shorter, and it may never see that the document was gone
_LOOK_S = 0.05
_SLOW_S = 0.15
_PATIENCE_S = 5.0
_HEAD = 2
_POWER_OFF, _POWER_ON, _RESET, _ATR = 0, 1, 2, 4
_OK = b"\x90\x00"


class _LiftedError(Exception):
    """The document is not there any more."""


class SimulatedChip:
    """A context manager. ``port``: where vpcd listens on this machine; it may come and go.

    ``laid``: state and document of the chip that the reader has found; None while there is none.
    """

    def __init__(self, state: SimulatedState, port: int, press: Press | None = None) -> None:
        self._state, self._port = state, port
        self._press = press or Press()
        self._documents = documents()
        self._ending = Event()
        self._thread = Thread(target=self._run, name="chip", daemon=True)
        self._looked, self._now = 0.0, ("ok", "none")
        self.laid: tuple[str, str] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()

    # --- laid down and lifted ---

    def _run(self) -> None:
        while not self._ending.is_set():
            fault, name = laid = self._look()
            document = self._documents.get(name)
            if document is None:
                self._ending.wait(_LOOK_S)
                continue
            chip = self._press.make(document, fault)
            with suppress(_LiftedError, OSError):
                self._lie(chip, laid)
            self.laid = None
            self._ending.wait(LIFTED_S)

    def _look(self) -> tuple[str, str]:
        """State and document now; the file is read a few times a second."""
        if time.monotonic() - self._looked > _LOOK_S:
            now = self._state.read(DEVICE)
            self._looked, self._now = time.monotonic(), (now["state"], now["document"])
        return self._now

    def _lie(self, chip: Personalisation, laid: tuple[str, str]) -> None:
        """Answer until another document, or another fault, is wished: that is another document for the reader."""
        with self._connected(laid) as line:
            powered = _Powered(chip, laid[0])
            while True:
                message = self._message(line, laid)
                if len(message) == 1:
                    self.laid = laid
                    answer = powered.control(message[0])
                else:
                    answer = powered.answer(message, lambda seconds: self._wait(laid, seconds))
                if answer is not None:
                    line.sendall(len(answer).to_bytes(_HEAD, "big") + answer)

    def _connected(self, laid: tuple[str, str]) -> socket.socket:
        while True:
            self._wait(laid, 0)
            with suppress(OSError):
                line = socket.create_connection(("127.0.0.1", self._port), _PATIENCE_S)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.settimeout(_LOOK_S)
                return line
            self._wait(laid, _LOOK_S)

    def _message(self, line: socket.socket, laid: tuple[str, str]) -> bytes:
        return self._received(line, int.from_bytes(self._received(line, _HEAD, laid), "big"), laid)

    def _received(self, line: socket.socket, size: int, laid: tuple[str, str]) -> bytes:
        received = b""
        while len(received) < size:
            self._wait(laid, 0)
            # vpcd sends length and message apart: unless the first is acknowledged at once, the second waits 40 ms
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            with suppress(TimeoutError):
                piece = line.recv(size - len(received))
                if not piece:
                    raise _LiftedError
                received += piece
        return received

    def _wait(self, laid: tuple[str, str], seconds: float) -> None:
        """Raises _LiftedError as soon as something else is wished."""
        until = time.monotonic() + seconds
        while True:
            if self._ending.is_set() or self._look() != laid:
                raise _LiftedError
            rest = until - time.monotonic()
            if rest <= 0:
                return
            self._ending.wait(min(rest, _LOOK_S))


class _Powered:
    """A chip in the field, and what spoils its answers."""

    def __init__(self, chip: Personalisation, fault: str) -> None:
        self._chip, self._fault = chip, fault
        self._applet = Applet(chip)
        self._chance = Random(fault)

    def control(self, command: int) -> bytes | None:
        """What the reader wants of the chip itself; only for its ATR it waits."""
        if command in (_POWER_OFF, _POWER_ON, _RESET):
            self._applet = Applet(self._chip)
        return self._chip.atr() if command == _ATR else None

    def answer(self, apdu: bytes, wait: Callable[[float], None]) -> bytes:
        """The answer to a command, or what becomes of it. Raises _LiftedError."""
        answer = self._applet.answer(apdu)
        at_portrait = self._applet.current == lds.DG2 and len(answer) > len(_OK)
        match self._fault:
            case "removed-mid-read" if at_portrait:
                raise _LiftedError
            case "hung" if at_portrait:
                wait(float("inf"))
            case "slow":
                wait(_SLOW_S)
            case "garbage":
                return self._chance.randbytes(self._chance.randint(1, 40))
            case _:
                pass
        return answer
