"""Opens the chip's photo with a vendor's library (WLT, 1024 bytes in, 102 x 126 pixels out).

Nobody has published the encoding; every program that opens it calls a binary that belongs to the reader. That binary
runs in a process of its own (docs/decisions/photo-decoder.md), and the photo goes there and back through pipes alone.
"""

import logging
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from civic.masking import PersonalBytes
from devices.id_card import photo_worker
from devices.id_card.photo_worker import PICTURE_BYTES

WIDTH, HEIGHT = 102, 126
WORKER_COMMAND = "photo-worker"  # how the built kiosk is asked to be the worker
Turned = Literal["no", "rows", "columns", "both"]

_PIXEL = 3
_PATIENCE = 3.0
_HEAD = struct.Struct("<2sIHHI IiiHHIIiiII")  # BITMAPFILEHEADER, BITMAPINFOHEADER
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VendorPhotoDecoder:
    """Implements devices.id_card.api.PhotoDecoder.

    ``symbol``: of a C function (wlt, picture, ``number``) that fills the picture with blue, green, red, row by row, and
    returns a negative number when it can't. ``turned``: which of the two orders this library has the wrong way round.
    """

    library: Path
    symbol: str = "_Z6unpackPcS_i"
    number: int = 708
    turned: Turned = "no"
    patience: float = _PATIENCE

    def decode(self, wlt: PersonalBytes) -> PersonalBytes | None:
        """The photo as a BMP file, or None when it can't be opened; the log says why. Never raises."""
        reason, picture = self._opened(wlt.reveal())
        if reason:
            _log.warning("photo of a card: %s", reason)
            return None
        return PersonalBytes(_bitmap(picture, self.turned))

    def _opened(self, wlt: bytes) -> tuple[str, bytes]:
        """Why there is no picture, or nothing and the picture."""
        try:
            ended = subprocess.run(
                [*_worker(), str(self.library), self.symbol, str(self.number)],
                input=wlt,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.patience,
                check=False,
                cwd=self.library.parent,  # where vendors keep their licence files
                env={},
            )
        except subprocess.TimeoutExpired:
            return "hung", b""
        except OSError:
            return "no-library", b""
        return _reason(ended.returncode, ended.stdout), ended.stdout


def _worker() -> list[str]:
    """How this program starts the worker: as a module, or, built, itself by another name (scripts/built_kiosk.py)."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_COMMAND]
    return [sys.executable, "-I", "-m", photo_worker.__name__]


def _reason(status: int, picture: bytes) -> str:
    """Why there is no picture; empty when there is one. Nothing drawn at all is none."""
    if status < 0:
        return "crashed"
    if status == photo_worker.NO_LIBRARY:
        return "no-library"
    drawn = len(picture) == PICTURE_BYTES and picture.count(picture[0]) != PICTURE_BYTES
    return "" if status == 0 and drawn else "refused"


def _bitmap(pixels: bytes, turned: Turned) -> bytes:
    """A BMP file of 24 bits a pixel: rows from the bottom up, each filled up to four bytes."""
    line = WIDTH * _PIXEL
    rows = [pixels[at : at + line] for at in range(0, len(pixels), line)]
    if turned in ("columns", "both"):
        rows = [b"".join(row[at : at + _PIXEL] for at in range(line - _PIXEL, -1, -_PIXEL)) for row in rows]
    if turned not in ("rows", "both"):
        rows.reverse()
    body = b"".join(row + bytes(-line % 4) for row in rows)
    dimensions = (40, WIDTH, HEIGHT, 1, 24, 0, len(body), 0, 0, 0, 0)
    return _HEAD.pack(b"BM", _HEAD.size + len(body), 0, 0, _HEAD.size, *dimensions) + body
