"""Follows what changes at records: polls, sooner when a hint comes, and spreads its requests so that many devices never
ask at one moment. Each of ``Follow``'s two methods is the work of one repeating job.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from backend_client.errors import RecordsError
from backend_client.hints import HintListener
from backend_client.outbox.back_off import BackOff
from civic.clock import Clock
from terminal.store.errors import StoreError

POLL_S = 20.0
_EITHER_WAY = 0.2  # of the interval: nobody stays in step with anybody
HINT_WITHIN_S = 2.0  # of a hint that every kiosk of a bureau hears


class Pace:
    """When to ask next, in seconds of a monotonic clock. A start is drawn from a whole interval. ``hint_within``: over
    how many seconds those who hear the same hint spread."""

    def __init__(self, chance: Random, now: float, hint_within: float = HINT_WITHIN_S) -> None:
        self._chance = chance
        self._hint_within = hint_within
        self._back_off = BackOff(chance, now)
        self._back_off.succeeded()
        self._due = now + chance.uniform(0.0, POLL_S)
        self._failing = False

    def is_due(self, now: float) -> bool:
        """Whether to ask now."""
        return now >= self._due

    def succeeded(self, now: float) -> None:
        """The next poll."""
        self._failing = False
        self._back_off.succeeded()
        self._due = now + POLL_S * self._chance.uniform(1 - _EITHER_WAY, 1 + _EITHER_WAY)

    def failed(self, now: float) -> None:
        """Records are away: full jitter, up to a quarter of an hour."""
        self._failing = True
        self._back_off.failed(now)
        self._due = now + self._back_off.wait(now)

    def hinted(self, now: float) -> None:
        """There is something: ask soon, and not all in the same moment."""
        if not self._failing:
            self._due = min(self._due, now + self._chance.uniform(0.0, self._hint_within))

    def reached(self, now: float) -> None:
        """Records have answered something else: they are back, so this need not wait for its own turn to find out."""
        if self._failing:
            self._failing = False
            self._due = min(self._due, now + self._chance.uniform(0.0, POLL_S))


class Feed(Protocol):
    """What is followed."""

    def catch_up(self) -> None:
        """Hear everything that there is. Raises RecordsError and StoreError."""


@dataclass(slots=True)
class Follow:
    """``reached``: when records answered last, whatever they were asked; None: never."""

    follower: Feed
    listener: HintListener
    pace: Pace
    streams: BackOff
    clock: Clock
    reached: Callable[[], object] = lambda: None
    _reached: object = None

    def tick(self) -> None:
        """Ask if it is time. Never raises what belongs to the network or the disk."""
        if (reached := self.reached()) != self._reached:
            self._reached = reached
            self.pace.reached(self.clock.monotonic())
        if not self.pace.is_due(self.clock.monotonic()):
            return
        try:
            self.follower.catch_up()
        except (RecordsError, StoreError):
            self.pace.failed(self.clock.monotonic())
        else:
            self.pace.succeeded(self.clock.monotonic())

    def listen(self) -> None:
        """Listen to the stream until it ends; come back later for the next one."""
        if not self.streams.due(self.clock.monotonic()):
            return
        try:
            if self.listener.listen():
                self.streams.succeeded()
        except RecordsError:
            pass  # the polls are the truth
        self.streams.failed(self.clock.monotonic())

    def stop(self) -> None:
        """End the stream."""
        self.listener.stop()
