"""The paper of a simulated thermal printer: rows of dots, its ROM type, and the tray that strips fall into."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from civic.assets import third_party

Rows = NDArray[np.bool_]
CELL = 24  # dots of a Chinese character; ASCII is half as wide
LINE = 30  # from one line of type to the next
_TYPE = "fonts/NotoSansSC-Regular.ttf"
_MIDDLE_GREY = 128


class Paper:
    """What has come out and is not cut off yet, and what became of what was. Strips are numbered as they are cut."""

    def __init__(self, width: int, tray: Path) -> None:
        self.width = width
        self._tray = tray
        self._rows: list[Rows] = []
        self.presented: Rows | None = None
        """A strip that lies in the presenter."""

    @property
    def picture(self) -> Rows:
        """What hangs on the roll, printed."""
        return np.vstack(self._rows) if self._rows else np.zeros((0, self.width), np.bool_)

    def add(self, rows: Rows) -> None:
        """Print rows, cut or filled with white to the paper's width."""
        fitted = np.zeros((len(rows), self.width), np.bool_)
        fitted[:, : rows.shape[1]] = rows[:, : self.width]
        self._rows.append(fitted)

    def cut(self) -> None:
        """Off, and into the tray."""
        self._keep(self._off(), "")

    def present(self) -> None:
        """Off, and between the presenter's rollers. What lay there is pushed out."""
        self.eject()
        strip = self._off()
        self.presented = strip if len(strip) else None

    def eject(self) -> None:
        """What the presenter holds falls out, or is taken."""
        self._keep(self._from_presenter(), "")

    def retract(self) -> None:
        """What the presenter holds goes into the box behind it."""
        self._keep(self._from_presenter(), "retracted-")

    def _off(self) -> Rows:
        strip, self._rows = self.picture, []
        return strip

    def _from_presenter(self) -> Rows:
        strip, self.presented = self.presented, None
        return np.zeros((0, self.width), np.bool_) if strip is None else strip

    def _keep(self, strip: Rows, kind: str) -> None:
        if not len(strip):
            return
        self._tray.mkdir(parents=True, exist_ok=True)
        number = len(list(self._tray.glob("*.png"))) + 1
        part = self._tray / f"{number:04d}.part"
        Image.fromarray(~strip).save(part, "PNG")
        part.replace(self._tray / f"{kind}{number:04d}.png")


def strip_in(path: Path) -> Rows:
    """A strip of the tray, True where it is black."""
    with Image.open(path) as image:
        return ~np.asarray(image.convert("1"), np.bool_)


def type_line(encoded: bytes) -> Rows:
    """A line of ROM type: the characters of a GB 18030 string, one beside the other."""
    cells = [_glyph(character) for character in encoded.decode("gb18030", "replace")]
    line = np.hstack(cells) if cells else np.zeros((CELL, 0), np.bool_)
    return np.vstack([line, np.zeros((LINE - CELL, line.shape[1]), np.bool_)])


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(third_party(_TYPE), CELL - 2)


@cache
def _glyph(character: str) -> Rows:
    cell = Image.new("L", (CELL // 2 if character.isascii() else CELL, CELL))
    ImageDraw.Draw(cell).text((0, -5), character, font=_font(), fill=255)
    return np.asarray(cell) >= _MIDDLE_GREY
