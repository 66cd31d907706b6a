"""The door of a gate: a strike that its own wiring releases, and the real relay's driver, turned in simulated time.

The wiring is the simulated controller's (simulators.door.board): exit button and fire alarm act on the strike there,
whatever the gate's machine does. That one only drives a line, and hears of both besides (docs/devices/door.md).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devices.door.relay import RelayMechanism
from devices.door.wiring import Inputs
from simulators.door.board import Board

_EXIT, _FIRE = 1, 2
_ON, _OFF = 2, 1  # osdp_OUT's codes for the board's output
_HANDS = {"contact": "closed", "exit": "released", "fire": "quiet", "tamper": "closed"}
_LATE_S = 1.0  # a driver is turned every few hundredths of a second


class _Board(Board):
    """Nobody reads a log of half a million openings."""

    def note(self, what: str, **more: object) -> None:
        pass


@dataclass
class _Lines:
    """The chip's lines, for one start of the machine: those that nobody holds any more are at rest."""

    board: Board
    now: Callable[[], float]
    stuck: bool
    told: list[tuple[int, bool]] = field(default_factory=list)

    def take(self) -> None:
        self.drive(active=False)

    def drive(self, *, active: bool) -> None:
        if active or not self.stuck:
            self.board.output(_ON if active else _OFF, 0, self.now())

    def changes(self) -> list[tuple[int, bool]]:
        came, self.told = self.told, []
        return came

    def levels(self) -> Mapping[int, bool]:
        return {_EXIT: self.board.exit_pressed, _FIRE: self.board.fire}

    def release(self) -> None:
        self.drive(active=False)


@dataclass
class Strike:
    """``now``: seconds. ``asks``: what nobody may build, a way out by way of the gate: its button only tells.
    ``stuck``: its relay never rests."""

    now: Callable[[], float]
    asks: bool = False
    stuck: bool = False
    board: Board = field(default_factory=lambda: _Board(Path(os.devnull)))
    _lines: _Lines | None = None
    _relay: RelayMechanism | None = None
    _until: float = 0.0
    _fires: int = 0

    def machine_on(self) -> None:
        """The gate takes its lines."""
        self._lines = _Lines(self.board, self.now, self.stuck)
        self._relay = RelayMechanism(self._lines, Inputs(exit=_EXIT, fire=_FIRE), "chip 4")
        self.turn()

    def machine_off(self) -> None:
        """However it ended: the kernel, or the missing power, lets go of the lines."""
        if self._lines is not None:
            self._lines.release()
        self._lines = self._relay = None

    def turn(self) -> None:
        """What the driver's thread does all the time; and the wiring."""
        heard = self._relay.turn(self.now()) if self._relay is not None else []
        if self.asks and any(each.exit_pressed for each in heard):
            self.let_in(1.0)
        self._hands()

    def let_in(self, seconds: float) -> bool:
        """The gate releases it for a moment; False: it is not released."""
        if self._relay is None or not self._relay.release(seconds, self.now()):
            return False
        self._until = self.now() + seconds
        return "output" in self.board.released

    def left_open(self) -> bool:
        """Whether the gate still releases it, after the time that it was to."""
        return "output" in self.board.released and self.now() > self._until + _LATE_S

    def leaves(self) -> bool:
        """Somebody inside presses the button; whether they get out."""
        self._hands(exit="pressed")
        self._hear(_EXIT, pressed=True)
        self.turn()
        free = bool(self.board.released)
        self._hands()
        self._hear(_EXIT, pressed=False)
        return free

    def burns(self, *, alarm: bool) -> None:
        """The alarm's contact, or its end."""
        self._fires += 1 if alarm else -1
        self._hands()
        self._hear(_FIRE, pressed=alarm)

    def gives_way(self) -> bool:
        """Whether it opens to who only pushes."""
        self.turn()
        return bool(self.board.released)

    def _hear(self, line: int, *, pressed: bool) -> None:
        if self._lines is not None:
            self._lines.told.append((line, pressed))

    def _hands(self, **done: str) -> None:
        """Where the way out asks the gate, neither button nor alarm is wired to the strike."""
        values = _HANDS | {"fire": "alarm" if self._fires else "quiet"} | done
        self.board.hands(_HANDS if self.asks else values, self.now())
