"""Whether an answer comes now or at the window, in such a way that the receipt tells nothing. Pure.

Who is clean gets a receipt too: by choice, by lot, or while an earlier one is open. The lot falls once a year and
person, so that asking again tells nothing.
"""

from collections.abc import Collection
from datetime import date, timedelta

from backend_client.contract.papers import When
from records.criminal.source import Finding

_SATURDAY = 5
_DIGITS = 13  # hex digits that a float holds exactly


def comes_now(finding: Finding, when: When, *, waits: bool, lot: float, share: float) -> bool:
    """Whether the paper itself is made. ``waits``: an earlier application is open; ``lot``: 0 to 1, of this person."""
    return finding is Finding.CLEAN and when is When.NOW and not waits and lot >= share


def lot(keyed_hash: str) -> float:
    """A number from 0 up to 1 out of a keyed hash (hex)."""
    return float(int(keyed_hash[:_DIGITS], 16) / 16**_DIGITS)


def ready_on(day: date, working_days: int, holidays: Collection[date]) -> date:
    """The working day so many after ``day``, which is not counted itself (规定: 三个工作日)."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < _SATURDAY and day not in holidays
    return day


def shown_name(name: str) -> str:
    """``张*灯``: the first and the last character; of two, the first."""
    return name[0] + "*" * (len(name) - 2) + name[-1] if len(name) > len("张灯") else name[0] + "*" * (len(name) - 1)


def shown_number(number: str) -> str:
    """The last four characters, stars before."""
    return "*" * (len(number) - 4) + number[-4:]
