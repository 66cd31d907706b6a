"""A circuit breaker, and a bound on how many wait: a far end that hangs holds a few threads, and for a short time only.

Closed: everybody may ask. After so many failures in a row it is open: nobody may. After a pause one may try; their
success closes it, their failure begins another pause.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from civic.clock import Clock


class OpenCircuitError(Exception):
    """Nobody may ask now."""


class Circuit:
    """``at_once``: so many ask at the same time; ``failures``: in a row, that open it; ``pause_s``: how long."""

    def __init__(self, clock: Clock, at_once: int, failures: int, pause_s: float) -> None:
        self._clock, self._limit, self._pause_s = clock, failures, pause_s
        self._places = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._failed = 0
        self._until = 0.0

    @contextmanager
    def asking(self, wait_s: float) -> Iterator[None]:
        """Ask inside it; an exception is a failure. OpenCircuitError: it is open, or all places are taken."""
        self._enter()
        if not self._places.acquire(timeout=wait_s):
            raise OpenCircuitError("busy")
        try:
            yield
        except BaseException:
            self._failure()
            raise
        else:
            self._failed = 0
        finally:
            self._places.release()

    def _enter(self) -> None:
        with self._lock:
            if self._failed >= self._limit:
                now = self._clock.monotonic()
                if now < self._until:
                    raise OpenCircuitError("open")
                self._until = now + self._pause_s  # this one tries; the others wait for what comes of it

    def _failure(self) -> None:
        with self._lock:
            self._failed += 1
            self._until = self._clock.monotonic() + self._pause_s
