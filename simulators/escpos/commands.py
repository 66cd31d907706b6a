"""ESC/POS as a printer reads it: the next command of a buffer, and the real-time commands in the stream before it.

Written from Epson's ESC/POS Command Reference, apart from the driver's side, so that each checks the other.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, its parameters, how many bytes it took."""

    name: str
    data: bytes
    length: int


_FIXED = {  # bytes -> name, number of parameter bytes
    b"\x1b@": ("ESC @", 0),
    b"\x1b2": ("ESC 2", 0),
    b"\x1b3": ("ESC 3", 1),
    b"\x1b!": ("ESC !", 1),
    b"\x1ba": ("ESC a", 1),
    b"\x1bd": ("ESC d", 1),
    b"\x1bJ": ("ESC J", 1),
    b"\x1c&": ("FS &", 0),
    b"\x1c.": ("FS .", 0),
    b"\x1da": ("GS a", 1),
    b"\x1dr": ("GS r", 1),
    b"\x1dL": ("GS L", 2),
    b"\x0a": ("LF", 0),
}
_REAL_TIME = {  # second byte of DLE -> whole length; DLE DC4 has several
    0x04: 3,
    0x05: 3,
    0x14: 5,
}
_CLEAR = bytes.fromhex("10140801031401060208")
_DLE = 0x10
_GS_BLOCK = b"\x1d("
_RASTER = b"\x1dv0"
_CUT = b"\x1dV"
_PRESENTER = b"\x1de"
_CUTS_WITH_FEED = (65, 66, 97, 98, 103, 104)
_PRESENTER_PARAMETERS = {3: 1, 32: 2}
_ASCII = range(0x20, 0x7F)
_LEAD = range(0x81, 0xFF)
_FIRST_TRAIL = 0x40  # below, four-byte characters go on, which the ROM does not have


def real_time(stream: bytes) -> Command | None:
    """The real-time command at the beginning of what starts with DLE; None while it is not all there."""
    if len(stream) < 2:  # noqa: PLR2004 - DLE and what kind
        return None
    kind = stream[1]
    length = len(_CLEAR) if stream[:3] == _CLEAR[:3] else _REAL_TIME.get(kind, 1)
    if len(stream) < max(length, 3 if kind in _REAL_TIME else 1):
        return None
    if stream[: len(_CLEAR)] == _CLEAR:
        return Command("clear", b"", length)
    name = {0x04: "DLE EOT", 0x05: "DLE ENQ"}.get(kind, "")
    return Command(name, stream[2:3] if name else b"", length)


def take(buffer: bytes, *, chinese: bool) -> Command | None:
    """The next command of what was received, "unknown" for a byte that begins none; None while it is not all there."""
    first = buffer[0]
    if first == _DLE:
        return real_time(buffer)  # done long ago, where it came in
    if first in _ASCII:
        return Command("text", buffer[:1], 1)
    if chinese and first in _LEAD:
        return Command("text", buffer[:2], 2) if len(buffer) > 1 else None
    for head, (name, count) in _FIXED.items():
        if buffer.startswith(head):
            return _with(buffer, name, len(head), count)
    for head, how in _LONGER.items():
        if buffer.startswith(head):
            return how(buffer)
    partial = len(buffer) < 3 and any(head.startswith(buffer) for head in (*_FIXED, *_LONGER))  # noqa: PLR2004
    return None if partial else Command("unknown" if first else "NUL", buffer[:1], 1)


def _with(buffer: bytes, name: str, start: int, count: int) -> Command | None:
    end = start + count
    return Command(name, buffer[start:end], end) if len(buffer) >= end else None


def _raster(buffer: bytes) -> Command | None:
    """GS v 0 m xL xH yL yH; the parameters stay before the rows."""
    size = int.from_bytes(buffer[4:6], "little") * int.from_bytes(buffer[6:8], "little")
    return _with(buffer, "GS v 0", 4, 4 + size) if len(buffer) >= 8 else None  # noqa: PLR2004 - the header


def _block(buffer: bytes) -> Command | None:
    """GS ( X pL pH ..."""
    name = f"GS ( {buffer[2:3].decode('latin-1')}"
    return _with(buffer, name, 5, int.from_bytes(buffer[3:5], "little")) if len(buffer) >= 5 else None  # noqa: PLR2004


def _cut(buffer: bytes) -> Command | None:
    return _with(buffer, "GS V", 2, 2 if buffer[2:3] and buffer[2] in _CUTS_WITH_FEED else 1)


def _presenter(buffer: bytes) -> Command | None:
    return _with(buffer, "GS e", 2, 1 + _PRESENTER_PARAMETERS.get(buffer[2], 0)) if len(buffer) > 2 else None  # noqa: PLR2004


_LONGER: dict[bytes, Callable[[bytes], Command | None]] = {
    _RASTER: _raster,
    _GS_BLOCK: _block,
    _CUT: _cut,
    _PRESENTER: _presenter,
}
