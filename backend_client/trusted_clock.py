"""A device's clock, as far as records' own can vouch for it.

Records say what time it is in every answer to the heartbeat, over a connection that both ends have proven. From then on
the machine's monotonic clock carries that time on, whatever becomes of the wall clock: until the next start, which the
machine's boot id tells. Two questions are answered by it:

- ``skew``: how far off the wall clock is. Of the last eight answers the one with the shortest way there and back counts
  (RFC 5905, 10: the clock filter), because half of that way is the error.
- ``now``: the later of the wall clock and of records' time as it was last heard; after a start of the machine, of the
  latest that counted before it too, which ``mark`` keeps once a minute. Whoever sets the clock back makes nothing valid
  again: no policy, no certificate. Records may take back their own word and what was reckoned from it; nobody else can.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol
from uuid import UUID

from civic.clock import Clock

SAMPLES = 8
KEEP_EVERY_S = 60.0  # the disk need not hear of every answer


@dataclass(frozen=True, slots=True)
class Heard:
    """Records' time ``at``, when this machine's monotonic clock stood at ``monotonic`` seconds in the boot ``boot``.
    ``way``: seconds there and back. ``seen``: the latest that has counted as now since."""

    at: datetime
    boot: UUID
    monotonic: float
    way: float
    seen: datetime | None = None


class HeardStore(Protocol):
    """Where the last answer's time outlives a restart."""

    def load_heard(self) -> Heard | None:
        """None: records were never heard."""

    def keep_heard(self, heard: Heard) -> None:
        """Replace it, durably."""


class TrustedClock:
    """A civic.clock.Clock. Thread-safe."""

    def __init__(self, clock: Clock, boot: UUID, store: HeardStore) -> None:
        self.boot = boot
        self._clock = clock
        self._store = store
        self._lock = Lock()
        self._started = clock.monotonic()
        last = self._last = store.load_heard()
        here = last is not None and last.boot == boot and last.monotonic <= self._started
        self._heard: deque[Heard] = deque([last] if here and last else [], SAMPLES)
        self._kept = last.monotonic if here and last else -KEEP_EVERY_S  # when the disk heard of it

    def now(self) -> datetime:
        """The later of both, in UTC."""
        wall, floor = self._clock.now(), self._floor()
        return wall if floor is None else max(wall, floor)

    def monotonic(self) -> float:
        """Seconds that only rise."""
        return self._clock.monotonic()

    def least(self) -> datetime | None:
        """What it can't be before, whatever the wall clock says; None: records were never heard."""
        return self._floor()

    def wall(self) -> datetime:
        """What this machine's own clock says."""
        return self._clock.now()

    def skew(self) -> float | None:
        """Records' clock minus ours, in seconds; None: not measured since this machine was started."""
        now = self.records_now()
        return None if now is None else (now - self._clock.now()).total_seconds()

    def records_now(self) -> datetime | None:
        """What records' clock says now, as far as it was measured in this boot."""
        return self.records_at(self._clock.monotonic())

    def records_at(self, monotonic: float) -> datetime | None:
        """The same of another moment of this boot."""
        with self._lock:
            best = min(reversed(self._heard), key=lambda heard: heard.way, default=None)  # of equals the newest
        return None if best is None else best.at + timedelta(seconds=monotonic - best.monotonic)

    def hear(self, asked: float, at: datetime) -> None:
        """Records answered ``at``; they were asked when the monotonic clock stood at ``asked``. Raises StoreError when
        that can't be kept; it counts all the same."""
        answered = self._clock.monotonic()
        heard = Heard(at, self.boot, (asked + answered) / 2, answered - asked)
        with self._lock:
            self._heard.append(heard)
            self._last = heard
        self._keep(heard, heard.monotonic, self._kept)

    def mark(self, seen: datetime | None = None) -> None:
        """Once a minute, so that time without a link is not lost at the next start of the machine. Nothing in the first
        minute, in which a wall clock may still be set right. ``seen``: what counts as now for whoever does not believe
        a wall clock alone. Raises StoreError."""
        with self._lock:
            last = self._last
        if last is not None:
            counts = seen or self.records_now() or self.now()
            self._keep(replace(last, seen=counts), self._clock.monotonic(), max(self._kept, self._started))

    def _keep(self, heard: Heard, at: float, kept: float) -> None:
        if at - kept >= KEEP_EVERY_S:
            self._store.keep_heard(heard)
            self._kept = at

    def _floor(self) -> datetime | None:
        if (now := self.records_now()) is not None:
            return now
        last = self._last
        if last is None:
            return None
        return max(last.at, last.seen or last.at) + timedelta(seconds=self._clock.monotonic() - self._started)
