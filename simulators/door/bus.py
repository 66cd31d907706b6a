"""The end of an RS-485 bus on a pseudo terminal: bytes come and go, late, or not at all."""

import time
from collections import deque
from pathlib import Path

from simulators.pty_end import PtyEnd

_PIECE = 1024


class Bus:
    """What libosdp calls a channel. ``link``: the name under which the port appears, while it is plugged in."""

    def __init__(self, link: Path) -> None:
        self.id = 1  # libosdp tells channels apart by it
        self.cut = False
        self.late_s = 0.0
        self._port = PtyEnd(link)
        self._waiting: deque[tuple[float, bytes]] = deque()

    @property
    def plugged(self) -> bool:
        """Whether there is a port at all."""
        return self._port.plugged

    @property
    def link(self) -> Path:
        """Where the port is."""
        return self._port.link

    def plug(self) -> None:
        """Let the port appear."""
        self._port.plug()

    def unplug(self) -> None:
        """Take the port away."""
        if not self.plugged:
            return
        self._port.unplug()
        self._waiting.clear()

    def read(self, most: int) -> bytes:
        """What came, at most so much. A cut cable loses it: it does not wait in the pipe until the cable is whole."""
        came = self._port.read(min(most, _PIECE))
        return b"" if self.cut else came

    def write(self, data: bytes) -> int:
        """Send, now or ``late_s`` later."""
        if not self.cut:
            self._waiting.append((time.monotonic() + self.late_s, data))
        self.turn()
        return len(data)

    def turn(self) -> None:
        """Send what has waited long enough."""
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, data = self._waiting.popleft()
            if not self.cut:
                self._port.write(data)

    def flush(self) -> None:
        """Forget what has not been read."""
        while self.read(_PIECE):
            pass
