"""What no reader can tell, and nothing depends on: how wide a punctuation mark is, and how many stars hide a number."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final

from forms.content import canonical

_WIDTHS: Final = ("(（", ")）", ",，", ":：", ";；", "?？", "!！", "-–", "·•・")  # one mark each, of several widths
_MOST_WIDTHS = 20_000  # ways to set all of a sheet's marks
_STARS: Final = re.compile(r"\*{3,}")  # hide digits of a citizen's number, so many that it is as long as ever
_NUMBER_LENGTH = 18
_EITHER: Final = "\ue000"  # of the private use area: stands in no text of ours


def marked(words: str) -> str:
    """``words`` with a sign before each mark whose width is open."""
    return "".join(_EITHER + each if any(each in pair for pair in _WIDTHS) else each for each in words)


def in_widths(texts: Sequence[str]) -> Iterator[str]:
    """The whole with each punctuation mark behind _EITHER in either width; if that is too much, in each text alike."""
    first, *others = "".join(texts).split(_EITHER)
    pairs = [next(pair for pair in _WIDTHS if each[0] in pair) for each in others]
    if prod(map(len, pairs)) <= _MOST_WIDTHS:
        for chosen in product(*pairs):
            yield first + "".join(mark + each[1:] for mark, each in zip(chosen, others, strict=True))
        return
    ways = [[*_alike(each)] for each in texts]
    if prod(map(len, ways)) <= _MOST_WIDTHS:
        yield from map("".join, product(*ways))


def _alike(text: str) -> Iterator[str]:
    """A text with all its marks of one kind in one width; a bracket that opens is as wide as the one that closes."""
    varied = {each[0] for each in text.split(_EITHER)[1:]}
    kinds = [pair for pair in (("(（", ")）"), *((each,) for each in _WIDTHS[2:])) if set("".join(pair)) & varied]
    plain = text.replace(_EITHER, "")
    for widths in product(*(range(len(kind[0])) for kind in kinds)):
        chosen = {
            ord(each): pair[width] for width, kind in zip(widths, kinds, strict=True) for pair in kind for each in pair
        }
        yield plain.translate(chosen)


def with_all_stars(words: str) -> str:
    """Nobody counts the stars of a hidden number, and no recogniser does."""
    shown = sum(each.isdigit() or each in "Xx" for each in words)
    return _STARS.sub("*" * max(_NUMBER_LENGTH - shown, 1), words, count=1) if shown < _NUMBER_LENGTH else words


def folded(text: str) -> str:
    """The canonical text with every mark in its first width: for comparing."""
    for marks in _WIDTHS:
        for other in marks[1:]:
            text = text.replace(other, marks[0])
    return canonical(text)
