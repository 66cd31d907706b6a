"""How our own typefaces draw a character, and what it might be taken for."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from civic.assets import assets_folder
from forms.errors import AssetsMissingError, MissingGlyphError
from forms.fonts import Weight, font_file, runs

Tile = NDArray[np.float32]  # height x width, dark is 1

EM: Final = 32  # pixels a character is compared at
_DRAWN = 128  # pixels it is drawn at
_BASELINE = 0.88
_SOFT = 0.6  # blur, pixels: no scanner is sharper
_NARROWEST = 0.4  # ems
_HALF_DARK = 0.5

_RADICALS: Final = frozenset(map(chr, range(0x2F00, 0x2FD6)))
_TABLE: Final = "tables/lookalikes.txt"  # made by scripts/lookalikes.py


def rivals(wanted: str, seen: Iterable[str]) -> tuple[str, ...]:
    """What might stand in its place: of the same class, so that 1 and l are no two things."""
    if wanted.isdigit() and wanted.isascii():
        return tuple(each for each in "0123456789" if each != wanted)
    if not wanted.isalpha() or wanted.isascii():  # a few Latin letters follow from what stands around them
        return ()
    taken_for = [each for each in seen if len(each) == 1 and each.isalpha() and not each.isascii() and drawable(each)]
    like_it = dict.fromkeys(_folded(each) for each in (*lookalikes().get(wanted, ""), *taken_for))
    like_it.pop(wanted, None)
    return tuple(like_it) or ("\u56fd" if wanted != "\u56fd" else "\u5706",)


def _folded(character: str) -> str:
    """A radical of Kangxi's dictionary is drawn with the ink of its character."""
    return unicodedata.normalize("NFKC", character) if character in _RADICALS else character


@cache
def lookalikes() -> dict[str, str]:
    """Of each character that a recogniser can answer with, those that our typefaces draw nearly the same, of all that
    they can draw. Raises AssetsMissingError."""
    file = assets_folder() / _TABLE
    if not file.is_file():
        raise AssetsMissingError(file.name)
    return {line[0]: line[1:] for line in file.read_text("utf-8").splitlines()}


@cache
def drawable(character: str) -> bool:
    """Whether a typeface of ours has it."""
    try:
        return any(runs(character))
    except MissingGlyphError:
        return False


@cache
def advance(character: str, weight: Weight) -> float:
    """How far the next one stands, in ems."""
    return _font(next(runs(character, weight)).font).getlength(character) / _DRAWN


def window_width(character: str, weight: Weight) -> int:
    """Of the window that it is looked at through, in pixels at EM."""
    return round(min(max(advance(character, weight), _NARROWEST), 1.0) * EM)


def drawn(character: str, weight: Weight) -> Image.Image:
    """The same in more dots than any scanner sees, light on dark, and sharp."""
    font = _font(next(runs(character, weight)).font)
    picture = Image.new("L", (_DRAWN, _DRAWN), 0)
    x = (_DRAWN - font.getlength(character)) / 2
    ImageDraw.Draw(picture).text((x, _BASELINE * _DRAWN), character, fill=255, font=font, anchor="ls")
    return picture


@cache
def glyph(character: str, weight: Weight) -> Tile:
    """A character as it is printed, in an em square, softened; its advance in the middle."""
    small = drawn(character, weight).resize((EM, EM), Image.Resampling.LANCZOS)
    small = small.filter(ImageFilter.GaussianBlur(_SOFT))
    return np.asarray(small, np.float32) / np.float32(255)


@cache
def middle(character: str, weight: Weight) -> tuple[float, float]:
    """The middle of its ink's weight: across and down in its square, in pixels at EM."""
    ink = glyph(character, weight)
    whole = float(ink.sum()) + 1e-6
    across, down = (float(ink.sum(axis=axis) @ np.arange(EM)) / whole for axis in (0, 1))
    return across, down


@cache
def profile(character: str, weight: Weight, wide: int) -> Tile:
    """Its ink in a window of that width: as a vector of mean 0 and length 1."""
    inset = (EM - wide) // 2
    flat = glyph(character, weight)[:, inset : inset + wide].reshape(-1)
    centred = flat - flat.mean()
    return cast("Tile", centred / (np.linalg.norm(centred) + 1e-6))


@cache
def solver(character: str, weight: Weight, wide: int) -> Tile:
    """Takes a window's ink to how much of it is this character, its shift across and down (times that, in pixels) and
    its growth: one step of Gauss and Newton (Lucas and Kanade, 1981)."""
    inset = (EM - wide) // 2
    whole = glyph(character, weight)
    down, across = cast("list[Tile]", np.gradient(whole))
    y, x = np.mgrid[0:EM, 0:EM] - (EM - 1) / 2
    parts: tuple[Tile, ...] = (whole, across, down, across * x + down * y, np.ones_like(whole))
    columns = [each[:, inset : inset + wide].reshape(-1) for each in parts]
    return cast("Tile", np.linalg.pinv(np.stack(columns, axis=1))[:4].astype(np.float32))


@cache
def height(text: str, weight: Weight) -> float:
    """From the highest to the lowest ink of a text, in ems."""
    tops, bottoms = [], []
    for each in dict.fromkeys(text):
        if drawable(each):
            rows = np.flatnonzero(glyph(each, weight).max(axis=1) > _HALF_DARK)
            tops += [rows[0]] if len(rows) else []
            bottoms += [rows[-1]] if len(rows) else []
    return (max(bottoms) - min(tops) + 1) / EM if tops else 1.0


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(name)), _DRAWN)
