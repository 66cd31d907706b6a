"""From characters with their scores to a zone: each place of a format holds only what may stand there, and nothing is
believed unless every check digit holds.

Letters and digits may both stand in a document's number, and to a network that learned from other print O, D and 0 of
OCR-B look alike. There the check digits decide: a reading that fails is tried again with one character exchanged for
the network's second choice, and counts if exactly one such exchange holds.

Check digits count modulo ten, and are blind to 8 and S, 1 and L, 6 and G, K and the filler: a reading that holds and
would hold with a close second choice, too, is not believed either, and another frame may show more.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np

from civic.mrz import InvalidMrzError
from civic.mrz_zone import MrzZone, parse
from devices.mrz.recogniser import ALPHABET, Scores

# what may stand in each place: A letters, N digits, X both; the filler anywhere (ICAO 9303, parts 4, 6, 5)
_FORMATS: tuple[tuple[str, ...], ...] = (
    ("A" * 44, "X" * 9 + "N" + "AAA" + "N" * 7 + "A" + "N" * 7 + "X" * 14 + "NN"),
    ("A" * 36, "X" * 9 + "N" + "AAA" + "N" * 7 + "A" + "N" * 7 + "X" * 7 + "N"),
    ("A" * 5 + "X" * 9 + "N" + "X" * 15, "N" * 7 + "A" + "N" * 7 + "AAA" + "X" * 11 + "N", "A" * 30),
    ("AA" + "X" * 9 + "NA" + "N" * 7 + "A" + "N" * 7 + "AN",),  # the permits' one line
)
_MAY_STAND = {
    "A": np.array([not c.isdigit() for c in ALPHABET]),
    "N": np.array([not c.isalpha() for c in ALPHABET]),
    "X": np.ones(len(ALPHABET), np.bool_),
}
_PLAUSIBLE = 1e-4  # score from which a second choice is tried
_CLOSE = 0.02  # and from which it makes a reading doubtful that holds by itself


def zone_of(lines: Sequence[Scores]) -> MrzZone | None:
    """The zone that these lines hold, or None: too few or too many characters, or a check digit that does not hold."""
    for places in _FORMATS:
        if len(places) == len(lines) and all(map(_fits, lines, places)):
            allowed = [_allowed(scores, kinds) for scores, kinds in zip(lines, places, strict=True)]
            if zone := _checked(allowed, places):
                return zone
    return None


def _fits(scores: Scores, kinds: str) -> bool:
    """Fillers at the end of a line are sometimes too faint."""
    return 0 < len(scores) <= len(kinds)


def _allowed(scores: Scores, kinds: str) -> Scores:
    """The scores for a whole line, nothing for what can't stand there."""
    whole = np.zeros((len(kinds), len(ALPHABET)), np.float32)
    whole[:, -1] = 1e-9  # the filler, where nothing else is known
    whole[: len(scores)] += scores
    return cast("Scores", whole * np.array([_MAY_STAND[kind] for kind in kinds]))


def _checked(lines: list[Scores], places: tuple[str, ...]) -> MrzZone | None:
    texts = ["".join(ALPHABET[index] for index in scores.argmax(axis=1)) for scores in lines]
    likeliest = _parsed(texts)
    least = _CLOSE if likeliest else _PLAUSIBLE
    zones = [zone for other in _exchanged(texts, lines, places, least) if (zone := _parsed(other))]
    if likeliest:
        return None if zones else likeliest
    return zones[0] if len(zones) == 1 else None


def _parsed(texts: list[str]) -> MrzZone | None:
    try:
        return parse(texts)
    except InvalidMrzError:
        return None


def _exchanged(texts: list[str], lines: list[Scores], places: tuple[str, ...], least: float) -> Iterator[list[str]]:
    """The same lines, with one character exchanged where letters and digits may both stand. ``least``: the score that
    the second choice has to have."""
    for number, (text, scores, kinds) in enumerate(zip(texts, lines, places, strict=True)):
        for at, kind in enumerate(kinds):
            second = scores[at].argsort()[-2]
            if kind == "X" and scores[at, second] >= least:
                yield [*texts[:number], text[:at] + ALPHABET[second] + text[at + 1 :], *texts[number + 1 :]]
