"""Spans of whole days, both ends included, as papers and cards state them."""

from dataclasses import dataclass
from datetime import date, timedelta

from civic.errors import InvalidValueError


class InvalidPeriodError(InvalidValueError):
    """The last day lies before the first."""

    code = "invalid-period"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both included. ``last`` None: long-term (长期)."""

    first: date
    last: date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise InvalidPeriodError("last before first")

    @classmethod
    def of_days(cls, first: date, days: int) -> "Period":
        """``days`` whole days beginning with ``first``."""
        return cls(first, first + timedelta(days=days - 1))

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies within."""
        return self.first <= day and (self.last is None or day <= self.last)


def age_on(born: date, day: date) -> int:
    """Full years of life."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
