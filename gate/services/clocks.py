"""The gate's moment, from the clocks that there are and from what the store outlived (the rule: gate.flows.moment)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from backend_client.trusted_clock import TrustedClock
from gate.flows.moment import Moment, Readings, moment_of

SKEW = timedelta(minutes=10)
"""By how much the wall clock may be ahead and still be believed, until a policy says otherwise."""


class GateTime:
    """Thread-safe. ``kept``: what the store knows to have been, at the time of this start
    (gate.store.opened.kept_times). ``skew``: of the policy in force."""

    def __init__(
        self, clock: TrustedClock, kept: list[datetime], zone: tzinfo, skew: Callable[[], timedelta] = lambda: SKEW
    ) -> None:
        self._clock = clock
        self._kept = max(kept, default=None)
        self._started = clock.monotonic()
        self._zone = zone
        self._skew = skew

    def moment(self) -> Moment:
        """The moment to decide by."""
        clock = self._clock
        readings = Readings(clock.wall(), clock.records_now(), self._least(), self._skew())
        return moment_of(readings, self._zone)

    def day_and_time(self) -> tuple[date, datetime]:
        """The same, as the store is told it: by this something is over."""
        moment = self.moment()
        return moment.today, moment.at

    def mark(self) -> None:
        """To be called every few seconds: what is certain by now outlives a restart, and nothing that a wall clock
        alone has said. Raises StoreError."""
        self._clock.mark(self.moment().at)

    def _least(self) -> datetime | None:
        up = timedelta(seconds=self._clock.monotonic() - self._started)
        known = [each for each in (self._clock.least(), self._kept + up if self._kept else None) if each is not None]
        return max(known, default=None)
