"""Typing a day: since when somebody lives where they live, until when they want to."""

from dataclasses import dataclass, field
from datetime import date

from civic.typed_date import GROUPS, LENGTH, day_of, impossible_part

_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, repr=False)
class DayEntry:
    """Digits of YYYYMMDD so far. Masks itself. ``wrong``: the last key would have made a day that there is not, or that
    is too early or too late, and was not taken."""

    digits: str = field(default="", repr=False)
    wrong: bool = False

    def press(self, key: str, latest: date, earliest: date = _EARLIEST) -> "DayEntry":
        """One more digit of a day that is neither too early nor too late."""
        if len(key) != 1 or key not in "0123456789" or len(self.digits) == LENGTH:
            return self
        typed = self.digits + key
        return DayEntry(self.digits, wrong=True) if impossible_part(typed, earliest, latest) else DayEntry(typed)

    def erase(self) -> "DayEntry":
        """The last digit is taken back."""
        return DayEntry(self.digits[:-1])

    @property
    def day(self) -> date | None:
        """What was typed, once it is complete."""
        return day_of(self.digits) if len(self.digits) == LENGTH else None

    @property
    def groups(self) -> tuple[str, ...]:
        """Year, month and day, as far as they are there."""
        year, month, _ = GROUPS
        return self.digits[:year], self.digits[year : year + month], self.digits[year + month :]

    def __repr__(self) -> str:
        return f"DayEntry({len(self.digits)} digits)"

    __str__ = __repr__
