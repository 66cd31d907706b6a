"""The machine-readable zone of travel documents (ICAO 9303 parts 3, 4, 5, 6): three items open the chip.

Only what every side shares stands here; whole zones are parsed in ``civic.mrz_zone``.
"""

from dataclasses import dataclass
from datetime import date

from civic.errors import InvalidValueError
from civic.masking import PersonalText

_WEIGHTS = (7, 3, 1)
_SHORTEST_NUMBER = 9  # ICAO 9303-11, 4.3.2: a shorter number is filled up


class InvalidMrzError(InvalidValueError):
    """The text can't stand in a machine-readable zone. ``detail`` names the rule, never the text."""

    code = "invalid-mrz"


def check_digit(text: str) -> str:
    """The check digit of a field (ICAO 9303-3, 4.9): digits count as themselves, A-Z as 10-35, < as 0."""
    return str(sum(_value(character) * _WEIGHTS[at % 3] for at, character in enumerate(text)) % 10)


@dataclass(frozen=True, slots=True, repr=False)
class MrzKey:
    """What opens the chip by BAC or PACE: the printed number and two dates.

    ``permit``: the document is an exit-entry permit (往来港澳通行证, 往来台湾通行证), whose keys are made of the same
    three items.
    """

    number: PersonalText
    birth_date: date
    expiry_date: date
    permit: bool = False

    def information(self) -> str:
        """The MRZ information (ICAO 9303-11, appendix D.2): each item with its check digit, one after the other."""
        number = self.number.reveal().upper().ljust(_SHORTEST_NUMBER, "<")
        return "".join(item + check_digit(item) for item in (number, _short(self.birth_date), _short(self.expiry_date)))

    def __repr__(self) -> str:
        return "MrzKey(…)"

    __str__ = __repr__


def _short(day: date) -> str:
    return f"{day:%y%m%d}"


def _value(character: str) -> int:
    if character == "<":
        return 0
    if character.isascii() and character.isalnum() and not character.islower():
        return int(character, 36)
    raise InvalidMrzError("character")
