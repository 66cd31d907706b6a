"""Whether the digits typed so far can still become a day: what is impossible is noticed at the first such digit."""

from calendar import isleap, monthrange
from datetime import date
from enum import StrEnum
from functools import cache

LENGTH = len("YYYYMMDD")
GROUPS = (4, 2, 2)
_YEAR_END, _MONTH_END = 4, 6
_MONTHS = range(1, 13)


class DatePart(StrEnum):
    """Where the first impossible digit stands."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


def impossible_part(digits: str, earliest: date, latest: date) -> DatePart | None:
    """The part of YYYYMMDD, typed from the left and perhaps not to its end, that no day from ``earliest`` to ``latest``
    has; None while there still is such a day."""
    low, high = f"{earliest:%Y%m%d}", f"{latest:%Y%m%d}"
    for size in range(1, len(digits) + 1):
        typed = digits[:size]
        if not (low[:size] <= typed <= high[:size] and _begins_a_day(typed)):
            return _part(size)
    return None


def day_of(digits: str) -> date:
    """The day of complete digits. Raises ValueError."""
    return date(int(digits[:_YEAR_END]), int(digits[_YEAR_END:_MONTH_END]), int(digits[_MONTH_END:]))


def _part(size: int) -> DatePart:
    if size <= _YEAR_END:
        return DatePart.YEAR
    return DatePart.MONTH if size <= _MONTH_END else DatePart.DAY


def _begins_a_day(typed: str) -> bool:
    return len(typed) <= _YEAR_END or typed[_YEAR_END:] in _beginnings(leap=isleap(int(typed[:_YEAR_END])))


@cache
def _beginnings(*, leap: bool) -> frozenset[str]:
    """Every beginning of every MMDD in such a year."""
    year = 2000 if leap else 2001
    days = [f"{month:02}{day:02}" for month in _MONTHS for day in range(1, monthrange(year, month)[1] + 1)]
    return frozenset(day[:size] for day in days for size in range(1, 5))
