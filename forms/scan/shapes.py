"""Looking at the ink again: whether a character looks as our own typeface draws it, and more so than one like it.

Analysis by synthesis. A recogniser has learned what people write and may read 己 where 已 stands; here nothing is
learned: the expected glyph and its rivals are drawn, each is laid over the ink where it fits best, to a fraction of a
dot, and compared dot by dot. What fits worse for being laid a third of a dot beside its place says nothing of what
stands there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

from forms.fonts import Weight
from forms.scan.dots import lead
from forms.scan.glyphs import EM, Tile, advance, drawable, height, middle, profile, rivals, solver, window_width
from forms.scan.recogniser import Character, Reading
from forms.scan.registration import Grey

_BESIDE, _ABOVE = 0.3, 0.22  # ems that a character may be from where it should be
_STEPS = 3  # until its place is found
_FAR, _MOST = 1.0, 0.04  # pixels and growth of one step
_GROWTH = 0.1  # altogether
_SAMPLE = 6  # characters that the type's size is judged by
_APART = 0.5  # of a character's width: its least distance from the next
_CERTAIN = 0.6
_SIZES = (1.0, 0.94, 1.06)  # tried until the ink fits
_FITS, _ROUGHLY = 0.7, 0.55
_LIKE, _AHEAD = 0.8, 0.02  # what a character has to reach, and by how much it has to be likest
_PART = 0.4  # of what two drawn characters differ by, where that is little
_BETTER = 0.02  # by which a likeness of the recogniser's choice takes its place
_NOT_NEAR: Final = 0.15  # a rival so much less like the ink is not laid over it a second time
_ASIDE = 1.5  # pixels at EM: less is found from where it is
_UNKNOWN: Final = -1.0


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A character of a line after a second look. ``clear``: the ink is this character and no other; of punctuation and
    Latin letters the recogniser's word is taken, as far as it was certain."""

    text: str
    clear: bool


@dataclass(frozen=True, slots=True)
class _Spot:
    """The middle of a character's em square, in pixels of the line, and the square's side."""

    x: float
    y: float
    em: float


