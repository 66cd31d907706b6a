"""The technician's test strip, made of dots: marked 测试·无效, with nothing personal on it and no code.

Each part shows one thing: the edges, that the head is not shifted; the diagonals, a dead dot, as a gap on each of
them; lines and combs, single dots; the wedge, how dark the head burns; and the last line, where the cutter cuts.
"""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from forms.fonts import Weight, font_file, runs
from forms.layout import DOTS_PER_MM
from forms.raster import WIDTH, Dots
from forms.test_page import MARK, MARK_ENGLISH, RARE_SAMPLE

_GAP = 12  # rows
_MARK_SIZE, _TEXT, _SMALL = 76, 32, 24  # dots
_STEPS = 9
_LINES = (1, 1, 2, 2, 3, 4)  # rows


def render_test_strip(at: datetime, width: int = WIDTH) -> Dots:
    """Rows of dots, (height, ``width``), True black. Raises AssetsMissingError."""
    between = np.zeros((_GAP, width), np.bool_)
    rows = [each for part in _parts(at, width) for each in (part, between)]
    return np.vstack(rows[:-1])  # the last thing printed is the line of the cut


def _parts(at: datetime, width: int) -> Iterator[Dots]:
    yield _title(width)
    yield _words(f"{at:%Y-%m-%d %H:%M}", _TEXT, width)
    yield _words("这一条只证明打印机能打印，不是任何证明。", _SMALL, width)
    yield _words("This strip certifies nothing.", _SMALL, width)
    yield from (_ruler(width), _diagonals(width), _horizontal_lines(width), _combs(width), _wedge(width))
    yield _words(f"平安灯 {RARE_SAMPLE} 0123456789", _TEXT, width)
    yield _words(f"平安灯 {RARE_SAMPLE} 0123456789 Lamplight", _SMALL, width)
    yield _cut(width)


def _title(width: int) -> Dots:
    words = np.vstack((_words(MARK, _MARK_SIZE, width), _words(MARK_ENGLISH, _TEXT, width)))
    framed = np.pad(words, ((_GAP, _GAP), (0, 0)))
    framed[:4], framed[-4:], framed[:, :4], framed[:, -4:] = True, True, True, True
    return framed


def _words(text: str, size: int, width: int) -> Dots:
    """One line in the middle, without grey edges; smaller rather than wider than the strip."""
    fonts = [(run.text, str(font_file(run.font))) for run in runs(text, Weight.BOLD)]
    across = sum(ImageFont.truetype(file, size).getlength(part) for part, file in fonts)
    fitting = min(size, int(size * (width - 2 * _GAP) / across))
    picture = Image.new("1", (width, round(1.3 * fitting)), 1)
    pen, x = ImageDraw.Draw(picture), (width - across * fitting / size) / 2
    for part, file in fonts:
        font = ImageFont.truetype(file, fitting)
        pen.text((x, fitting), part, fill=0, font=font, anchor="ls")
        x += font.getlength(part)
    return ~np.asarray(picture)


def _ruler(width: int) -> Dots:
    """A tick each millimetre, the fifth and tenth longer, numbered; and the head's first and last dot."""
    ticks = np.zeros((36, width), np.bool_)
    for millimetre, column in enumerate(range(0, width, DOTS_PER_MM)):
        height = 36 if millimetre % 10 == 0 else 24 if millimetre % 5 == 0 else 12
        ticks[-height:, column] = True
    ticks[:, -1] = True
    ticks[-2:] = True
    return np.vstack((ticks, _numbers(width)))


def _numbers(width: int) -> Dots:
    picture = Image.new("1", (width, _SMALL), 1)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(font_file(Weight.BOLD)), 20)
    for column in range(0, width, 10 * DOTS_PER_MM):
        anchor = "ls" if column == 0 else "ms"
        pen.text((column, 20), str(column // DOTS_PER_MM), fill=0, font=font, anchor=anchor)
    return ~np.asarray(picture)


def _diagonals(width: int) -> Dots:
    """Every dot of the head alone, once in seventy-two rows."""
    rows, columns = np.ogrid[:72, :width]
    every: Dots = (columns % 72) == rows
    return every


def _horizontal_lines(width: int) -> Dots:
    parts = [np.pad(np.ones((height, width), np.bool_), ((0, 7), (0, 0))) for height in _LINES]
    return np.vstack(parts)


def _combs(width: int) -> Dots:
    """Lines of one dot, of two and of four, as far apart as they are wide; then single dots."""
    columns = np.arange(width)
    stripes = [np.tile((columns // dots) % 2 == 0, (24, 1)) for dots in (1, 2, 4)]
    board: Dots = (columns[None, :] + np.arange(24)[:, None]) % 2 == 0
    return np.vstack((*stripes, board))


def _wedge(width: int) -> Dots:
    """From white to black in steps, as photographs are printed."""
    step = np.arange(width) * _STEPS // width
    grey = np.tile(255 - step * 255 // (_STEPS - 1), (80, 1)).astype(np.uint8)
    dots: Dots = ~np.asarray(Image.fromarray(grey).convert("1"))
    dots[:2], dots[-2:] = True, True
    return dots


def _cut(width: int) -> Dots:
    """The last rows: from here to the cut is what the printer's ``feed`` setting makes it."""
    dashes = np.tile((np.arange(width) // 16) % 2 == 0, (2, 1))
    return np.vstack((_words("裁切线 cut", _SMALL, width), dashes))
