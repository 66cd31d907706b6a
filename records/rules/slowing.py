"""How long somebody who fails waits before the next try. It slows and never locks: nobody can shut another one out.

A few failures are free, for they happen; each further one doubles the wait, up to a bound. A day without any forgets.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FORGOTTEN_AFTER: Final = timedelta(days=1)
_ENOUGH_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class Slowing:
    """``free``: failures without a wait; ``longest``: the bound, in seconds."""

    free: int
    longest: int


ACCOUNT: Final = Slowing(free=3, longest=300)  # one account, tried from one address
ADDRESS: Final = Slowing(free=12, longest=60)  # one address, which a whole station may share
VISIT_CODE: Final = Slowing(free=5, longest=120)  # one officer
SLIPS: Final = Slowing(free=60, longest=120)  # opened by one account in a day: no failures, and no way to read them all


def wait_s(rule: Slowing, failures: int, last_at: datetime, now: datetime) -> int:
    """Whole seconds until the next try; 0: now. Never more than the bound."""
    over = failures - rule.free
    if over <= 0:
        return 0
    wait = min(1 << min(over, _ENOUGH_DOUBLINGS), rule.longest)
    left = (last_at + timedelta(seconds=wait) - now).total_seconds()
    return min(max(0, math.ceil(left)), wait)  # not longer, should the clock have been set back
