"""The days of a lease: when one begins, when one of so many months ends, and what may be typed."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = (6, 12, 24)
"""What is offered, in months."""

LONGEST_MONTHS = 240  # Civil Code, 705: no lease is longer than twenty years
_BACK_MONTHS = 60  # a lease that began earlier is renewed, or the desk's
_AHEAD_MONTHS = 12


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month (Civil Code, 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: date, months: int) -> date:
    """Of a lease that begins on ``start``: the day before the same one so many months later."""
    return months_after(start, months) - timedelta(days=1)


def starts_between(today: date) -> tuple[date, date]:
    """Between which days a lease that is registered today may begin."""
    return months_after(today, -_BACK_MONTHS), months_after(today, _AHEAD_MONTHS)


def ends_between(start: date, today: date) -> tuple[date, date]:
    """Between which days it may end."""
    return max(start, today), last_day(start, LONGEST_MONTHS)
