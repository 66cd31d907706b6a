"""The job that empties the outbox: when to try, what an answer means for the next try, what the tiles hear of it."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock

from backend_client.contract.devices import OutboxState
from backend_client.contract.intakes import IntakeKind
from backend_client.outbox.back_off import BackOff
from backend_client.outbox.course import Course, asked_to_wait, course_of
from backend_client.outbox.sender import Drained, Sender
from backend_client.trusted_clock import TrustedClock
from kiosk.services.outbox import IntakeDesk
from kiosk.services.readiness import Watch
from kiosk.store.outbox import Aside, Outbox
from terminal.store.errors import StoreError

_PROBE_EVERY_S = 60.0
DEVICE = "outbox"
"""What reasons are said of: ``outbox.queue-full``."""

_NOTHING = OutboxState()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """How it stood at the last tick, for whoever must not wait for the disk. ``waited``: how long the first has;
    ``problem``: why the last try ended early, ``kept_back``: why the first stayed when it was sent: codes."""

    state: OutboxState = _NOTHING
    waited: timedelta = timedelta(0)
    aside: tuple[Aside, ...] = ()
    problem: str = ""
    kept_back: str = ""


@dataclass(slots=True)
class OutboxSync:
    """``tick`` is called every second by one repeating job. ``line``: patience after errors; ``held``: with what
    records keep for later, which holds up nothing that was handed in since."""

    desk: IntakeDesk
    outbox: Outbox
    sender: Sender
    watch: Watch
    clock: TrustedClock
    line: BackOff
    held: BackOff
    seen: Seen = field(default_factory=Seen)
    _problem: str = ""
    _stopped: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _answered: int = 0  # the highest place that records have answered for
    _probed: float | None = None

    def __post_init__(self) -> None:
        self.held.succeeded()
        if not self.outbox.state().waiting:
            self.line.succeeded()  # nothing piled up while this kiosk was off: what comes next is sent as it comes

    def tick(self) -> None:
        """Look after the disk, say what may begin, send what is due. Never raises what belongs to network or disk."""
        with self._lock:
            try:
                self._look_after()
                self._send()
            except StoreError as error:
                self._note(error.code)
                self.line.failed(self.clock.monotonic())
            self._tell()

    def wake(self) -> None:
        """Records have something new, or somebody mended something: try soon."""
        now = self.clock.monotonic()
        self.line.wake(now)
        self.held.wake(now)

    def stop(self) -> None:
        """End a run between two requests; what is answered later is a lost answer."""
        self._stopped.set()

    # --- the technician's ---

    def again(self) -> int:
        """Send once more what records had refused; how many."""
        count = self.outbox.again()
        self._answered = 0
        self.wake()
        return count

    def discard(self, reason: str) -> int:
        """Give up what records refused; how many."""
        return self.outbox.discard(reason)

    # --- one tick ---

    def _look_after(self) -> None:
        now = self.clock.monotonic()
        if self._probed is not None and now - self._probed < _PROBE_EVERY_S:
            return
        self._probed = now
        self.desk.writable = self.outbox.is_writable()
        if (records_now := self.clock.records_now()) is not None and self.desk.writable:
            self.outbox.drop_old(records_now)

    def _send(self) -> None:
        now = self.clock.monotonic()
        if self.desk.revoked or not self.line.due(now) or self.clock.skew() is None:
            return  # without records' time nobody has reached records yet
        after = 0 if self.held.due(now) else self._answered
        if self.outbox.ready(after, most=1):
            self._correct()
            self._judge(self.sender.drain(self._stopped, after), whole=not after)

    def _judge(self, drained: Drained, *, whole: bool) -> None:
        now, error = self.clock.monotonic(), drained.error
        self._note(error.code if error else "")
        self._answered = max(self._answered, drained.last)
        if error is None:
            self.line.succeeded()
            if drained.held:
                self.held.failed(now)
            elif whole:
                self.held.succeeded()
            return
        course = course_of(error)
        self.desk.revoked = course is Course.STOP
        if course is Course.AGAIN:
            self.line.failed(now, asked_to_wait(error))
        else:
            self.line.rest(now)

    def _correct(self) -> None:
        """What was handed in before anybody knew how wrong the clock was."""
        boot = self.clock.boot
        skews = []
        for item in self.outbox.unmeasured(str(boot)):
            true = self.clock.records_at(item.monotonic_ms / 1000)
            if true is not None:
                skews.append((item.sequence, (true - item.at) // timedelta(milliseconds=1)))
        if skews:
            self.outbox.correct(str(boot), skews)

    def _tell(self) -> None:
        self.watch.tell_intakes({kind.value: self._blocked(kind) for kind in IntakeKind})
        with suppress(StoreError):
            standing = self.outbox.state(), self.desk.waited(), self.outbox.aside()
            self.seen = Seen(*standing, self._problem, self.outbox.kept_back())

    def _blocked(self, kind: IntakeKind) -> tuple[str, ...]:
        try:
            return tuple(f"{DEVICE}.{reason}" for reason in self.desk.reasons(kind))
        except (StoreError, OSError):
            return (f"{DEVICE}.store-unwritable",)

    def _note(self, problem: str) -> None:
        if problem != self._problem:
            _log.info("outbox: %s (was %s)", problem or "ok", self._problem or "ok")
        self._problem = problem
