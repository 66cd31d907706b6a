"""Typing a citizen number (GB 11643) key by key: what is impossible is said as soon as it is typed, in a closed set of
reasons. Nothing is refused that a register may hold: a region may have been renamed or dissolved since.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from civic import regions
from civic.errors import InvalidValueError
from civic.id_number import IdNumber, check_character
from civic.typed_date import impossible_part

LENGTH = 18
GROUPS = (6, 8, 4)  # region, birth date, order and check character: how people read the number aloud
KEYS = frozenset("0123456789X")
_BIRTH, _BIRTH_END = 6, 14
_EARLIEST_BIRTH = date(1900, 1, 1)
_PERMANENT_RESIDENT = "9"  # foreigners' numbers begin with it; their province follows, then their nationality
_DEMONSTRATION = "99"  # nobody's; the demonstration's people have it


class NumberProblem(StrEnum):
    """Why what stands there can't be a number."""

    PROVINCE = "province"  # no province begins like this
    YEAR = "year"  # the year of birth is in the future, or too long ago
    MONTH = "month"  # no such month, or one in the future
    DAY = "day"  # no such day in that month, or one in the future
    X_EARLY = "x-early"  # X can only be the last character; it was not taken
    CHECK = "check"  # the last character does not fit the others: one of them is mistyped


class NumberHint(StrEnum):
    """What deserves a second look and refuses nothing."""

    UNKNOWN_DIVISION = "unknown-division"  # our list has no division with this code; the list is not complete


@dataclass(frozen=True, slots=True, repr=False)
class NumberEntry:
    """What has been typed so far. Masks itself; the screen shows ``groups`` to the person who types."""

    text: str = ""
    problem: NumberProblem | None = None
    today: date | None = None  # when the last key was pressed

    def press(self, key: str, today: date) -> "NumberEntry":
        """One more of KEYS. Anything else, and what a full entry gets, is not taken."""
        if len(self.text) >= LENGTH or key not in KEYS:
            return self
        if key == "X" and len(self.text) < LENGTH - 1:
            return replace(self, problem=self.problem or NumberProblem.X_EARLY)
        text = self.text + key
        return NumberEntry(text, _problem(text, today), today)

    def erase(self) -> "NumberEntry":
        """The last character is taken back, and with it what was wrong, unless it was wrong before."""
        text = self.text[:-1]
        return NumberEntry(text, _problem(text, self.today) if self.today else None, self.today)

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
    def hint(self) -> NumberHint | None:
        """What deserves a second look, once the region is complete."""
        region = self.text[:_BIRTH]
        if self.problem or len(region) < _BIRTH or region.startswith(_PERMANENT_RESIDENT) or regions.name(region):
            return None
        return NumberHint.UNKNOWN_DIVISION

    @property
    def groups(self) -> tuple[str, ...]:
        """The text as people read it: six, eight, four."""
        return self.text[:_BIRTH], self.text[_BIRTH:_BIRTH_END], self.text[_BIRTH_END:]

    def __repr__(self) -> str:
        return f"NumberEntry({len(self.text)} of {LENGTH})"

    __str__ = __repr__


def _problem(text: str, today: date) -> NumberProblem | None:
    """The first thing that is wrong, from the left."""
    if text and not _begins_a_region(text):
        return NumberProblem.PROVINCE
    if part := impossible_part(text[_BIRTH:_BIRTH_END], _EARLIEST_BIRTH, today):
        return NumberProblem(part.value)
    if len(text) == LENGTH and check_character(text[:-1]) != text[-1]:
        return NumberProblem.CHECK
    return None


def _begins_a_region(text: str) -> bool:
    """Whether a province's two digits stand first (GB/T 2260), after a 9 in a permanent resident's number, or still
    may."""
    beginnings = [_DEMONSTRATION]
    for province in regions.PROVINCES:
        beginnings += [province, _PERMANENT_RESIDENT + province]
    return any(text.startswith(beginning) or beginning.startswith(text) for beginning in beginnings)
