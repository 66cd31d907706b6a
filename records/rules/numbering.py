"""The serial number of a paper (编号): readable aloud, and checkable by anyone.

``2026-0001-000042-53``: the year, the kiosk's number, the kiosk's sequence in that year, and two check digits over the
fourteen digits before (ISO/IEC 7064, MOD 97-10), which find every single wrong digit and every swap of two neighbours.
"""

import re

from civic.check_digits import check_digits, holds
from civic.errors import InvalidValueError

_SERIAL = re.compile(r"\d{4}-\d{4}-\d{6}-\d{2}", re.ASCII)
_LAST_SEQUENCE = 999_999


class SequenceExhaustedError(InvalidValueError):
    """A kiosk has issued a million papers in one year."""

    code = "sequence-exhausted"


def serial(year: int, kiosk: int, sequence: int) -> str:
    """The serial of a kiosk's ``sequence``-th paper in ``year``."""
    if sequence > _LAST_SEQUENCE:
        raise SequenceExhaustedError(str(year))
    parts = (f"{year:04}", f"{kiosk:04}", f"{sequence:06}")
    return "-".join((*parts, check_digits("".join(parts))))


def is_serial(text: str) -> bool:
    """Whether the form and the check digits hold."""
    return bool(_SERIAL.fullmatch(text)) and holds(text.replace("-", ""))
