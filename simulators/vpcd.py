"""The field of a virtual reader (vpcd): a chip that comes and goes as a state file says, and answers over its line.

vpcd speaks first and the chip answers; every message is two bytes of length and what they count. A message of one byte
is a command of the reader itself. The connection is the chip lying there; closing it lifts the chip.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, Self

LIFTED_S = 0.6  # pcscd asks every 0.4 s: shorter, and it may never see that the chip was gone
POWER_OFF, POWER_ON, RESET, ATR = 0, 1, 2, 4
_LOOK_S = 0.05
_PATIENCE_S = 5.0
_HEAD = 2

Laid = tuple[str, str]
"""State, and the name of what lies there."""


class LiftedError(Exception):
    """The chip is not there any more."""


class Powered(Protocol):
    """A chip in the field, and what spoils its answers."""

    def control(self, command: int) -> bytes | None:
        """What the reader wants of the chip itself (POWER_OFF, POWER_ON, RESET, ATR); only for its ATR it waits."""

    def answer(self, apdu: bytes, wait: Callable[[float], None]) -> bytes:
        """The answer to a command, or what becomes of it; ``wait`` takes seconds. Raises LiftedError."""


class VirtualField:
    """A context manager. ``look``: what is wished now. ``power``: the chip of that, None where nothing lies there.
    ``port``: where vpcd listens on this machine; it may come and go.

    ``laid``: state and name of the chip that the reader has found; None while there is none.
    """

    def __init__(self, look: Callable[[], Laid], power: Callable[[Laid], Powered | None], port: int) -> None:
        self._wished, self._power, self._port = look, power, port
        self._ending = Event()
        self._thread = Thread(target=self._run, name="chip", daemon=True)
        self._looked, self._now = 0.0, ("", "")
        self.laid: Laid | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()

    # --- laid down and lifted ---

    def _run(self) -> None:
        while not self._ending.is_set():
            laid = self._look()
            chip = self._power(laid)
            if chip is None:
                self._ending.wait(_LOOK_S)
                continue
            with suppress(LiftedError, OSError):
                self._lie(chip, laid)
            self.laid = None
            self._ending.wait(LIFTED_S)

    def _look(self) -> Laid:
        """What is wished now; it is asked a few times a second."""
        if time.monotonic() - self._looked > _LOOK_S:
            now = self._wished()
            self._looked, self._now = time.monotonic(), now
        return self._now

    def _lie(self, chip: Powered, laid: Laid) -> None:
        """Answer until something else is wished: that is another chip for the reader."""
        with self._connected(laid) as line:
            while True:
                message = self._message(line, laid)
                if len(message) == 1:
                    self.laid = laid
                    answer = chip.control(message[0])
                else:
                    answer = chip.answer(message, lambda seconds: self._wait(laid, seconds))
                if answer is not None:
                    line.sendall(len(answer).to_bytes(_HEAD, "big") + answer)

    def _connected(self, laid: Laid) -> socket.socket:
        while True:
            self._wait(laid, 0)
            with suppress(OSError):
                line = socket.create_connection(("127.0.0.1", self._port), _PATIENCE_S)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.settimeout(_LOOK_S)
                return line
            self._wait(laid, _LOOK_S)

    def _message(self, line: socket.socket, laid: Laid) -> bytes:
        return self._received(line, int.from_bytes(self._received(line, _HEAD, laid), "big"), laid)

    def _received(self, line: socket.socket, size: int, laid: Laid) -> bytes:
        received = b""
        while len(received) < size:
            self._wait(laid, 0)
            # vpcd sends length and message apart: unless the first is acknowledged at once, the second waits 40 ms
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            with suppress(TimeoutError):
                piece = line.recv(size - len(received))
                if not piece:
                    raise LiftedError
                received += piece
        return received

    def _wait(self, laid: Laid, seconds: float) -> None:
        """Raises LiftedError as soon as something else is wished."""
        until = time.monotonic() + seconds
        while True:
            if self._ending.is_set() or self._look() != laid:
                raise LiftedError
            rest = until - time.monotonic()
            if rest <= 0:
                return
            self._ending.wait(min(rest, _LOOK_S))
