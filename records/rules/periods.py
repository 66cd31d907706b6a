"""Days as the bureau counts them, whatever the machine's own zone."""

from datetime import date, datetime, time

from civic.period import Period
from forms.paper import CHINA_TIME


def bureau_time(now: datetime) -> datetime:
    """``now`` on the bureau's wall clock, to the second, as papers state it."""
    return now.astimezone(CHINA_TIME).replace(microsecond=0)


def start_of_day(now: datetime) -> datetime:
    """The instant at which the bureau's day of ``now`` began."""
    return datetime.combine(bureau_time(now).date(), time.min, CHINA_TIME)


def valid_until(issued_at: datetime, days: int) -> date:
    """The last day of a paper that is good for ``days`` days, the first one included."""
    last = Period.of_days(bureau_time(issued_at).date(), days).last
    return last if last is not None else date.max


def expired(last_day: date, now: datetime) -> bool:
    """Whether ``last_day`` has passed at the bureau."""
    return bureau_time(now).date() > last_day
