"""A door: one thread turns its mechanism, and everybody else asks what that thread knows.

Whoever asks to open waits for an answer, not for a door: a wish that the thread did not take in its time is struck out
before it could, and one that was told and not acknowledged is made sure never to be told again.
"""

import logging
import time
from collections import deque
from threading import Condition, Event, Thread
from typing import Final

from devices.door.api import LONGEST_S, SHORTEST_S, DoorEvent, DoorReason, DoorSecondsError, DoorState, Opening
from devices.door.mechanism import Mechanism
from devices.door.sensing import Sensing
from devices.errors import DeviceCancelledError
from devices.health import Health, Level

ANSWER_S: Final = 1.5
"""So long the mechanism may take to acknowledge: thirty times what a sound one needs."""
_MARGIN_S: Final = 0.3  # the thread says no before whoever asked gives up
_TURN_S: Final = 0.02  # libosdp wants to be turned every 50 ms at least
_SLICE_S: Final = 0.1
_KEPT: Final = 256  # events that nobody took; older ones are dropped
_AFTER_ERROR_S: Final = 1.0

_LOG = logging.getLogger(__name__)
_GRAVE = {
    DoorState.FIRE: DoorReason.FIRE,
    DoorState.TAMPER: DoorReason.TAMPER,
    DoorState.FORCED: DoorReason.FORCED,
    DoorState.HELD_OPEN: DoorReason.HELD_OPEN,
}


class _Wish:
    """To open, by somebody who waits. ``until``: monotonic; afterwards it must not be told any more."""

    def __init__(self, for_s: float, cancel: Event, until: float) -> None:
        self.for_s = for_s
        self.cancel = cancel
        self.until = until
        self.done = Event()
        self.outcome: Opening | None = None
        """None, when done: cancelled before anybody was told."""

    def end(self, outcome: Opening | None) -> None:
        """Let whoever waits go."""
        self.outcome = outcome
        self.done.set()


class DoorDriver:
    """A DoorController (devices/door/api.py). ``name``: of the device, in Health."""

    def __init__(self, mechanism: Mechanism, held_after_s: float = 30.0, name: str = "door") -> None:
        self._mechanism = mechanism
        self._sensing = Sensing(held_after_s)
        self._name = name
        self._changed = Condition()
        """Guards all below, and Sensing; the mechanism is the thread's own."""
        self._wishes: deque[_Wish] = deque()
        self._told: _Wish | None = None
        self._events: deque[DoorEvent] = deque(maxlen=_KEPT)
        self._reason = DoorReason.STARTING
        self._facts: tuple[tuple[str, str], ...] = ()
        self._thread: Thread | None = None
        self._ending = Event()

    def open(self, for_s: float, cancel: Event) -> Opening:
        """See DoorController: answers within ANSWER_S and a margin."""
        if not SHORTEST_S <= for_s <= LONGEST_S:
            raise DoorSecondsError(f"{for_s} s")
        wish = _Wish(for_s, cancel, time.monotonic() + ANSWER_S)
        with self._changed:
            if not self._begun():
                return Opening.OFFLINE
            self._wishes.append(wish)
        wish.done.wait(ANSWER_S + _MARGIN_S)
        with self._changed:
            if not wish.done.is_set():
                wish.end(Opening.OFFLINE)
        if wish.outcome is None:
            raise DeviceCancelledError
        return wish.outcome

    def state(self) -> DoorState:
        """What the door is doing now."""
        with self._changed:
            self._begun()
            return self._sensing.state

    def health(self) -> Health:
        """Whether it can be opened, and whether somebody should go there."""
        with self._changed:
            self._begun()
            state = self._sensing.state
            if self._reason is not DoorReason.OK:
                level = Level.UNKNOWN if self._reason is DoorReason.STARTING else Level.DOWN
                return Health(self._name, level, self._reason, self._facts)
            reason = _GRAVE.get(state, DoorReason.OK)
            level = Level.READY if reason is DoorReason.OK else Level.DEGRADED
            return Health(self._name, level, reason, (*self._facts, ("state", state)))

    def next_event(self, timeout_s: float, cancel: Event) -> DoorEvent | None:
        """See DoorController."""
        until = time.monotonic() + timeout_s
        with self._changed:
            self._begun()
            while not self._events:
                left = until - time.monotonic()
                if left <= 0 or cancel.is_set() or self._ending.is_set():
                    return None
                self._changed.wait(min(left, _SLICE_S))
            return self._events.popleft()

    def held_after(self, seconds: float) -> None:
        """See DoorController."""
        with self._changed:
            self._sensing.held_after_s = seconds

    def close(self) -> None:
        """End the thread, and with it the mechanism."""
        self._ending.set()
        with self._changed:
            thread = self._thread
            self._reason = DoorReason.CLOSED
            self._sensing.lost()
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    # --- the thread ---

    def _begun(self) -> bool:
        """Whether there is a thread: it begins with the first question, and never after ``close``."""
        if self._ending.is_set():
            return False
        if self._thread is None:
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        return True

    def _run(self) -> None:
        while not self._ending.wait(_TURN_S):
            try:
                self._turn(time.monotonic())
            except Exception as error:  # noqa: BLE001 - a door that nobody turns would stay deaf until a restart
                _LOG.warning("door: %s", type(error).__name__)
                self._fail()
                self._ending.wait(_AFTER_ERROR_S)
        self._mechanism.close()
        with self._changed:
            for wish in (*self._wishes, *([self._told] if self._told else [])):
                wish.end(Opening.OFFLINE)

    def _turn(self, now: float) -> None:
        heard = self._mechanism.turn(now)
        reason, facts = self._mechanism.reason, self._mechanism.facts
        with self._changed:
            self._reason, self._facts = reason, facts
            for levels in heard:
                self._tell(self._sensing.see(levels, now))
            works = reason is DoorReason.OK
            self._tell(self._sensing.pass_time(now) if works else self._sensing.lost())
            self._serve(now)

    def _serve(self, now: float) -> None:
        """One wish at a time."""
        if self._told is None and self._wishes:
            self._told = self._take(self._wishes.popleft(), now)
        if self._told is None:
            return
        outcome = self._mechanism.answer()
        if outcome is None and now < self._told.until:
            return
        if outcome is None:
            self._mechanism.abandon()
        if outcome is Opening.OPENED:
            self._sensing.opened(now, self._told.for_s)
        self._told.end(outcome or Opening.OFFLINE)
        self._told = None

    def _take(self, wish: _Wish, now: float) -> _Wish | None:
        """Tell the mechanism, if there is still somebody who wants it, and somebody who can."""
        if wish.done.is_set() or wish.cancel.is_set():
            wish.end(wish.outcome)
            return None
        works = self._mechanism.reason is DoorReason.OK
        if now >= wish.until or not works or not self._mechanism.release(wish.for_s, now):
            wish.end(Opening.OFFLINE)
            return None
        return wish

    def _tell(self, events: list[DoorEvent]) -> None:
        self._events.extend(events)
        if events:
            self._changed.notify_all()

    def _fail(self) -> None:
        """Something that nobody foresaw: begin anew, and never carry an opening over."""
        self._mechanism.close()
        with self._changed:
            self._reason = DoorReason.OTHER
            self._tell(self._sensing.lost())
            told, self._told = self._told, None
        if told is not None:
            told.end(Opening.OFFLINE)
