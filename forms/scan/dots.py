"""What is drawn as a scanner would see it: on the picture's own dots, wherever its strokes fall between them.

A stroke as thin as a dot stands dark in one row or half as dark in two, by where the sheet lay. Two characters that
differ by such strokes can be told apart only if each is drawn in the same place between the dots.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from forms.fonts import Weight
from forms.scan.glyphs import Tile, drawn

_PHASES: Final = (-0.4, -0.2, 0.0, 0.2, 0.4)  # dots, across and down, from where the character was found
_BLURS: Final = (0.0, 0.4, 0.7)  # dots: of a scanner's lens
_AROUND: Final = 0.25  # ems of white that are drawn around an em square


def lead(
    dark: Tile, middle: tuple[float, float], em: float, pair: tuple[str, str], weight: Weight
) -> tuple[float, float]:
    """By how much the ink around ``middle`` (x, y in dots of ``dark``) is likelier the first of two characters, and by
    how much it would be, were it that one and nothing else. Correlations; each where and as sharp as it fits best."""
    half = round(em / 2)
    left, top = round(middle[0]) - half, round(middle[1]) - half
    ink = dark[top : top + 2 * half, left : left + 2 * half]
    if ink.shape != (2 * half, 2 * half):
        return 0.0, 1.0
    at = middle[0] - left, middle[1] - top
    (own, shown), (other, beside) = (_best(_unit(ink), at, em, each, weight) for each in pair)
    return own - other, 1 - float((shown * beside).sum())


def _best(ink: Tile, at: tuple[float, float], em: float, character: str, weight: Weight) -> tuple[float, Tile]:
    """How like the ink it is, and as what."""
    return max(
        ((float((ink * tile).sum()), tile) for tile in _tiles(len(ink), at, em, character, weight)),
        key=lambda each: each[0],
    )


def _tiles(side: int, at: tuple[float, float], em: float, character: str, weight: Weight) -> Iterator[Tile]:
    """The character in each place between the dots, and in each sharpness."""
    picture = _picture(character, weight)
    scale = picture.width / (em * (1 + 2 * _AROUND))
    for across, down in product(_PHASES, repeat=2):
        left, top = picture.width / 2 - (at[0] + across) * scale, picture.height / 2 - (at[1] + down) * scale
        box = left, top, left + side * scale, top + side * scale
        seen = picture.resize((side, side), Image.Resampling.BOX, box=box)
        for blur in _BLURS:
            yield _unit(np.asarray(seen.filter(ImageFilter.GaussianBlur(blur)) if blur else seen, np.float32))


@cache
def _picture(character: str, weight: Weight) -> Image.Image:
    square = drawn(character, weight)
    around = round(_AROUND * square.width)
    wide = Image.new("L", (square.width + 2 * around, square.height + 2 * around), 0)
    wide.paste(square, (around, around))
    return wide


def _unit(tile: Tile) -> Tile:
    """Of mean 0 and length 1."""
    centred = tile - tile.mean()
    made: Tile = centred / (np.linalg.norm(centred) + 1e-6)
    return made
