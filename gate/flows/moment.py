"""What time it is at a gate, as far as that can decide about anybody: pure, from what the clocks say.

Three things tell the time. *Records' own*, heard since this machine was started and carried on by its monotonic
clock: it outranks everything, so within one boot nobody's setting of the wall clock, forward or back, decides anything.
Without it, the *least* that it can be: records' last word, or the newest pass, and the seconds since this start. And
the *wall clock*, which after a start without a link is a claim: the battery may be empty, or somebody may have set it.

- The wall clock is before the least: it was set back, or has lost its battery. It counts for nothing, so it extends
  nothing.
- It is at most ``skew`` after the least: a short stop. It is believed.
- It is further ahead: the machine was off for long, or the clock is mad, and nothing here can tell which. Then a right
  is *over* only by the least, and has *begun* by the wall clock: nobody with a right is refused because a clock jumped
  forward. The price: a right that ended while the machine was off opens this one gate until records are heard again.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Readings:
    """``wall``: the machine's clock. ``records``: records' time in this boot, None: not heard in it. ``least``: what
    outlived the last boot, None: nothing. ``skew``: by how much a clock may be ahead and still be believed."""

    wall: datetime
    records: datetime | None
    least: datetime | None
    skew: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """``at``: by this something is over; ``today``: its day, in the community's time. ``latest``: by this something has
    begun, ``latest_day``: its day. ``sure``: both are the time, within the policy's skew."""

    today: date
    at: datetime
    latest_day: date
    latest: datetime
    sure: bool = True


def moment_of(readings: Readings, zone: tzinfo) -> Moment:
    """The moment to decide by. ``zone``: of the community."""
    if readings.records is not None:
        return _between(readings.records, readings.records, zone)
    if readings.least is None:
        return _between(readings.wall, readings.wall, zone)
    ahead = readings.wall - readings.least
    if timedelta(0) <= ahead <= readings.skew:
        return _between(readings.wall, readings.wall, zone)
    near = abs(ahead) <= readings.skew
    return _between(readings.least, max(readings.least, readings.wall), zone, sure=near)


def _between(at: datetime, latest: datetime, zone: tzinfo, *, sure: bool = True) -> Moment:
    return Moment(at.astimezone(zone).date(), at, latest.astimezone(zone).date(), latest, sure)
