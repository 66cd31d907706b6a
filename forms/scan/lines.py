"""Finding the lines of print on a sheet: what is ink, where the ruled lines are, and what white parts from what.

A recursive cut along white (Nagy and Seth's XY cut, 1984) of what the ruled lines leave.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from forms.scan.registration import Box, Grey, Sheet

Ink = NDArray[np.bool_]  # height x width

_GROUND: Final = 2.0  # mm: paper is the brightest within this distance
_FAINT, _DARK = 22, 60  # grey levels below the paper: a thin line, averaged over its length; print
_SEAL = 60  # what a red seal leaves of itself, its edges most of all
_LONG, _TALL = 12.0, 5.5  # mm: no stroke is so long
_RULE_SHARE = 0.55  # of the sheet's measure
_STRETCH, _UNBROKEN = 4.0, 0.85  # mm, and how much of each stretch of a ruled line is dark
_WHITE_BELOW, _WHITE_BESIDE = 0.35, 2.5  # mm of white that part two lines, two columns
SAME_RULE: Final = 1.6  # mm: a double line counts as one
_SPECK = 0.12  # mm2 of ink: less is dirt
_SHORTEST = 0.8  # mm: what is lower is no character of ours, or a piece of one
_NARROWEST = 0.55  # mm: what is narrower is what is left of a ruled line
_MARGIN = 0.25  # mm around a line
_LARGE, _LOST = 4.8, 0.2  # mm of type whose strokes are as tall as ruled lines; of its height, as thick as they are


@dataclass(frozen=True, slots=True)
class Found:
    """What a sheet shows: ``rules``: the middles of ruled lines across it; ``bands``: of each stretch between two of
    them, the boxes of its lines of print."""

    rules: tuple[float, ...]
    bands: tuple[tuple[Box, ...], ...]


class Page:
    """A sheet made level at ``scale`` pixels per millimetre, and its ink."""

    def __init__(self, sheet: Sheet, whole: Box, blank: tuple[Box, ...], scale: float) -> None:
        """``blank``: areas that are no print: the code, a black seal."""
        self.whole, self.scale = whole, scale
        self.grey = sheet.cut(whole, scale)
        self._below = below_paper(self.grey, scale)
        for area in blank:
            self._below[self._rows(area.top, area.bottom), self._columns(area.left, area.right)] = 0
        seal = sheet.layout.foot.seal.below(sheet.foot)
        part = self._below[self._rows(seal.y, seal.bottom), self._columns(seal.x, seal.right)]
        np.copyto(part, np.maximum(part - _SEAL, 0))

    def found(self, left: float, right: float) -> Found:
        """The ruled lines from ``left`` to ``right``, and the print between them."""
        rules = self._rules(left, right)
        ink = _without_strokes(self._below > _DARK, round(_LONG * self.scale), round(_TALL * self.scale))
        edges = (self.whole.top, *rules, self.whole.bottom)
        bands = []
        for upper, lower in pairwise(edges):
            inset = 0.3 if lower - upper > 1 else 0.0
            rows = self._rows(upper + inset, lower - inset)
            bands.append(tuple(self._boxes(ink[rows], rows.start)))
        return Found(tuple(rules), tuple(bands))

    def patch(self, box: Box) -> Grey:
        """What stands in a box."""
        return self.grey[self._rows(box.top, box.bottom), self._columns(box.left, box.right)]

    def _rules(self, left: float, right: float) -> list[float]:
        """Rows that are dark nearly all the way; a thick line counts once, two near ones twice."""
        part = self._below[:, self._columns(left + 0.5, right - 0.5)]
        near = np.maximum(part, np.maximum(np.roll(part, 1, 0), np.roll(part, -1, 0))) > _FAINT
        rows = np.flatnonzero(_unbroken(near, round(_STRETCH * self.scale)) > _RULE_SHARE * part.shape[1])
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 0.4 * self.scale) + 1) if len(rows) else []
        middles = [(float(run[0] + run[-1]) / 2 + 0.5) / self.scale + self.whole.top for run in runs]
        return [each for each, after in zip(middles, [*middles, 1e9][1:], strict=True) if after - each > SAME_RULE]

    def _boxes(self, ink: Ink, top: int) -> Iterator[Box]:
        for rows, columns in _cut(ink, self.scale):
            part = ink[rows, columns]
            height = (rows.stop - rows.start) / self.scale
            width = (columns.stop - columns.start) / self.scale
            if part.sum() / self.scale**2 >= _SPECK and height >= _SHORTEST and width >= _NARROWEST:
                beside = _MARGIN if height < _LARGE else _LOST * height
                yield Box(
                    self.whole.left + columns.start / self.scale - beside,
                    self.whole.top + (top + rows.start) / self.scale - _MARGIN,
                    self.whole.left + columns.stop / self.scale + beside,
                    self.whole.top + (top + rows.stop) / self.scale + _MARGIN,
                )

    def _rows(self, top: float, bottom: float) -> slice:
        return _span(top - self.whole.top, bottom - self.whole.top, self.scale)

    def _columns(self, left: float, right: float) -> slice:
        return _span(left - self.whole.left, right - self.whole.left, self.scale)


def _unbroken(dark: Ink, window: int) -> NDArray[np.int32]:
    """The longest stretch of each row that is dark everywhere, but for specks within ``window``."""
    summed = np.cumsum(np.pad(dark, ((0, 0), (window, 0))), axis=1, dtype=np.int32)
    held = summed[:, window:] - summed[:, :-window] > _UNBROKEN * window
    place = np.arange(held.shape[1], dtype=np.int32)[None]
    broken = np.maximum.accumulate(np.where(held, np.int32(-1), place), axis=1)
    return cast("NDArray[np.int32]", (place - broken).max(axis=1))


def _span(start: float, stop: float, scale: float) -> slice:
    return slice(max(0, round(start * scale)), max(0, round(stop * scale)))


def below_paper(grey: Grey, scale: float) -> NDArray[np.int16]:
    """How much darker than the paper around it each pixel is."""
    small = Image.fromarray(grey).reduce(max(1, round(scale / 2)))
    ground = small.filter(ImageFilter.MaxFilter(2 * round(_GROUND * 2) + 1)).filter(ImageFilter.BoxBlur(4))
    paper = np.asarray(ground.resize((grey.shape[1], grey.shape[0]), Image.Resampling.BILINEAR), np.int16)
    return cast("NDArray[np.int16]", np.maximum(paper - grey.astype(np.int16), 0))


def _without_strokes(ink: Ink, long: int, tall: int) -> Ink:
    """Ink without anything as long or tall as a ruled line, and its rim."""
    lines = _runs(ink, long) | _runs(ink.T, tall).T
    rim = lines.copy()
    for axis in (0, 1):
        for step in (1, -1):
            rim |= np.roll(lines, step, axis)
    return ink & ~rim


def _runs(ink: Ink, length: int) -> Ink:
    """What belongs to unbroken ink of at least ``length`` in a row."""
    steps = np.diff(np.pad(ink, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    made = np.zeros(ink.shape, np.bool_)
    for at in np.flatnonzero(ends - starts >= length).tolist():
        made[rows[at], starts[at] : ends[at]] = True
    return made


def _cut(
    ink: Ink, scale: float, rows: slice | None = None, columns: slice | None = None
) -> Iterator[tuple[slice, slice]]:
    """The blocks that no white parts further."""
    rows, columns = rows or slice(0, ink.shape[0]), columns or slice(0, ink.shape[1])
    part = ink[rows, columns]
    if not part.any():
        return
    down = _stretches(np.any(part, axis=1), round(_WHITE_BELOW * scale), rows.start)
    if len(down) > 1:
        for each in down:
            yield from _cut(ink, scale, each, columns)
        return
    across = _stretches(np.any(part, axis=0), round(_WHITE_BESIDE * scale), columns.start)
    if len(across) > 1:
        for each in across:
            yield from _cut(ink, scale, down[0], each)
        return
    yield down[0], across[0]


def _stretches(marked: NDArray[np.bool_], gap: int, offset: int) -> list[slice]:
    marks = np.flatnonzero(marked)
    breaks = np.flatnonzero(np.diff(marks) > max(gap, 1))
    starts, ends = np.r_[marks[0], marks[breaks + 1]], np.r_[marks[breaks], marks[-1]]
    return [slice(int(a) + offset, int(b) + 1 + offset) for a, b in zip(starts, ends, strict=True)]
