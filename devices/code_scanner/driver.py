"""A scanner of squares on a serial line (USB CDC ACM, or a real one): one line for each code.

The port is opened when it is needed and dropped when it fails, so that unplugging and plugging in again needs nobody;
nobody else may have it meanwhile. What a code said is not kept, only a hash of the last one: enough to tell that it is
held before the scanner still.
"""

import errno
import hashlib
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock

import serial

from devices.code_scanner.wire import Lines
from devices.errors import DeviceUnavailableError, heed_visit
from devices.health import Health, Level

_SLICE = 0.1  # seconds within which a cancel is noticed
_GAP = 0.3  # a line that pauses so long does not go on
_STALE = 1.0  # what was shown longer before a call than this is not told: it was meant for nobody, or for another
_PIECE = 4096
_TAKEN = (errno.EAGAIN, errno.EBUSY)
_PORT_ERRORS = (serial.SerialException, OSError, termios.error)  # a port that went away raises any of them


class SerialCodeScanner:
    """Implements devices.code_scanner.api.CodeScanner.

    ``port``: a device path; ``baud``: which USB scanners take any of. ``again``: seconds for which a code must not have
    been seen before it counts as shown anew. ``now``: a monotonic clock, seconds.
    """

    def __init__(self, port: str, baud: int, again: float, now: Callable[[], float] = time.monotonic) -> None:
        self._path, self._baud, self._again, self._now = port, baud, again, now
        self._turn = Lock()
        self._port: serial.Serial | None = None
        self._lines = Lines()
        self._waiting: deque[str] = deque()
        self._left_at = float("-inf")  # when the last call ended
        self._last, self._last_at, self._heard_at = b"", 0.0, 0.0
        self._reason = "unplugged"

    def health(self) -> Health:
        """Open the port if nobody waits for a code, and see whether it is there. Never raises."""
        if self._turn.acquire(blocking=False):
            try:
                with suppress(DeviceUnavailableError), self._telling():
                    self._opened().in_waiting  # noqa: B018 - it raises where the port is gone
            finally:
                self._turn.release()
        facts = (("port", self._path), ("baud", str(self._baud)), ("dropped", str(self._lines.dropped)))
        return Health("code_scanner", Level.READY if self._reason == "ok" else Level.DOWN, self._reason, facts)

    def next_code(self, timeout: float, cancel: Event) -> str:
        """The next code, or nothing. Raises DeviceUnavailableError (unplugged, in-use) and DeviceCancelledError."""
        until = self._now() + timeout
        while not self._turn.acquire(timeout=_SLICE):
            heed_visit(cancel)
            if self._now() > until:
                return ""
        try:
            with self._telling():
                self._forget_the_stale()
                return self._next(until, cancel)
        finally:
            self._left_at = self._now()
            self._turn.release()

    def close(self) -> None:
        """Give the port back."""
        with self._turn:
            self._drop()

    # --- codes ---

    def _next(self, until: float, cancel: Event) -> str:
        while True:
            heed_visit(cancel)
            while self._waiting:
                code = self._waiting.popleft()
                if self._is_new(code):
                    return code
            if self._now() >= until:
                return ""
            self._listen()

    def _listen(self) -> None:
        """Take what comes within a slice; a line that has begun is given its time to end."""
        port = self._opened()
        came = port.read(1)
        if came:
            came += port.read(min(port.in_waiting, _PIECE))
            self._heard_at = self._now()
        elif self._lines.began and self._now() - self._heard_at > _GAP:
            self._lines.break_off()
        self._waiting += self._lines.feed(came)

    def _is_new(self, code: str) -> bool:
        """Whether it is not the one that is held there. Each time that it is seen counts."""
        seen, at = hashlib.sha256(code.encode()).digest(), self._now()
        held = seen == self._last and at - self._last_at < self._again
        self._last, self._last_at = seen, at
        return not held

    def _forget_the_stale(self) -> None:
        """Codes that came while nobody asked, unless it was for a moment between two calls."""
        if self._now() - self._left_at <= _STALE:
            return
        self._waiting.clear()
        self._lines.break_off()
        self._opened().reset_input_buffer()

    # --- the port ---

    def _opened(self) -> serial.Serial:
        if self._port is None:
            self._port = serial.Serial(self._path, self._baud, timeout=_SLICE, exclusive=True)
            self._reason = "ok"
        return self._port

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """The reason follows what becomes of the port in here."""
        try:
            yield
        except _PORT_ERRORS as error:
            self._drop()
            taken = isinstance(error, OSError) and error.errno in _TAKEN
            self._reason = "in-use" if taken else "unplugged"
            raise DeviceUnavailableError(self._reason) from None

    def _drop(self) -> None:
        port, self._port = self._port, None
        self._waiting.clear()
        self._lines.break_off()
        if port is not None:
            with suppress(*_PORT_ERRORS):
                port.close()
