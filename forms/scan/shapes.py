"""Looking at the ink again: whether a character looks as our own typeface draws it, and more so than one like it.

Analysis by synthesis. A recogniser has learned what people write and may read 己 where 已 stands; here nothing is
learned: the expected glyph and its rivals are drawn, laid over the ink, and compared dot by dot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from forms.errors import MissingGlyphError
from forms.fonts import Weight, font_file, runs
from forms.scan.recogniser import Character, Reading
from forms.scan.registration import Grey

Tile = NDArray[np.float32]  # height x width, dark is 1

_EM: Final = 32  # pixels a character is compared at
_DRAWN = 128  # pixels it is drawn at
_BASELINE = 0.88
_SOFT = 0.6  # blur, pixels: no scanner is sharper
_BESIDE, _ABOVE = 0.3, 0.22  # ems that a character may be from where it should be
_SHIFT = 2  # pixels that a rival may be from there
_SAMPLE = 5  # characters that the type's size is judged by
_CERTAIN = 0.6
_SIZES = (0.95, 1.0, 1.05)
_LOOKALIKES: Final = (
    "己已巳", "未末", "土士", "日曰", "人入八", "大太犬", "王玉主壬", "天夭夫", "千干于", "刀力", "戊戌戍",
    "冶治", "免兔", "侯候", "氏氐", "户尸", "东车", "午牛", "田由甲申", "今令", "晴睛", "亨享", "季李",
    "赢羸嬴", "徽微", "锡钖", "汆氽", "家豪", "辛幸", "白百自", "目且", "木本术", "一二三", "上下", "洪淇",
    "折拆", "析拆", "住往佳", "州洲", "宁宇", "子孑", "明朋", "夕歹", "刘刈", "段叚", "毛手", "九丸", "风凤",
    "兰三", "吉古", "石右", "名各", "问间", "同向", "处外", "男勇", "女安", "年午", "区匹", "号另", "省看",
    "村材", "楼搂", "单革", "元无", "栋拣", "室宝",
)  # fmt: skip


_LIKE, _AHEAD = 0.62, 0.012  # what a character has to reach, and by how much it has to be likest
_BETTER = 0.02  # by which a likeness of the recogniser's choice takes its place

_TWINS: Final = "巿"  # nobody sees the difference to 市


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A character of a line after a second look. ``clear``: the ink is this character and no other; of punctuation and
    Latin letters the recogniser's word is taken, as far as it was certain."""

    text: str
    clear: bool


class Line:
    """A line of print to look at again: grey, dark on light, and how it was read."""

    def __init__(self, line: Grey, reading: Reading) -> None:
        self._reading = reading
        em, self._weight = _measured(line, reading)
        self._scaled = _tile(line, _EM / em) if em > 0 else None
        self.ems = line.shape[1] / em if em > 0 else 0.0

    def seen(self) -> tuple[Seen, ...]:
        """Every character, the likest of those that it might be."""
        return tuple(self._look(each) for each in self._reading.characters)

    def likeness(self, place: int, characters: Sequence[str]) -> list[float]:
        """How like the ink at that place of the reading each character is; -1: can't be told."""
        if self._scaled is None or not all(map(_drawable, characters)):
            return [-1.0] * len(characters)
        return _compare(self._scaled, self._reading.characters[place].place, characters, self._weight)

    def _look(self, read: Character) -> Seen:
        rivals = _rivals(read.text, read.others)
        if not rivals:
            return Seen(read.text, read.certainty >= _CERTAIN or not read.text.isalnum())
        scores = dict(zip((read.text, *rivals), self._compared(read, rivals), strict=True))
        best = max(scores, key=lambda each: scores[each])
        if best != read.text and scores[best] - scores[read.text] < _BETTER:
            best = read.text
        second = max(score for each, score in scores.items() if each != best)
        return Seen(best, scores[best] >= _LIKE and scores[best] - second >= _AHEAD)

    def _compared(self, read: Character, rivals: tuple[str, ...]) -> list[float]:
        if self._scaled is None or not _drawable(read.text):
            return [-1.0] * (1 + len(rivals))
        return _compare(self._scaled, read.place, (read.text, *rivals), self._weight)


def _rivals(wanted: str, seen: Iterable[str]) -> tuple[str, ...]:
    """What might stand in its place: of the same class, so that 1 and l are no two things."""
    if wanted.isdigit() and wanted.isascii():
        return tuple(each for each in "0123456789" if each != wanted)
    if not wanted.isalpha() or wanted.isascii():  # a few Latin letters follow from what stands around them
        return ()
    known = "".join(group for group in _LOOKALIKES if wanted in group)
    listed = [each for each in (*known, *seen) if each != wanted and len(each) == 1 and each.isalpha()]
    han = [each for each in dict.fromkeys(listed) if not each.isascii() and _drawable(each) and each not in _TWINS]
    return tuple(han) or ("\u56fd" if wanted != "\u56fd" else "\u5706",)


