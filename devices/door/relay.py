"""A strike on a relay that hangs on one of this machine's own lines: a pulse with an end.

The pulse is ended by the turn that finds it over, by ``close``, and, should this process die, by the kernel, which
takes the line back. What a line does that nobody holds is up to chip and board: docs/devices says what to wire so that
it rests. A pulse that a dead process left behind ends when the next one takes the line.
"""

from typing import Final

from devices.door.api import DoorReason, Opening
from devices.door.lines import Lines
from devices.door.sensing import Levels
from devices.door.wiring import Inputs

_LOOK_S: Final = 1.0


class RelayMechanism:
    """``place``: chip and line, for the technician."""

    def __init__(self, lines: Lines, inputs: Inputs, place: str) -> None:
        self.reason = DoorReason.STARTING
        self.facts = (("place", place),)
        self._lines = lines
        self._inputs = inputs
        self._active: dict[int, bool] = {}
        self._taken = False
        self._look_at = 0.0
        self._until: float | None = None
        self._answer: Opening | None = None

    def turn(self, now: float) -> list[Levels]:
        """End the pulse when it is over; hear the inputs, or look for the lines again."""
        try:
            if not self._taken:
                return self._take(now)
            if self._until is not None and now >= self._until:
                self._rest()
            return self._changed()
        except OSError as error:
            self._lose(error, now)
            return []

    def release(self, for_s: float, now: float) -> bool:
        """Drive the line now; a pulse under way is made longer, never shorter."""
        if not self._taken:
            return False
        try:
            self._lines.drive(active=True)
        except OSError as error:
            self._lose(error, now)
            return False
        self._until = max(self._until or 0.0, now + for_s)
        self._answer = Opening.OPENED
        return True

    def answer(self) -> Opening | None:
        """A line that was driven was driven: there is nobody who could refuse."""
        return self._answer

    def abandon(self) -> None:
        """At rest."""
        if self._taken and self._until is not None:
            self._rest()

    def close(self) -> None:
        """At rest, and given back."""
        self._taken, self._until = False, None
        self._lines.release()

    def _take(self, now: float) -> list[Levels]:
        if now < self._look_at:
            return []
        self._lines.take()
        self._taken, self._until, self.reason = True, None, DoorReason.OK
        self._active = dict(self._lines.levels())
        return [self._inputs.levels(self._active)]

    def _changed(self) -> list[Levels]:
        """Each change by itself: a button that was pressed and let go between two turns was pressed."""
        heard = []
        for number, active in self._lines.changes():
            self._active[number] = active
            heard.append(self._inputs.levels(self._active))
        return heard

    def _rest(self) -> None:
        self._until = None
        self._lines.drive(active=False)

    def _lose(self, error: OSError, now: float) -> None:
        """The chip went away, or another program has the lines."""
        self._lines.release()
        self._taken, self._until, self._look_at = False, None, now + _LOOK_S
        self.reason = DoorReason.CHIP_MISSING if isinstance(error, FileNotFoundError) else DoorReason.LINES_TAKEN
