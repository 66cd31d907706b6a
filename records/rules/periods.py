"""Days as the bureau counts them, whatever the machine's own zone."""

from calendar import monthrange
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


def start_of_year(now: datetime) -> datetime:
    """The instant at which the bureau's year of ``now`` began."""
    return datetime(bureau_time(now).year, 1, 1, tzinfo=CHINA_TIME)


def half_a_year_after(day: date) -> date:
    """The same day six months on; the month's last where it has none (民法典 art. 202)."""
    month = day.month + 6
    year, month = day.year + (month > 12), (month - 1) % 12 + 1  # noqa: PLR2004 - months
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
