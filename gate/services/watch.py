"""How this gate is, from the last word of each part: what the screen has to know, and what the heartbeat says.

What a door reports is counted since the start: forced, held open, tampered with, on fire, out of reach; and how often
somebody was refused, by reason. **Neither the passes nor the exits are**: when somebody leaves home is as much a track
as when they come.
"""

from collections import Counter
from collections.abc import Callable

from civic.clock import Clock
from devices.door.api import DoorEvent, DoorState
from devices.face.identification import NotOffered, Offer, Why
from devices.health import Health, Level
from gate.flows.admission import Reason
from gate.flows.states import Conditions, Face
from gate.services.admit import HEALTH
from terminal.health_watch import HealthWatch
from terminal.store.audit import Audit

RECORDS, DOOR, CAMERA, FACE = "records", "door", "camera", "face"
REVOKED = "revoked"
_COUNTED = {
    DoorEvent.FORCED: "door-forced",
    DoorEvent.HELD_OPEN: "door-held-open",
    DoorEvent.TAMPER_BEGAN: "door-tampered",
    DoorEvent.FIRE_BEGAN: "door-fire",
    DoorEvent.WENT_OFFLINE: "door-offline",
}
_WHY = {Why.NOT_HERE: Face.NOT_HERE, Why.TOO_MANY: Face.TOO_MANY, Why.NOBODY: Face.OFFERED}


class GateWatch(HealthWatch):
    """Thread-safe. ``changed`` is called, one call at a time and in order, whenever the screen has to know something
    else."""

    def __init__(self, audit: Audit, clock: Clock, changed: Callable[[Conditions], None]) -> None:
        super().__init__(audit, clock)
        self._changed = changed
        self._conditions = Conditions()
        self._door = DoorState.UNKNOWN
        self._burns = False
        self._face = Face.NOT_HERE
        self._shut = ""
        self._placed = self._notices = False
        self._events: Counter[str] = Counter()

    def tell_door(self, state: DoorState) -> None:
        """What the door is doing now. A controller that falls silent in a fire does not end it."""
        with self._lock:
            self._burns = state is DoorState.FIRE or (self._burns and state is DoorState.OFFLINE)
            self._door = state
            self._judge_anew()

    def count(self, event: DoorEvent) -> None:
        """The door has reported something."""
        if event in _COUNTED:
            with self._lock:
                self._events[_COUNTED[event]] += 1

    def count_trial(self) -> None:
        """A technician has tried the door."""
        with self._lock:
            self._events["door-tried"] += 1

    def count_refusal(self, reason: Reason) -> None:
        """Somebody was not let in."""
        with self._lock:
            self._events[f"refused-{reason.value}"] += 1

    def tell_face(self, offer: Offer | NotOffered) -> None:
        """What FaceAtGate.offer says now: Offer or NotOffered."""
        with self._lock:
            self._face = _WHY.get(offer.why, Face.AWAY) if isinstance(offer, NotOffered) else Face.OFFERED
            self._judge_anew()

    def tell_place(self, *, placed: bool, notices: bool) -> None:
        """Whether records have said where this gate stands, and whether some right here is in its last days."""
        with self._lock:
            self._placed, self._notices = placed, notices
            self._judge_anew()

    def tell_readable(self) -> None:
        """The disk has answered: what was shut because it did not is open again. A shut gate asks it about nobody, so
        nobody else would ever find that out."""
        with self._lock:
            if self._is_down(HEALTH):
                self._take(Health(HEALTH, Level.READY))

    def shut(self, why: str) -> None:
        """Out of service for this reason; empty: not any more."""
        with self._lock:
            self._shut = why
            self._judge_anew()

    def out_of_service(self) -> str:
        """The reason's code, for the heartbeat; empty: in service."""
        with self._lock:
            return self._why_closed()

    def reasons(self) -> dict[str, str]:
        """Each part's reason, and how often there was something to report since the start."""
        with self._lock:
            events = {name: str(count) for name, count in self._events.items()}
        return super().reasons() | events

    @property
    def conditions(self) -> Conditions:
        """As they were told last."""
        return self._conditions

    def _judge_anew(self) -> None:
        now = Conditions(
            face=self._face_now(),
            door=not self._is_down(DOOR),
            held_open=self._door is DoorState.HELD_OPEN,
            fire=self._burns,
            closed=bool(self._why_closed()),
            link=not self._is_down(RECORDS),
            notices=self._notices,
        )
        if now != self._conditions:
            self._conditions = now
            self._changed(now)

    def _face_now(self) -> Face:
        away = any(name in self._health and not self._health[name].works for name in (CAMERA, FACE))
        return Face.AWAY if away and self._face is not Face.NOT_HERE else self._face

    def _why_closed(self) -> str:
        unreadable = self._is_down(HEALTH)
        return self._shut or ("store-unreadable" if unreadable else "") or ("" if self._placed else "no-door")

    def _is_down(self, device: str) -> bool:
        health = self._health.get(device, Health(device, Level.UNKNOWN))
        return health.level is Level.DOWN
