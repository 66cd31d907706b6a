"""What one request, and one caller, may cost: bytes of a body, seconds it may take, requests a second, large bodies at
once.

Whoever brings no device certificate sends little, for nobody knows yet who they are; a device sends a batch or a file
where those are taken in. Calls for help are counted by themselves: nothing else that a kiosk asks keeps them waiting.
"""

import math
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from backend_client.contract.intakes import LARGEST_BATCH, LARGEST_BLOB
from civic.clock import Clock
from records.sections import LimitSettings

LARGEST_BODY: Final = 64 * 1024  # bytes; the largest ordinary request, a certificate request, has a tenth of it
_EACH: Final = 2
_MOST_CALLERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A body: so many bytes, within so many seconds. ``at_once``: of so many there is room in RAM; 0: not counted."""

    largest: int
    seconds: float
    at_once: int = 0


ORDINARY: Final = Allowance(LARGEST_BODY, 20.0)
BATCH: Final = Allowance(LARGEST_BATCH, 60.0, at_once=64)  # 64 MiB
FILE: Final = Allowance(LARGEST_BLOB, 120.0, at_once=16)  # 128 MiB


def allowance(method: str, path: str, *, certified: bool) -> Allowance:
    """What the body of this request may be. ``certified``: a device's certificate was brought."""
    if certified and method == "POST" and (path == "/v1/intakes" or path.startswith("/v1/gates/self/")):
        return BATCH
    if certified and method == "PUT" and path.startswith("/v1/blobs/"):
        return FILE
    return ORDINARY


def for_help(path: str, *, certified: bool) -> bool:
    """Whether it belongs to a device's call for help."""
    return certified and (path == "/v1/alarms" or path.startswith("/v1/alarms/"))


class Buckets:
    """How often each caller may ask: a bucket of ``burst`` tokens that fills by so many a second, one a request."""

    def __init__(self, clock: Clock, settings: LimitSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller -> tokens, and when that was so

    def wait_s(self, caller: str) -> int:
        """Take a token; 0: there was one, else the whole seconds until there is."""
        now = self._clock.monotonic()
        tokens, at = self._left.pop(caller, (float(self._settings.burst), now))
        rate = self._settings.requests_per_second
        tokens = min(float(self._settings.burst), tokens + max(0.0, now - at) * rate)
        enough = tokens >= 1
        self._left[caller] = (tokens - 1 if enough else tokens, now)
        if len(self._left) > _MOST_CALLERS:
            self._left.popitem(last=False)
        return 0 if enough else max(1, math.ceil((1 - tokens) / rate))


class Room:
    """Large bodies of one kind at once: each caller two, all together as many as the RAM is to hold."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._held: Counter[str] = Counter()

    @contextmanager
    def one(self, caller: str) -> Iterator[bool]:
        """Whether there is room for one more, which is then kept until the end."""
        if self._held[caller] >= _EACH or self._held.total() >= self._at_once:
            yield False
            return
        self._held[caller] += 1
        try:
            yield True
        finally:
            self._held[caller] -= 1
            self._held += Counter()  # forgets who holds none
