"""From the levels of a door's contacts to what the door is doing: pure, and the same for every controller."""

from dataclasses import dataclass

from devices.door.api import DoorEvent, DoorState

LATE_S = 2.0
"""A contact may be heard of so long after the strike holds again: a bus is asked in turns."""
EXIT_S = 15.0
"""So long after the exit button a door that opens was opened from within."""


@dataclass(frozen=True, slots=True)
class Levels:
    """``door_open``: None without a contact. ``exit_pressed``, ``fire``: the controller's own wiring, heard here."""

    door_open: bool | None = None
    exit_pressed: bool = False
    fire: bool = False
    tamper: bool = False


class Sensing:
    """Not thread-safe. All times are monotonic seconds."""

    def __init__(self, held_after_s: float = 30.0) -> None:
        self.held_after_s = held_after_s
        self._levels: Levels | None = None
        self._allowed_until = 0.0
        self._forced = False
        self._held = False
        self._open_since = 0.0

    @property
    def state(self) -> DoorState:
        """What matters most now."""
        levels = self._levels
        if levels is None:
            return DoorState.OFFLINE
        graver = (
            (levels.fire, DoorState.FIRE),
            (levels.tamper, DoorState.TAMPER),
            (self._forced, DoorState.FORCED),
            (self._held, DoorState.HELD_OPEN),
            (levels.door_open, DoorState.OPEN),
            (levels.door_open is None, DoorState.UNKNOWN),
        )
        return next((state for is_so, state in graver if is_so), DoorState.CLOSED)

    def opened(self, now: float, for_s: float) -> None:
        """The strike was released by a gate."""
        self._allowed_until = max(self._allowed_until, now + for_s + LATE_S)

    def see(self, levels: Levels, now: float) -> list[DoorEvent]:
        """What happened between the last levels and these."""
        before, self._levels = self._levels, levels
        events = [] if before else [DoorEvent.CAME_ONLINE]
        before = before or Levels()
        if levels.exit_pressed and not before.exit_pressed:
            events.append(DoorEvent.EXIT_PRESSED)
        if levels.exit_pressed:
            self._allowed_until = max(self._allowed_until, now + EXIT_S)
        events += _edge(before.fire, levels.fire, DoorEvent.FIRE_BEGAN, DoorEvent.FIRE_ENDED)
        events += _edge(before.tamper, levels.tamper, DoorEvent.TAMPER_BEGAN, DoorEvent.TAMPER_ENDED)
        events += self._leaf(before, levels, now)
        return events

    def _leaf(self, before: Levels, levels: Levels, now: float) -> list[DoorEvent]:
        """The first level after silence accuses nobody: what happened before it is not known."""
        if levels.door_open == before.door_open:
            return []
        if None in (levels.door_open, before.door_open):
            self._open_since, self._forced, self._held = now, False, False
            return []
        self._forced = self._held = False
        if not levels.door_open:
            return [DoorEvent.CLOSED]
        self._open_since = now
        self._forced = now > self._allowed_until and not levels.fire
        return [DoorEvent.OPENED, DoorEvent.FORCED] if self._forced else [DoorEvent.OPENED]

    def pass_time(self, now: float) -> list[DoorEvent]:
        """What happened by nothing happening: the door stayed open. A fire keeps doors open, and is its own state."""
        levels = self._levels
        if levels is None or not levels.door_open or levels.fire or self._held:
            return []
        if now < max(self._open_since, self._allowed_until) + self.held_after_s:
            return []
        self._held = True
        return [DoorEvent.HELD_OPEN]

    def lost(self) -> list[DoorEvent]:
        """Nothing is heard any more."""
        if self._levels is None:
            return []
        self._levels, self._forced, self._held = None, False, False
        return [DoorEvent.WENT_OFFLINE]


def _edge(before: bool, now: bool, began: DoorEvent, ended: DoorEvent) -> list[DoorEvent]:  # noqa: FBT001 - two levels
    if before == now:
        return []
    return [began if now else ended]
