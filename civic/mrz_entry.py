"""Typing what opens a travel document's chip, where the camera can't read the page: number, birth date, expiry date."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from civic.masking import PersonalText
from civic.mrz import MrzKey

_LONGEST_NUMBER = 9
_SHORTEST_NUMBER = 5
_DATE_LENGTH = 8
_MONTH_COMPLETE = 6
_OLDEST = 1900
_NEWEST_EXPIRY_YEARS = 15  # no document is made for longer


class MrzField(StrEnum):
    """The three things to type, in this order."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"


class MrzProblem(StrEnum):
    """Why what stands there can't be right."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    EXPIRED = "expired"  # the document is no longer valid: nothing can be done with it here


_ORDER = tuple(MrzField)


@dataclass(frozen=True, slots=True, repr=False)
class MrzEntry:
    """What has been typed so far. Masks itself. ``permit``: a permit to travel rather than a passport."""

    field: MrzField = MrzField.NUMBER
    texts: tuple[str, str, str] = ("", "", "")
    problem: MrzProblem | None = None
    permit: bool = False

    @property
    def text(self) -> str:
        """What stands in the field that is being typed."""
        return self.texts[_ORDER.index(self.field)]

    @property
    def groups(self) -> tuple[str, ...]:
        """The text as people read it: a number whole, a date as year, month, day."""
        return (self.text,) if self.field is MrzField.NUMBER else (self.text[:4], self.text[4:6], self.text[6:])

    @property
    def at_first_field(self) -> bool:
        """Whether nothing lies before this field."""
        return self.field is _ORDER[0]

    @property
    def complete(self) -> bool:
        """Whether this field can be left."""
        if self.field is MrzField.NUMBER:
            return len(self.text) >= _SHORTEST_NUMBER
        return len(self.text) == _DATE_LENGTH and self.problem is None

    @property
    def key(self) -> MrzKey | None:
        """What opens the chip, once the last field is complete."""
        if self.field is not _ORDER[-1] or not self.complete:
            return None
        number, born, expires = self.texts
        return MrzKey(PersonalText(number), _day(born), _day(expires), self.permit)

    def press(self, key: str, today: date) -> "MrzEntry":
        """One more character. A key that can't stand there (a letter in a date) is not taken."""
        if self.field is MrzField.NUMBER:
            taken = len(self.text) < _LONGEST_NUMBER
            return self._with(self.text + key) if taken else self
        if len(self.text) >= _DATE_LENGTH or not key.isdigit():
            return self
        text = self.text + key
        return replace(self._with(text), problem=_problem(self.field, text, today))

    def erase(self) -> "MrzEntry":
        """The last character is taken back, and with it what was wrong."""
        return self._with(self.text[:-1])

    def next_field(self) -> "MrzEntry":
        """On to the next field, if this one is complete."""
        at = _ORDER.index(self.field)
        return replace(self, field=_ORDER[at + 1]) if self.complete and at + 1 < len(_ORDER) else self

    def previous_field(self) -> "MrzEntry":
        """Back to the field before; what stands in this one stays."""
        return replace(self, field=_ORDER[max(_ORDER.index(self.field) - 1, 0)], problem=None)

    def toggle_permit(self) -> "MrzEntry":
        """A passport, or a permit to travel."""
        return replace(self, permit=not self.permit)

    def _with(self, text: str) -> "MrzEntry":
        at = _ORDER.index(self.field)
        number, born, expires = (text if place == at else kept for place, kept in enumerate(self.texts))
        return replace(self, texts=(number, born, expires), problem=None)

    def __repr__(self) -> str:
        return f"MrzEntry({self.field}, {len(self.text)} characters)"

    __str__ = __repr__


def _problem(field: MrzField, text: str, today: date) -> MrzProblem | None:
    """The first thing that is wrong, from the left."""
    if len(text) >= 4 and not _OLDEST <= int(text[:4]) <= today.year + _NEWEST_EXPIRY_YEARS:  # noqa: PLR2004 - a year
        return MrzProblem.YEAR
    if len(text) >= _MONTH_COMPLETE and not 1 <= int(text[4:6]) <= 12:  # noqa: PLR2004 - months
        return MrzProblem.MONTH
    if len(text) < _DATE_LENGTH:
        return None
    try:
        day = _day(text)
    except ValueError:
        return MrzProblem.DAY
    if field is MrzField.BIRTH:
        return MrzProblem.YEAR if day > today else None
    return MrzProblem.EXPIRED if day < today else None


def _day(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
