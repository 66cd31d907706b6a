"""How long the next identification by number has to wait. Pure.

The wait grows with the day's tries (at this number anywhere, and at this kiosk for any number) and is measured from the
last one at this kiosk. So it is bounded, and nobody far away can prolong it: whoever stands here waits at most the cap.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_LONGEST_DOUBLING = 20  # of the first wait; every cap is far below


@dataclass(frozen=True, slots=True)
class Pace:
    """``free``: tries without any wait; then ``first``, doubled with each further one, up to ``cap``."""

    free: int
    first: timedelta
    cap: timedelta

    def after(self, count: int) -> timedelta:
        """The wait after ``count`` tries."""
        if count < self.free:
            return timedelta()
        return min(self.first * (1 << min(count - self.free, _LONGEST_DOUBLING)), self.cap)


def left(pace: Pace, count: int, last_here: datetime | None, now: datetime) -> timedelta:
    """What is left of the wait: never negative, and never more than the whole, should the clock have been set back."""
    if last_here is None:
        return timedelta()
    whole = pace.after(count)
    return min(max(last_here + whole - now, timedelta()), whole)
