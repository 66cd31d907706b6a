"""Typing what opens a travel document's chip, where the camera can't read the page: number, birth date, expiry date."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from civic.masking import PersonalText
from civic.mrz import MrzKey
from civic.typed_date import LENGTH as DATE_LENGTH
from civic.typed_date import day_of, impossible_part

_LONGEST_NUMBER = 9
_SHORTEST_NUMBER = 5
_EARLIEST = date(1900, 1, 1)
_LONGEST_VALIDITY_YEARS = 15  # no document is made for longer


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
    today: date | None = None  # when the last key was pressed

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
        return len(self.text) == DATE_LENGTH and self.problem is None

    @property
    def key(self) -> MrzKey | None:
        """What opens the chip, once the last field is complete."""
        if self.field is not _ORDER[-1] or not self.complete:
            return None
        number, born, expires = self.texts
        return MrzKey(PersonalText(number), day_of(born), day_of(expires), self.permit)

    def press(self, key: str, today: date) -> "MrzEntry":
        """One more character. What can't stand there (a letter in a date) or no longer fits is not taken."""
        in_number = self.field is MrzField.NUMBER
        fits = len(self.text) < (_LONGEST_NUMBER if in_number else DATE_LENGTH)
        stands = len(key) == 1 and key.isascii() and (key.isdigit() or (in_number and key.isupper()))
        return _typed(replace(self, today=today), self.text + key) if fits and stands else self

    def erase(self) -> "MrzEntry":
        """The last character is taken back, and with it what was wrong, unless it was wrong before."""
        return _typed(self, self.text[:-1])

    def next_field(self) -> "MrzEntry":
        """On to the next field, if this one is complete."""
        at = _ORDER.index(self.field)
        return _placed(self, _ORDER[at + 1]) if self.complete and at + 1 < len(_ORDER) else self

    def previous_field(self) -> "MrzEntry":
        """Back to the field before; what stands in this one stays."""
        return _placed(self, _ORDER[max(_ORDER.index(self.field) - 1, 0)])

    def toggle_permit(self) -> "MrzEntry":
        """A passport, or a permit to travel."""
        return replace(self, permit=not self.permit)

    def __repr__(self) -> str:
        return f"MrzEntry({self.field}, {len(self.text)} characters)"

    __str__ = __repr__


def _typed(entry: MrzEntry, text: str) -> MrzEntry:
    """The entry with another text in the field that is being typed."""
    at = _ORDER.index(entry.field)
    number, born, expires = (text if place == at else kept for place, kept in enumerate(entry.texts))
    return _placed(replace(entry, texts=(number, born, expires)), entry.field)


def _placed(entry: MrzEntry, field: MrzField) -> MrzEntry:
    """The entry in a field, with what is wrong there."""
    moved = replace(entry, field=field)
    return replace(moved, problem=_problem(field, moved.text, entry.today) if entry.today else None)


def _problem(field: MrzField, text: str, today: date) -> MrzProblem | None:
    """The first thing that is wrong, from the left."""
    if field is MrzField.NUMBER:
        return None
    latest = today if field is MrzField.BIRTH else date(today.year + _LONGEST_VALIDITY_YEARS, 12, 31)
    if part := impossible_part(text, _EARLIEST, latest):
        return MrzProblem(part.value)
    expired = field is MrzField.EXPIRY and impossible_part(text, today, latest)
    return MrzProblem.EXPIRED if expired else None
