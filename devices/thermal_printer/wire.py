"""ESC/POS, as far as we speak it: bytes to send, and replies told apart by their fixed bits.

Source: Epson, ESC/POS Command Reference (DLE EOT, DLE ENQ, DLE DC4 fn 8, ESC @, ESC J, FS &, GS ( H fn 48, GS ( K
fn 49, GS V, GS a, GS r, GS v 0); presenter commands (GS e, DLE EOT 20) as CUSTOM and Pyramid document them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

import numpy as np

from devices.thermal_printer.api import Strip, UnprintableStripError
from devices.thermal_printer.model import StripModel

CLEAR = bytes.fromhex("10140801031401060208")
"""DLE DC4 fn 8, at once, also while offline and inside of a picture: empties the receive and print buffers."""

RECOVER = bytes.fromhex("100502")
"""DLE ENQ 2: leave an error after clearing the buffers."""

INITIALISE = b"\x1b@"
CHINESE_TYPE = b"\x1c&"
_NO_AUTOMATIC_STATUS = b"\x1da\x00"
_ASK_PAPER = b"\x1dr\x01"
_CUTS = {"full": b"\x1dV\x00", "partial": b"\x1dV\x01", "none": b""}
_PRESENT = b"\x1de\x03\x0c"  # twelve steps of 7 mm out of the mouth; cuts first
_DISPOSE = {"none": b"", "eject": b"\x1de\x05", "retract": b"\x1de\x02"}
_FARTHEST_FEED = 255
ECHOES = 10000
"""Process numbers have four digits."""


class Status(IntEnum):
    """n of DLE EOT n; FULL is the presenter printers' own."""

    PRINTER = 1
    OFFLINE = 2
    ERROR = 3
    PAPER = 4
    FULL = 20


class Kind(Enum):
    """What a reply is."""

    STATUS = auto()  # one byte, of any DLE EOT 1 to 4: it does not say which
    ECHO = auto()  # four digits of GS ( H
    PAPER = auto()  # one byte of GS r
    CLEARED = auto()
    FULL = auto()  # four bytes of DLE EOT 20
    IGNORED = auto()  # automatic status, flow control, noise


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply without its header."""

    kind: Kind
    data: bytes


_HEADED = {  # header -> kind, whole length, where the data are
    b"\x37\x22": (Kind.ECHO, 7, slice(2, 6)),
    b"\x37\x25": (Kind.CLEARED, 3, slice(2, 2)),
    b"\x10\x0f": (Kind.FULL, 6, slice(2, 6)),
}
_SINGLE = (  # mask, value, kind, length; the first that fits
    (0x93, 0x12, Kind.STATUS, 1),
    (0x93, 0x10, Kind.IGNORED, 4),
    (0x90, 0x00, Kind.PAPER, 1),
    (0x00, 0x00, Kind.IGNORED, 1),
)


def replies(received: bytes) -> tuple[list[Reply], bytes]:
    """Whole replies, and the beginning of one."""
    found, at = [], 0
    while at < len(received):
        kind, length, data = _recognise(received[at : at + 2])
        if at + length > len(received):
            break
        found.append(Reply(kind, received[at : at + length][data]))
        at += length
    return found, received[at:]


def _recognise(head: bytes) -> tuple[Kind, int, slice]:
    if head in _HEADED:
        return _HEADED[head]
    if len(head) == 1 and any(known[:1] == head for known in _HEADED):
        return Kind.IGNORED, 2, slice(0, 0)  # its second byte will tell
    kind, length = next((kind, length) for mask, value, kind, length in _SINGLE if head[0] & mask == value)
    return kind, length, slice(0, length)


def ask_status(status: Status) -> bytes:
    """DLE EOT n: answered at once."""
    return bytes((0x10, 0x04, status))


def ask_echo(model: StripModel, number: int) -> bytes:
    """Answered when everything before it is done."""
    return b"\x1d(H\x06\x0000" + f"{number % ECHOES:04d}".encode() if model.echo == "process-id" else _ASK_PAPER


def opening(model: StripModel) -> bytes:
    """A known beginning: defaults, no automatic status, this density."""
    return INITIALISE + _NO_AUTOMATIC_STATUS + b"\x1d(K\x02\x001" + bytes((model.density % 256,))


def ending(model: StripModel) -> bytes:
    """Move the last row past the cutter, cut, and present the strip where there is a presenter."""
    return _fed(model) + (_CUTS[model.cut] if model.presenter == "none" else _PRESENT)


def disposal(model: StripModel) -> bytes:
    """Cut off what may be left of an earlier strip, and have it out of the way."""
    return _fed(model) + (_CUTS[model.cut] if model.presenter == "none" else _DISPOSE[model.presenter])


def taking_back(model: StripModel) -> bytes:
    """What becomes of a presented strip that nobody takes."""
    return _DISPOSE[model.presenter]


def band_filler(model: StripModel) -> bytes:
    """Ends a picture of which only a part arrived: rows of white; as commands, nothing."""
    return bytes(model.width // 8 * model.band)


def bands(strip: Strip, model: StripModel) -> Iterator[bytes]:
    """GS v 0 commands of at most ``model.band`` rows. Raises UnprintableStripError for what has no rows of dots, or too
    wide ones."""
    if strip.ndim != 2 or strip.dtype != np.bool_ or not 0 < strip.shape[1] <= model.printable or not len(strip):  # noqa: PLR2004 - rows and columns
        raise UnprintableStripError(f"a strip is rows of at most {model.printable} dots")
    rows = np.zeros((len(strip), model.width), np.bool_)
    rows[:, model.left_margin : model.left_margin + strip.shape[1]] = strip
    packed = np.packbits(rows, axis=1)
    return (_raster(packed[at : at + model.band]) for at in range(0, len(packed), model.band))


def _raster(packed: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    height, width = packed.shape
    return b"\x1dv0\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + packed.tobytes()


def _fed(model: StripModel) -> bytes:
    whole, rest = divmod(model.feed, _FARTHEST_FEED)
    return b"\x1bJ\xff" * whole + (b"\x1bJ" + bytes((rest,)) if rest else b"")
