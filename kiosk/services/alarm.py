"""Calls for help: on a road of its own, that no other request stands before, until records have answered.

What the screen is told is what is true: that records were reached, that nobody watches, that an officer has seen it.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol
from uuid import UUID, uuid4

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.errors import RecordsError
from backend_client.outbox.back_off import BackOff
from civic.clock import Clock
from kiosk.store.alarms import Alarms
from terminal.store.errors import StoreError

AGAIN_S = 1.0, 30.0
"""While records are away: the end of the first wait for the next try, and of the longest."""

LOOK_S = 2.0
CALLING, SEEN, NOBODY, AWAY = "calling", "seen", "nobody", "away"
Tell = Callable[[str], None]

_log = logging.getLogger(__name__)


class AlarmSession(Protocol):
    """What is asked of records."""

    def raise_alarm(self, alarm: Alarm) -> AlarmState:
        """Call."""

    def alarm(self, number: UUID) -> AlarmState:
        """Ask how far it is."""


class Bell(Protocol):
    """What the alarm button rings."""

    def ring(self, tell: Tell, *, test: bool = False) -> None:
        """Call for help, and ``tell`` again and again how far that is: calling, seen, nobody or away."""

    def left(self) -> None:
        """Nobody looks at the screen any more: what was not sent yet is sent all the same."""


class NoBell:
    """Where no records are to be reached."""

    def ring(self, tell: Tell, *, test: bool = False) -> None:
        """Say so."""
        del test
        tell(NOBODY)

    def left(self) -> None:
        """Nothing to stop."""


@dataclass(slots=True)
class AlarmBell:
    """``opened``: a new connection of its own; ``tick`` is the work of one repeating job. Usable from any thread."""

    store: Alarms
    opened: Callable[[], AbstractContextManager[AlarmSession]]
    clock: Clock
    back_off: BackOff
    _lock: Lock = field(default_factory=Lock)
    _waiting: dict[UUID, Alarm] = field(default_factory=dict)
    _watched: tuple[UUID, Tell] | None = None
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self._waiting = {each.id: each for each in self.store.untold()}
        self.back_off.succeeded()  # at once

    def ring(self, tell: Tell, *, test: bool = False) -> None:
        """Call for help. A disk that takes nothing more does not keep it from being sent."""
        alarm = Alarm(id=uuid4(), at=self.clock.now(), test=test)
        with suppress(StoreError):
            self.store.keep(alarm)
        with self._lock:
            self._waiting[alarm.id] = alarm
            self._watched = alarm.id, tell
        self.back_off.succeeded()

    def left(self) -> None:
        """Tell nobody any more."""
        with self._lock:
            self._watched = None

    def tick(self) -> None:
        """Send what waits, and ask after what somebody looks at. Never raises what belongs to the network."""
        with self._lock:
            waiting, watched = list(self._waiting.values()), self._watched
        now = self.clock.monotonic()
        if waiting and self.back_off.due(now):
            self._send(waiting)
        elif watched is not None and watched[0] not in self._waiting and now - self._looked >= LOOK_S:
            self._look(watched[0])

    def _send(self, waiting: list[Alarm]) -> None:
        try:
            with self.opened() as session:
                for alarm in reversed(waiting):  # the latest first: somebody stands there
                    self._answered(session.raise_alarm(alarm))
            self.back_off.succeeded()
        except RecordsError as error:
            _log.error("alarm not answered: %s", error.code)
            self.back_off.failed(self.clock.monotonic())
            self._tell(waiting[-1].id, AWAY)

    def _look(self, number: UUID) -> None:
        self._looked = self.clock.monotonic()
        try:
            with self.opened() as session:
                self._tell(number, _reached(session.alarm(number)))
        except RecordsError:
            self._tell(number, AWAY)

    def _answered(self, state: AlarmState) -> None:
        with suppress(StoreError):
            self.store.answered(state.id)
        with self._lock:
            self._waiting.pop(state.id, None)
        self._tell(state.id, _reached(state))

    def _tell(self, number: UUID, reached: str) -> None:
        with self._lock:
            watched = self._watched
            if watched is None or watched[0] != number:
                return
            if reached == SEEN:  # that stays true
                self._watched = None
        watched[1](reached)


def _reached(state: AlarmState) -> str:
    if state.seen_at is not None:
        return SEEN
    return CALLING if state.watched else NOBODY
