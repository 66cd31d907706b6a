"""When a staffed window is open: now, later today, or on which day next."""

from dataclasses import dataclass
from datetime import datetime

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """The same hours on some days of the week (ISO: Monday is 1); local time as ``09:00``."""

    days: tuple[int, ...]
    opens: str
    closes: str


def open_until(hours: tuple[Hours, ...], now: datetime) -> str:
    """Until when it is open now; "" when it is closed."""
    clock = f"{now:%H:%M}"
    today = (each for each in hours if now.isoweekday() in each.days)
    return max((each.closes for each in today if each.opens <= clock < each.closes), default="")


def opens_next(hours: tuple[Hours, ...], now: datetime) -> tuple[int, str] | None:
    """In how many days, and when on that day, it opens next. None: nobody said when."""
    clock = f"{now:%H:%M}"
    for ahead in range(_WEEK + 1):
        weekday = (now.isoweekday() - 1 + ahead) % _WEEK + 1
        times = [each.opens for each in hours if weekday in each.days and (ahead or each.opens > clock)]
        if times:
            return ahead, min(times)
    return None
