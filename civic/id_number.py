"""The citizen identification number (GB 11643-1999).

Seventeen digits and a check character: six of the region (GB/T 2260), eight of the birth date, three of the order
(odd: male). The check character follows ISO 7064 MOD 11-2.
"""

from datetime import date
from enum import StrEnum

from civic.errors import InvalidValueError
from civic.masking import Personal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_LENGTH = 18
_PERMIT_LENGTH = 15


class Sex(StrEnum):
    """GB/T 2261.1, as far as a number can tell."""

    MALE = "1"
    FEMALE = "2"


class InvalidIdNumberError(InvalidValueError):
    """The text is no citizen identification number. ``detail`` names the rule, never the number."""

    code = "invalid-id-number"


def check_character(first_17_digits: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17_digits, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


class IdNumber(Personal):
    """A number whose length, digits, birth date and check character hold. A lower-case x is accepted and raised."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        number = text.strip().upper()
        if len(number) != _LENGTH:
            raise InvalidIdNumberError("length")
        if not (number[:-1].isascii() and number[:-1].isdigit()):
            raise InvalidIdNumberError("digits")
        try:
            date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
        except ValueError:
            raise InvalidIdNumberError("birth date") from None
        if check_character(number[:-1]) != number[-1]:
            raise InvalidIdNumberError("check character")
        super().__init__(number)

    @property
    def birth_date(self) -> date:
        """Characters 7 to 14."""
        number = self.reveal()
        return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")

    @property
    def sex(self) -> Sex:
        """The 17th digit: odd is male."""
        return Sex.MALE if int(self.reveal()[16]) % 2 else Sex.FEMALE

    @property
    def region_code(self) -> str:
        """The first six digits. A region may have been renamed or dissolved since: never a reason to refuse."""
        return self.reveal()[:6]

    def masked(self) -> str:
        """``4101**********1234``: the first four and the last four."""
        number = self.reveal()
        return f"{number[:4]}{'*' * 10}{number[-4:]}"


class ResidencePermitNumber(Personal):
    """The number on a foreigner's permanent residence card of 2017: three letters of the nationality, twelve digits.

    The last digit is said to be a check digit; no public standard confirms the rule, so it refuses nobody.
    """

    __slots__ = ()

    def __init__(self, text: str) -> None:
        number = text.strip().upper()
        if len(number) != _PERMIT_LENGTH:
            raise InvalidIdNumberError("length")
        letters, digits = number[:3], number[3:]
        if not (number.isascii() and letters.isalpha() and digits.isdigit()):
            raise InvalidIdNumberError("letters and digits")
        super().__init__(number)

    def masked(self) -> str:
        """``UTO********0107``: the letters and the last four digits."""
        number = self.reveal()
        return f"{number[:3]}{'*' * 8}{number[-4:]}"
