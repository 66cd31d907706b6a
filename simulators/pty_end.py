"""A device's end of a serial cable: a pseudo terminal whose port appears under a name while the cable is plugged in."""

import os
import termios
import tty
from contextlib import suppress
from pathlib import Path

_UNPLUGGED = -1
_SPEED = 5  # of a terminal's attributes: what comes out of the host (termios)


class PtyEnd:
    """``link``: the name under which the port appears. For one thread."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._master = self._slave = _UNPLUGGED

    @property
    def plugged(self) -> bool:
        """Whether there is a port at all."""
        return self._master != _UNPLUGGED

    def fileno(self) -> int:
        """The device's end, for ``select``; -1 while it is unplugged."""
        return self._master

    def plug(self) -> None:
        """Let the port appear, all at once, as one that was plugged in."""
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
        """Take the port away, and what was on the cable."""
        if not self.plugged:
            return
        self.link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = _UNPLUGGED

    def read(self, most: int) -> bytes:
        """What came, at most so many bytes; empty: nothing."""
        came = b""
        if self.plugged:
            with suppress(OSError):
                came = os.read(self._master, most)
        return came

    def write(self, data: bytes) -> None:
        """Send these bytes. Nobody reads: lost, as on a real line."""
        if self.plugged:
            with suppress(OSError):
                os.write(self._master, data)

    def hears_at(self, baud: int) -> bool:
        """Whether the host set its port to this rate."""
        return bool(termios.tcgetattr(self._slave)[_SPEED] == getattr(termios, f"B{baud}", None))
