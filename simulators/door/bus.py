"""The end of an RS-485 bus on a pseudo terminal: bytes come and go, late, or not at all."""

import os
import time
import tty
from collections import deque
from contextlib import suppress
from pathlib import Path

_PIECE = 1024


class Bus:
    """What libosdp calls a channel. ``link``: the name under which the port appears, while it is plugged in."""

    def __init__(self, link: Path) -> None:
        self.id = 1  # libosdp tells channels apart by it
        self.link = link
        self.cut = False
        self.late_s = 0.0
        self._master, self._slave = -1, -1
        self._waiting: deque[tuple[float, bytes]] = deque()

    @property
    def plugged(self) -> bool:
        """Whether there is a port at all."""
        return self._master >= 0

    def plug(self) -> None:
        """Let the port appear."""
        if self.plugged:
            return
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self.link.parent.mkdir(parents=True, exist_ok=True)
        part = self.link.with_name(f"{self.link.name}.part")
        part.unlink(missing_ok=True)
        part.symlink_to(os.ttyname(self._slave))
        part.replace(self.link)

    def unplug(self) -> None:
        """Take the port away."""
        if not self.plugged:
            return
        self.link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1
        self._waiting.clear()

    def read(self, most: int) -> bytes:
        """What came, at most so much. A cut cable loses it: it does not wait in the pipe until the cable is whole."""
        came = b""
        if self.plugged:
            with suppress(OSError):
                came = os.read(self._master, min(most, _PIECE))
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
            if self.plugged and not self.cut:
                with suppress(OSError):
                    os.write(self._master, data)

    def flush(self) -> None:
        """Forget what has not been read."""
        while self.read(_PIECE):
            pass
