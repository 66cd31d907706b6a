"""Make the table of look-alikes, assets/tables/lookalikes.txt: ``python -m scripts.lookalikes`` after ``make setup``.

Whoever checks a picture draws each character again beside whatever might be taken for it (forms.scan.shapes). What that
is, nobody can list from memory: so every character that the papers' typefaces can draw, radicals, compatibility forms
and kana among them, is drawn and compared with every one that the recogniser can answer with, each moved to where both
agree best. The table has a line for each of these, first itself, then what is like it, likest first. What is drawn with
the same ink is left out: on paper it is the same character. Takes five minutes and a gigabyte; anew for other typefaces
or another recogniser.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from civic.assets import assets_folder
from forms.fonts import Weight
from forms.scan.glyphs import EM, drawable, glyph, middle
from forms.scan.recogniser import recogniser

TARGET: Final = assets_folder() / "tables" / "lookalikes.txt"
_BLOCKS: Final = (
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3041, 0x30FF), (0x3105, 0x312F), (0x3131, 0x318E),
    (0x31A0, 0x31BF), (0x31C0, 0x31EF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9),
    (0x20000, 0x323AF),
)  # fmt: skip
_ROUGHLY, _LIKE, _SAME = 0.56, 0.74, 0.998  # correlation: worth another look, a look-alike, the same ink
_MOVED = range(-2, 3)  # pixels at EM
_AT_ONCE = 400

_Tiles = NDArray[np.float32]  # a row each


def drawn(characters: str) -> _Tiles:
    """Each as a vector of mean 0 and length 1, its ink in the middle."""
    made = np.empty((len(characters), EM * EM), np.float32)
    for index, each in enumerate(characters):
        made[index] = _centred(glyph(each, Weight.REGULAR), middle(each, Weight.REGULAR)).reshape(-1)
    return _unit(made)


def likenesses(tiles: _Tiles, known: list[int]) -> Iterator[tuple[int, int, float]]:
    """Every pair of a known character and one that is like it, and how like."""
    for start in range(0, len(known), _AT_ONCE):
        rows = np.array(known[start : start + _AT_ONCE])
        ours, theirs = np.nonzero(tiles[rows] @ tiles.T > _ROUGHLY)
        ours = rows[ours]
        different = ours != theirs
        ours, theirs = ours[different], theirs[different]
        best = _at_best(tiles, ours, theirs)
        for one, other, like in zip(ours.tolist(), theirs.tolist(), best.tolist(), strict=True):
            if _LIKE <= like < _SAME:
                yield one, other, like


def _at_best(tiles: _Tiles, ours: NDArray[np.intp], theirs: NDArray[np.intp]) -> NDArray[np.float32]:
    best = np.full(len(ours), -1.0, np.float32)
    for across in _MOVED:
        for down in _MOVED:
            for start in range(0, len(ours), 10 * _AT_ONCE):
                part = slice(start, start + 10 * _AT_ONCE)
                moved = np.roll(tiles[theirs[part]].reshape(-1, EM, EM), (down, across), (1, 2)).reshape(-1, EM * EM)
                best[part] = np.maximum(best[part], (tiles[ours[part]] * moved).sum(axis=1))
    return best


def _centred(tile: NDArray[np.float32], at: tuple[float, float]) -> NDArray[np.float32]:
    across, down = (round((EM - 1) / 2 - each) for each in at)
    return np.roll(tile, (down, across), (0, 1))


def _unit(tiles: _Tiles) -> _Tiles:
    tiles -= tiles.mean(axis=1, keepdims=True)
    tiles /= np.linalg.norm(tiles, axis=1, keepdims=True) + 1e-6
    return tiles


def main() -> None:
    """Write the table."""
    characters = "".join(chr(each) for first, last in _BLOCKS for each in range(first, last + 1) if drawable(chr(each)))
    known = [index for index, each in enumerate(characters) if recogniser().knows(each)]
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for one, other, like in likenesses(drawn(characters), known):
        found[one].append((-like, other))
    lines = (characters[one] + "".join(characters[other] for _, other in sorted(found[one])) for one in sorted(found))
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
