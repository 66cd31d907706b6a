"""When to try again: full jitter, so that a city of kiosks that lost records at one moment does not come back at one.

Each wait is drawn from nothing to an end that doubles with every failure, from a second to a quarter of an hour
(Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015: full jitter). A start counts as the end of an
outage of unknown length: after a power cut everybody starts at once.
"""

from random import Random
from threading import Lock

FIRST_S, LONGEST_S = 1.0, 900.0
WAKE_WITHIN_S = 30.0
"""A hint reaches every device of a city in the same moment: who wakes by one does so within this."""


class BackOff:
    """Times are those of a monotonic clock, in seconds. Thread-safe."""

    def __init__(self, chance: Random, now: float, first: float = FIRST_S, longest: float = LONGEST_S) -> None:
        self._chance = chance
        self._first, self._longest = first, longest
        self._lock = Lock()
        self._end = longest
        self._due = now + self._draw(longest)

    def due(self, now: float) -> bool:
        """Whether to try."""
        with self._lock:
            return now >= self._due

    def wait(self, now: float) -> float:
        """Seconds until then; 0: now."""
        with self._lock:
            return max(0.0, self._due - now)

    def succeeded(self) -> None:
        """The other end works: nothing keeps the next try."""
        with self._lock:
            self._end, self._due = self._first, 0.0

    def failed(self, now: float, retry_after: float | None = None) -> None:
        """``retry_after``: the other end asked for so much; nobody comes earlier, and not all at that moment."""
        with self._lock:
            self._due = now + (retry_after or 0.0) + self._draw(self._end)
            self._end = min(self._longest, self._end * 2)

    def rest(self, now: float) -> None:
        """It is not for us to hurry: somebody has to see to it first."""
        with self._lock:
            self._end = self._longest
            self._due = now + self._draw(self._longest)

    def wake(self, now: float) -> None:
        """There may be something new at the other end. Never later than it would have been."""
        with self._lock:
            self._due = min(self._due, now + self._draw(WAKE_WITHIN_S))

    def _draw(self, end: float) -> float:
        return self._chance.uniform(0.0, end)