def _measured(line: Grey, reading: Reading) -> tuple[float, Weight]:
    """The type's size in pixels, and its weight: as most of a few characters are likest."""
    high, text = _ink_height(line), reading.text
    tried = [(each.text, each.place) for each in reading.characters if each.text.isalnum()][:_SAMPLE]
    if not high or not tried:
        return 0.0, Weight.REGULAR
    best = (-1.0, 0.0, Weight.REGULAR)
    for weight in Weight:
        em = high / _height(text, weight)
        for size in _SIZES:
            scaled = _tile(line, _EM / (em * size))
            scores = [_compare(scaled, place, (each,), weight)[0] for each, place in tried if _drawable(each)]
            best = max(best, (float(np.mean(scores)) if scores else -1.0, em * size, weight))
    return best[1], best[2]


def _ink_height(line: Grey) -> int:
    paper, ink = np.percentile(line, (90, 1))
    dark = line < (paper + ink) / 2  # what is left of a red seal is lighter
    rows = np.flatnonzero(dark.sum(axis=1) >= 1)
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0


@cache
def _height(text: str, weight: Weight) -> float:
    """From the highest to the lowest ink of a text, in ems."""
    tops, bottoms = [], []
    for each in dict.fromkeys(text):
        if _drawable(each):
            rows = np.flatnonzero(_glyph(each, weight).max(axis=1) > 0.5)  # noqa: PLR2004 # half dark
            tops += [rows[0]] if len(rows) else []
            bottoms += [rows[-1]] if len(rows) else []
    return (max(bottoms) - min(tops) + 1) / _EM if tops else 1.0


def _tile(line: Grey, scale: float) -> Tile:
    """The line at another scale, dark is 1, with room around it."""
    ground = max(float(np.percentile(line, 90)), 1.0)
    size = max(1, round(line.shape[1] * scale)), max(1, round(line.shape[0] * scale))
    picture = Image.fromarray(line).resize(size, Image.Resampling.LANCZOS)
    dark = np.clip(1 - np.asarray(picture, np.float32) / ground, 0, 1)
    return cast("Tile", np.pad(dark, _EM))


def _compare(scaled: Tile, place: float, candidates: Sequence[str], weight: Weight) -> list[float]:
    """The best correlation of the first candidate around ``place`` (0 to 1 along the line), and of the others there."""
    middle_x = _EM + place * (scaled.shape[1] - 2 * _EM)
    middle_y = scaled.shape[0] / 2
    wide = _width(candidates[0], weight)
    left = max(round(middle_x - wide / 2 - _BESIDE * _EM), 0)
    top = max(round(middle_y - _EM / 2 - _ABOVE * _EM), 0)
    zone = scaled[top : top + round((1 + 2 * _ABOVE) * _EM), left : left + wide + round(2 * _BESIDE * _EM)]
    if zone.shape[0] < _EM or zone.shape[1] < wide:
        return [-1.0] * len(candidates)
    windows = sliding_window_view(zone, (_EM, wide)).reshape(-1, _EM * wide)
    centred = windows - windows.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1) + 1e-6
    glyphs = np.stack([_in_width(_glyph(each, weight), wide).reshape(-1) for each in candidates])
    glyphs = glyphs - glyphs.mean(axis=1, keepdims=True)
    scores = (centred @ glyphs.T) / norms[:, None] / (np.linalg.norm(glyphs, axis=1) + 1e-6)[None]
    across = zone.shape[1] - wide + 1
    row, column = divmod(int(scores[:, 0].argmax()), across)
    board = scores.reshape(-1, across, len(candidates))
    near = board[max(row - _SHIFT, 0) : row + _SHIFT + 1, max(column - _SHIFT, 0) : column + _SHIFT + 1]
    return [float(each) for each in near.max(axis=(0, 1))]


@cache
def _width(character: str, weight: Weight) -> int:
    """Of the window: the character's own advance."""
    font = _font(next(runs(character, weight)).font)
    return round(min(max(font.getlength(character) / _DRAWN, 0.4), 1.0) * _EM)


def _in_width(glyph: Tile, wide: int) -> Tile:
    inset = (glyph.shape[1] - wide) // 2
    return glyph[:, inset : inset + wide]


@cache
def _glyph(character: str, weight: Weight) -> Tile:
    """A character as it is printed, in an em square, softened; its advance in the middle."""
    font = _font(next(runs(character, weight)).font)
    picture = Image.new("L", (_DRAWN, _DRAWN), 0)
    x = (_DRAWN - font.getlength(character)) / 2
    ImageDraw.Draw(picture).text((x, _BASELINE * _DRAWN), character, fill=255, font=font, anchor="ls")
    small = picture.resize((_EM, _EM), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(_SOFT))
    return np.asarray(small, np.float32) / np.float32(255)


@cache
def _drawable(character: str) -> bool:
    try:
        return any(runs(character))
    except MissingGlyphError:
        return False


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(name)), _DRAWN)
