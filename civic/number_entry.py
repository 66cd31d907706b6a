"""Typing a citizen number (GB 11643) key by key: what is impossible is said as soon as it is typed, in a closed set of
reasons. Nothing is refused that a register may hold: a region may have been renamed or dissolved since.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from civic.errors import InvalidValueError
from civic.id_number import IdNumber, check_character

LENGTH = 18
GROUPS = (6, 8, 4)  # region, birth date, order and check character: how people read the number aloud
_YEAR, _MONTH, _DAY = 10, 12, 14  # how many characters are there when each is complete
_OLDEST = 1900
_PROVINCES = frozenset(  # GB/T 2260, first two digits
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905 - read as a table
)
_FOREIGNERS = "9"  # a permanent resident's number of 2023 begins so; so do the demonstrations' numbers


class NumberProblem(StrEnum):
    """Why what stands there can't be a number."""

    PROVINCE = "province"  # no province begins like this
    YEAR = "year"  # the year of birth is in the future, or too long ago
    MONTH = "month"
    DAY = "day"  # no such day in that month, or one in the future
    X_EARLY = "x-early"  # X can only be the last character; it was not taken
    CHECK = "check"  # the last character does not fit the others: one of them is mistyped


@dataclass(frozen=True, slots=True, repr=False)
class NumberEntry:
    """What has been typed so far. Masks itself; the screen shows ``groups`` to the person who types."""

    text: str = ""
    problem: NumberProblem | None = None

    def press(self, key: str, today: date) -> "NumberEntry":
        """One more character: a digit, or X. A full entry takes none."""
        if len(self.text) >= LENGTH:
            return self
        if key == "X" and len(self.text) < LENGTH - 1:
            return replace(self, problem=NumberProblem.X_EARLY)
        text = self.text + key
        return NumberEntry(text, _problem(text, today))

    def erase(self) -> "NumberEntry":
        """The last character is taken back, and with it what was wrong, unless it was wrong before."""
        return self if not self.text else NumberEntry(self.text[:-1], _still(self.problem, len(self.text) - 1))

    @property
    def number(self) -> IdNumber | None:
        """The number, once it is complete and nothing is wrong with it."""
        if len(self.text) < LENGTH or self.problem:
            return None
        try:
            return IdNumber(self.text)
        except InvalidValueError:
            return None

    @property
    def groups(self) -> tuple[str, ...]:
        """The text as people read it: six, eight, four."""
        ends = (GROUPS[0], GROUPS[0] + GROUPS[1], LENGTH)
        return tuple(self.text[start:end] for start, end in zip((0, *ends), ends, strict=False))

    def __repr__(self) -> str:
        return f"NumberEntry({len(self.text)} of {LENGTH})"

    __str__ = __repr__


def _problem(text: str, today: date) -> NumberProblem | None:
    """The first thing that is wrong, from the left."""
    if len(text) >= 2 and text[0] != _FOREIGNERS and text[:2] not in _PROVINCES:  # noqa: PLR2004 - a province's digits
        return NumberProblem.PROVINCE
    if len(text) >= _YEAR and not _OLDEST <= int(text[6:_YEAR]) <= today.year:
        return NumberProblem.YEAR
    if len(text) >= _MONTH and not 1 <= int(text[_YEAR:_MONTH]) <= 12:  # noqa: PLR2004 - months
        return NumberProblem.MONTH
    if len(text) >= _DAY and not _is_past_day(text[6:_DAY], today):
        return NumberProblem.DAY
    if len(text) == LENGTH and check_character(text[:-1]) != text[-1]:
        return NumberProblem.CHECK
    return None


_COMPLETE_AT = {
    NumberProblem.PROVINCE: 2,
    NumberProblem.YEAR: _YEAR,
    NumberProblem.MONTH: _MONTH,
    NumberProblem.DAY: _DAY,
    NumberProblem.CHECK: LENGTH,
}


def _still(problem: NumberProblem | None, size: int) -> NumberProblem | None:
    return problem if problem and size >= _COMPLETE_AT.get(problem, LENGTH + 1) else None


def _is_past_day(digits: str, today: date) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= today
    except ValueError:
        return False