class Line:
    """A line of print to look at again: grey, dark on light, and how it was read."""

    def __init__(self, line: Grey, reading: Reading) -> None:
        self._reading = reading
        ground = max(float(np.percentile(line, 90)), 1.0)
        self._room = line.shape[0]  # around it
        self._dark = np.pad(np.clip(1 - line.astype(np.float32) / ground, 0, 1), self._room)
        self._picture = Image.fromarray(self._dark)
        self._long = line.shape[1]
        self._em, self._weight = self._measured(_ink_height(line))
        self.ems = self._long / self._em if self._em else 0.0
        self._spots = self._placed() if self._em else {}

    def seen(self) -> tuple[Seen, ...]:
        """Every character, the likest of those that it might be."""
        return tuple(self._look(index, each) for index, each in enumerate(self._reading.characters))

    def likeness(self, place: int, characters: Sequence[str]) -> list[float]:
        """How like the ink at that place of the reading each character is; -1: can't be told."""
        if place not in self._spots or not all(map(drawable, characters)):
            return [_UNKNOWN] * len(characters)
        return self._compared(self._spots[place][0], characters)

    def _look(self, index: int, read: Character) -> Seen:
        others = rivals(read.text, read.others)
        if not others:
            return Seen(read.text, read.certainty >= _CERTAIN or not read.text.isalnum())
        scores = dict(zip((read.text, *others), self.likeness(index, (read.text, *others)), strict=True))
        best = max(scores, key=lambda each: scores[each])
        if best != read.text and scores[best] - scores[read.text] < _BETTER:
            best = read.text
        near = [each for each in scores if each != best and scores[best] - scores[each] < self._needed(best, each)]
        ahead = scores[best] >= _LIKE and all(self._is_ahead(index, best, each) for each in near)
        return Seen(best, ahead and self._is_apart(index))

    def _is_ahead(self, index: int, one: str, other: str) -> bool:
        """Whether the ink is clearly the one of two characters that are too like each other to tell at EM."""
        spot = self._fit(one, self._weight, self._spots[index][0], window_width(one, self._weight))[1]
        ahead, most = lead(self._dark, (spot.x, spot.y), spot.em, (one, other), self._weight)
        return ahead >= min(_AHEAD, _PART * most)

    def _needed(self, one: str, other: str) -> float:
        """By how much it has to be likelier than the other: no character is farther ahead than the two differ."""
        wide = window_width(one, self._weight)
        same = float(profile(one, self._weight, wide) @ profile(other, self._weight, wide)) if drawable(one) else 0.0
        return min(_AHEAD, _PART * (1 - same))

    def _is_apart(self, index: int) -> bool:
        """Whether it was not found where its neighbour stands: ink speaks for one character only."""
        read = self._reading.characters
        near = [each for each in (index - 1, index, index + 1) if each in self._spots and read[each].text.isalnum()]
        ends = [self._spots[each][0].x for each in near]
        least = _APART * advance(read[index].text, self._weight) * self._em
        return all(after - before >= least for before, after in pairwise(ends))

    # --- the type's size, and where each character stands ---

    def _measured(self, high: int) -> tuple[float, Weight]:
        """The em in pixels, and the weight: as most of a few characters are likest."""
        tried = [each for each in self._reading.characters if each.text.isalnum() and drawable(each.text)][:_SAMPLE]
        best = (0.0, 0.0, Weight.REGULAR)
        for size in _SIZES if high and tried else ():
            for weight in Weight:
                em = high / height(self._reading.text, weight) * size
                fits = [self._fit(each.text, weight, spot) for each, spot in self._near(tried, em, weight)]
                if fits:
                    likeness = float(np.mean([score for score, _ in fits]))
                    best = max(best, (likeness, float(np.median([spot.em for _, spot in fits])), weight))
            if best[0] >= _FITS:
                break
        return best[1], best[2]

    def _near(self, characters: Sequence[Character], em: float, weight: Weight) -> Iterator[tuple[Character, _Spot]]:
        for each in characters:
            found = self._found(each.text, weight, self._room + each.place * self._long, em)
            if found is not None:
                yield each, found[1]

    def _placed(self) -> dict[int, tuple[_Spot, float]]:
        """Of each character; what the recogniser put beside its place, its neighbours tell the place of."""
        drawn = {index: each for index, each in enumerate(self._reading.characters) if drawable(each.text)}
        placed: dict[int, tuple[_Spot, float]] = {}
        for index, each in drawn.items():
            self._place(placed, index, each.text, self._room + each.place * self._long)
        for order, step in ((list(drawn), -1), (list(drawn)[::-1], 1)):
            for index in order:
                beside = placed.get(index + step)
                if beside and beside[1] >= _FITS:
                    wide = [advance(drawn[each].text, self._weight) * self._em for each in (index, index + step)]
                    taken = index in placed and abs(placed[index][0].x - beside[0].x) < _APART * max(wide)
                    self._place(placed, index, drawn[index].text, beside[0].x - step * sum(wide) / 2, taken=taken)
        return placed

    def _place(
        self, placed: dict[int, tuple[_Spot, float]], index: int, text: str, x: float, *, taken: bool = False
    ) -> None:
        """Find it around ``x``, unless it stands well. ``taken``: where it was found stands its neighbour, an equal one
        or one with a stroke like it."""
        score = placed[index][1] if index in placed else _UNKNOWN
        if score >= _FITS and not taken:
            return
        found = self._found(text, self._weight, x, self._em)
        if found is not None and found[0] > (_ROUGHLY if taken else score):
            placed[index] = (found[1], found[0])

    # --- one character ---

    def _found(self, text: str, weight: Weight, x: float, em: float) -> tuple[float, _Spot] | None:
        """Where around ``x`` it is likest, to two pixels, and how like."""
        wide, scale = window_width(text, weight), em / EM
        across, down = (wide / 2 + _BESIDE * EM) * scale, (0.5 + _ABOVE) * em
        left, top = x - across, self._dark.shape[0] / 2 - down
        if left < 0 or top < 0 or x + across > self._dark.shape[1]:
            return None
        size = wide + round(2 * _BESIDE * EM), round((1 + 2 * _ABOVE) * EM)
        zone = self._cut((left, top, x + across, top + 2 * down), size)
        windows = sliding_window_view(zone, (EM, wide))[::2, ::2]
        scores = _correlations(windows.reshape(-1, EM * wide), profile(text, weight, wide)[:, None])[:, 0]
        row, column = divmod(int(scores.argmax()), windows.shape[1])
        spot = _Spot(left + (2 * column + wide / 2) * scale, top + (2 * row + EM / 2) * scale, em)
        return float(scores.max()), spot

    def _fit(self, text: str, weight: Weight, spot: _Spot, wide: int = 0) -> tuple[float, _Spot]:
        """The same to a fraction of a pixel; and the size, if ``wide``, the window's width, is left open."""
        free, wide = not wide, wide or window_width(text, weight)
        at, least, most = spot, spot.em * (1 - _GROWTH), spot.em * (1 + _GROWTH)
        for _ in range(_STEPS):
            much, right, below, growth = solver(text, weight, wide) @ self._window(at, wide)
            if much <= 0:
                break
            right, below = (float(np.clip(each / much, -_FAR, _FAR)) * at.em / EM for each in (right, below))
            em = at.em / (1 + float(np.clip(growth / much, -_MOST, _MOST))) if free else at.em
            at = _Spot(at.x - right, at.y - below, float(np.clip(em, least, most)))
        both = [(float(self._scores(each, wide, (text,), weight)[0]), each) for each in (spot, at)]
        return max(both, key=lambda each: each[0])

    def _compared(self, spot: _Spot, characters: Sequence[str]) -> list[float]:
        """How like the ink around ``spot`` each character is, each where it fits best."""
        wide = window_width(characters[0], self._weight)
        first, own = self._fit(characters[0], self._weight, spot, wide)
        scores = [first, *self._scores(own, wide, characters, self._weight)[1:].tolist()]
        for index, each in enumerate(characters):
            aside = self._aside(own, characters[0], each) if index else own
            if aside is not own:
                scores[index] = max(scores[index], float(self._scores(aside, wide, (each,), self._weight)[0]))
            if index and scores[index] >= max(scores) - _NOT_NEAR:
                scores[index] = max(scores[index], self._fit(each, self._weight, aside, wide)[0])
        return scores

    def _aside(self, spot: _Spot, one: str, other: str) -> _Spot:
        """Where ``other``'s square is if its ink is where that of ``one`` is: a radical stands at its square's edge."""
        across, down = (a - b for a, b in zip(middle(one, self._weight), middle(other, self._weight), strict=True))
        if max(abs(across), abs(down)) <= _ASIDE:
            return spot
        return _Spot(spot.x + across * spot.em / EM, spot.y + down * spot.em / EM, spot.em)

    def _scores(self, spot: _Spot, wide: int, characters: Sequence[str], weight: Weight) -> Tile:
        profiles = np.stack([profile(each, weight, wide) for each in characters], axis=1)
        found: Tile = _correlations(self._window(spot, wide)[None], profiles)[0]
        return found

    def _window(self, spot: _Spot, wide: int) -> Tile:
        half, scale = EM / 2, spot.em / EM
        left, top = spot.x - wide / 2 * scale, spot.y - half * scale
        return self._cut((left, top, left + wide * scale, top + spot.em), (wide, EM)).reshape(-1)

    def _cut(self, box: tuple[float, float, float, float], size: tuple[int, int]) -> Tile:
        left, top, right, bottom = box
        inside = max(left, 0), max(top, 0), min(right, self._picture.width), min(bottom, self._picture.height)
        return np.asarray(self._picture.resize(size, Image.Resampling.BICUBIC, box=inside))


def _correlations(windows: Tile, profiles: Tile) -> Tile:
    """Of each window (a row) with each profile (a column)."""
    lengths = np.sqrt(np.maximum((windows**2).sum(axis=1) - windows.shape[1] * windows.mean(axis=1) ** 2, 1e-6))
    made: Tile = (windows @ profiles) / lengths[:, None]
    return made


def _ink_height(line: Grey) -> int:
    paper, ink = np.percentile(line, (90, 1))
    dark = line < (paper + ink) / 2  # what is left of a red seal is lighter
    rows = np.flatnonzero(dark.sum(axis=1) >= 1)
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0
