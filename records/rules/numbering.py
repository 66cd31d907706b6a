"""The serial number of a paper (编号): readable aloud, and checkable by anyone.

``2026-0001-000042-53``: the year, the kiosk's number, the kiosk's sequence in that year, and two check digits over the
fourteen digits before (ISO/IEC 7064, MOD 97-10), which find every single wrong digit and every swap of two neighbours.
"""

import re

from civic.errors import InvalidValueError

_SERIAL = re.compile(r"\d{4}-\d{4}-\d{6}-\d{2}", re.ASCII)
_MODULUS = 97
_LAST_SEQUENCE = 999_999


class SequenceExhaustedError(InvalidValueError):
    """A kiosk has issued a million papers in one year."""

    code = "sequence-exhausted"


def check_digits(digits: str) -> str:
    """The two digits that make the whole number 1 modulo 97."""
    return f"{_MODULUS + 1 - int(digits + '00') % _MODULUS:02}"


def serial(year: int, kiosk: int, sequence: int) -> str:
    """The serial of a kiosk's ``sequence``-th paper in ``year``."""
    if sequence > _LAST_SEQUENCE:
        raise SequenceExhaustedError(str(year))
    parts = (f"{year:04}", f"{kiosk:04}", f"{sequence:06}")
    return "-".join((*parts, check_digits("".join(parts))))


def is_serial(text: str) -> bool:
    """Whether the form and the check digits hold."""
    return bool(_SERIAL.fullmatch(text)) and int(text.replace("-", "")) % _MODULUS == 1
