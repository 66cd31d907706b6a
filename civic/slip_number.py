"""The number on the slip of what somebody handed in: short enough to be written down and read aloud.

``4827-1936-5042``: ten digits of the intake's own number (a UUIDv7, of which they take random bits), and two check
digits. Kiosk and records make it alike, without asking one another. It looks like no paper's serial number.
"""

from collections.abc import Iterable
from uuid import UUID

from civic.check_digits import check_digits, holds

_RANDOM = 2**62 - 1  # rand_b of RFC 9562, 5.7
_DIGITS, _WHOLE, _GROUP = 10, 12, 4


def slip_number(intake_id: UUID) -> str:
    """Of an intake; two of those that wait at the same time share one as good as never (1 in 10^10 for each pair)."""
    body = f"{(intake_id.int & _RANDOM) % 10**_DIGITS:0{_DIGITS}}"
    whole = body + check_digits(body)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def whose_slip(typed: str, intake_ids: Iterable[str]) -> str:
    """Which intake's number it is, however it was typed; empty: none of theirs, or no such number at all."""
    digits = "".join(str(int(each)) for each in typed if each.isdecimal())
    if len(digits) != _WHOLE or not holds(digits):
        return ""
    body = int(digits[:_DIGITS])
    return next((each for each in intake_ids if (UUID(each).int & _RANDOM) % 10**_DIGITS == body), "")
