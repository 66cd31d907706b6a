"""What one request, and one device, may cost: bytes of a body, seconds it may take, requests a second, files at once.

Whoever brings no device certificate sends little, for nobody knows yet who they are; a device sends a batch or a file
where those are taken in.
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
_FILES_EACH: Final = 2
_FILES: Final = 16  # at once, in RAM: 128 MiB
_MOST_DEVICES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A body: so many bytes, within so many seconds. ``room``: it is large enough to be counted."""

    largest: int
    seconds: float
    room: bool = False


ORDINARY: Final = Allowance(LARGEST_BODY, 20.0)
BATCH: Final = Allowance(LARGEST_BATCH, 60.0, room=True)
FILE: Final = Allowance(LARGEST_BLOB, 120.0, room=True)


def allowance(method: str, path: str, device_id: str) -> Allowance:
    """What the body of this request may be. ``device_id``: of the certificate, empty: none was brought."""
    if device_id and (method, path) == ("POST", "/v1/intakes"):
        return BATCH
    if device_id and method == "PUT" and path.startswith("/v1/blobs/"):
        return FILE
    return ORDINARY


class Buckets:
    """How often each device may ask: a bucket of ``burst`` tokens that fills by so many a second, one a request."""

    def __init__(self, clock: Clock, settings: LimitSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # device -> tokens, and when that was so

    def wait_s(self, device_id: str) -> int:
        """Take a token; 0: there was one, else the whole seconds until there is."""
        now = self._clock.monotonic()
        tokens, at = self._left.pop(device_id, (float(self._settings.burst), now))
        rate = self._settings.requests_per_second
        tokens = min(float(self._settings.burst), tokens + max(0.0, now - at) * rate)
        enough = tokens >= 1
        self._left[device_id] = (tokens - 1 if enough else tokens, now)
        if len(self._left) > _MOST_DEVICES:
            self._left.popitem(last=False)
        return 0 if enough else max(1, math.ceil((1 - tokens) / rate))


class Room:
    """Large bodies at once: each device two, all together as many as the RAM is to hold."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()

    @contextmanager
    def one(self, device_id: str) -> Iterator[bool]:
        """Whether there is room for one more, which is then kept until the end."""
        if self._held[device_id] >= _FILES_EACH or self._held.total() >= _FILES:
            yield False
            return
        self._held[device_id] += 1
        try:
            yield True
        finally:
            self._held[device_id] -= 1
            self._held += Counter()  # forgets who holds none
