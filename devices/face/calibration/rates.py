"""Error rates with what can be said of them: k errors in n trials, and what the true rate is at most.

The bound is one-sided, 95 %: the rule of three (3 / n) for no error at all, Clopper and Pearson's exact one otherwise.
It takes trials as independent. Several films of one person are not; so persons are counted beside trials, and a
false-match rate is stated on pairs of persons (``PairScores``).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
_DOUBT = 0.05
_RULE_OF_THREE = 3.0  # -ln 0.05, rounded up
_STEP = 1000  # thresholds are stated to three digits
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """``errors`` of ``trials``."""

    errors: int
    trials: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None without a trial."""
        return self.errors / self.trials if self.trials else None

    @property
    def upper(self) -> float:
        """The true rate is at most this, with 95 % confidence."""
        return upper_bound(self.errors, self.trials)


def upper_bound(errors: int, trials: int) -> float:
    """The largest rate at which so few errors would still be seen once in twenty times."""
    if errors >= trials:
        return 1.0
    if errors == 0:
        return min(1.0, _RULE_OF_THREE / trials)
    ways = np.concatenate(([0.0], np.cumsum(np.log((trials - np.arange(errors)) / np.arange(1, errors + 1)))))
    counts = np.arange(errors + 1)
    low, high = errors / trials, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.exp(ways + counts * math.log(middle) + (trials - counts) * math.log1p(-middle)).sum() > _DOUBT:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True, slots=True)
class Stated:
    """A threshold for a false-match rate that the recordings can vouch for."""

    similarity: float
    false_match_rate: float


class PairScores:
    """For each two persons, the highest similarity that any comparison between them gave.

    Two people count once, however often they were recorded: many films of few people do not show how strangers match.
    """

    def __init__(self, scores: Scores) -> None:
        self._falling = np.sort(scores)[::-1]

    @property
    def pairs(self) -> int:
        """How many there are."""
        return len(self._falling)

    @property
    def smallest_rate(self) -> float:
        """The smallest false-match rate that can be stated: with no false match at all, 3 / pairs, rounded up to two
        digits. From 1 on: none can."""
        if self.pairs <= _RULE_OF_THREE:
            return 1.0
        rate = _RULE_OF_THREE / self.pairs
        digits = 1 - math.floor(math.log10(rate))
        return round(math.ceil(round(rate * 10.0**digits, 6)) / 10.0**digits, digits)

    def supports(self, rate: float) -> bool:
        """Whether there are 3 / rate pairs."""
        return self.pairs * rate >= _RULE_OF_THREE * (1 - 1e-9)

    def at(self, threshold: float) -> Rate:
        """Pairs of which some comparison reaches the threshold."""
        return Rate(int(np.count_nonzero(self._falling >= threshold)), self.pairs)

    def stated(self, rate: float) -> Stated | None:
        """The lowest threshold at which the false-match rate is at most ``rate``, with 95 % confidence.

        None: there are fewer than 3 / rate pairs, or two persons are alike beyond every threshold.
        """
        if not self.supports(rate):
            return None
        tolerated = 0
        while tolerated + 1 < self.pairs and upper_bound(tolerated + 1, self.pairs) <= rate:
            tolerated += 1
        similarity = (math.floor(max(self._falling[tolerated], 0.0) * _STEP) + 1) / _STEP
        return Stated(similarity, rate) if similarity < 1 else None
