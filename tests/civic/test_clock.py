"""The machine's clock: aware, in UTC, and a second one that only rises."""

import time
from datetime import UTC, datetime, timedelta

from civic.clock import Clock, SystemClock


def test_now_is_aware_and_in_utc() -> None:
    """A naive time would be read in whatever zone the next machine has."""
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.fromtimestamp(time.time(), UTC)) < timedelta(seconds=5)


def test_monotonic_seconds_never_fall() -> None:
    """Timeouts are measured with them."""
    clock: Clock = SystemClock()
    readings = [clock.monotonic() for _ in range(100)]
    assert readings == sorted(readings)


def test_monotonic_seconds_are_seconds() -> None:
    """As the standard library counts them."""
    assert abs(SystemClock().monotonic() - time.monotonic()) < 1
