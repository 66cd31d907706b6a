"""What is heard on an OSDP bus: which answers came, to tell a dead line from a wrong key.

SIA OSDP 2.2 (IEC 60839-11-5): a frame is SOM, address, length (two bytes, low first), control, then, with bit 3 of
control, a security block whose first byte is its length, then the code of the answer. libosdp says only "offline".
"""

from typing import Final

SOM: Final = 0x53
_REPLY: Final = 0x80  # of the address: a device speaks, not the panel
_HAS_SECURITY: Final = 0x08
_HEAD: Final = 5
_LONGEST: Final = 1440

ACK: Final = 0x40
NAK: Final = 0x41
PDID: Final = 0x45
PDCAP: Final = 0x46
CCRYPT: Final = 0x76
RMAC_I: Final = 0x78

TEMPORARY_ON: Final = 5
"""osdp_OUT, control code: on for a time, then back to what it was (a strike at rest)."""
TENTHS: Final = 10


class Hearing:
    """Collects the bytes of a bus; ``codes``: the answers heard since ``forget``."""

    def __init__(self) -> None:
        self.codes: set[int] = set()
        self._bytes = bytearray()

    def forget(self) -> None:
        """Begin anew."""
        self.codes.clear()
        self._bytes.clear()

    def hear(self, came: bytes) -> None:
        """Take bytes as they come, in any pieces; what is no frame is passed over."""
        self._bytes += came
        while (code := self._frame()) is not None:
            if code >= 0:
                self.codes.add(code)

    def _frame(self) -> int | None:
        """Take one frame off: its code; -1 for one that is the panel's own or makes no sense; None: not whole yet."""
        start = self._bytes.find(SOM)
        del self._bytes[: start if start >= 0 else len(self._bytes)]
        if len(self._bytes) < _HEAD:
            return None
        length = int.from_bytes(self._bytes[2:4], "little")
        if not _HEAD < length <= _LONGEST:
            del self._bytes[0]
            return -1
        if len(self._bytes) < length:
            return None
        frame = bytes(self._bytes[:length])
        del self._bytes[:length]
        return _code(frame)


def _code(frame: bytes) -> int:
    """The code of a device's answer, or -1."""
    if not frame[1] & _REPLY:
        return -1
    at = _HEAD + (frame[_HEAD] if frame[4] & _HAS_SECURITY else 0)
    return frame[at] if at < len(frame) else -1
