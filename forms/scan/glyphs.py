"""How our own typefaces draw a character, and what it might be taken for."""

from collections.abc import Iterable
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from forms.errors import MissingGlyphError
from forms.fonts import Weight, font_file, runs

Tile = NDArray[np.float32]  # height x width, dark is 1

EM: Final = 32  # pixels a character is compared at
_DRAWN = 128  # pixels it is drawn at
_BASELINE = 0.88
_SOFT = 0.6  # blur, pixels: no scanner is sharper
_NARROWEST = 0.4  # ems
_HALF_DARK = 0.5

_LOOKALIKES: Final = (
    "己已巳", "未末", "土士", "日曰", "人入八", "大太犬", "王玉主壬", "天夭夫", "千干于", "刀力", "戊戌戍",
    "冶治", "免兔", "侯候", "氏氐", "户尸", "东车", "午牛", "田由甲申", "今令", "晴睛", "亨享", "季李",
    "赢羸嬴", "徽微", "锡钖", "汆氽", "家豪", "辛幸", "白百自", "目且", "木本术", "一二三", "上下", "洪淇",
    "折拆", "析拆", "住往佳", "州洲", "宁宇", "子孑", "明朋", "夕歹", "刘刈", "段叚", "毛手", "九丸", "风凤",
    "兰三", "吉古", "石右", "名各", "问间", "同向", "处外", "男勇", "女安", "年午", "区匹", "号另", "省看",
    "村材", "楼搂", "单革", "元无", "栋拣", "室宝", "迁迂",
)  # fmt: skip
_TWINS: Final = "巿"  # nobody sees the difference to 市


def rivals(wanted: str, seen: Iterable[str]) -> tuple[str, ...]:
    """What might stand in its place: of the same class, so that 1 and l are no two things."""
    if wanted.isdigit() and wanted.isascii():
        return tuple(each for each in "0123456789" if each != wanted)
    if not wanted.isalpha() or wanted.isascii():  # a few Latin letters follow from what stands around them
        return ()
    known = "".join(group for group in _LOOKALIKES if wanted in group)
    listed = [each for each in (*known, *seen) if each != wanted and len(each) == 1 and each.isalpha()]
    han = [each for each in dict.fromkeys(listed) if not each.isascii() and drawable(each) and each not in _TWINS]
    return tuple(han) or ("\u56fd" if wanted != "\u56fd" else "\u5706",)


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


@cache
def glyph(character: str, weight: Weight) -> Tile:
    """A character as it is printed, in an em square, softened; its advance in the middle."""
    font = _font(next(runs(character, weight)).font)
    picture = Image.new("L", (_DRAWN, _DRAWN), 0)
    x = (_DRAWN - font.getlength(character)) / 2
    ImageDraw.Draw(picture).text((x, _BASELINE * _DRAWN), character, fill=255, font=font, anchor="ls")
    small = picture.resize((EM, EM), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(_SOFT))
    return np.asarray(small, np.float32) / np.float32(255)


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
