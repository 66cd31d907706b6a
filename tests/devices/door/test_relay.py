"""The relay's driver before lines that are only written down: pulses, inputs, and a chip that goes away."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event

import pytest

from devices.door.api import DoorEvent, DoorReason, DoorState, Opening
from devices.door.driver import DoorDriver
from devices.door.relay import RelayMechanism
from devices.door.wiring import Inputs
from devices.health import Level
from tests.devices.door.conftest import eventually

RELAY = "relay"
INPUTS = Inputs(contact=5, exit=6, fire=7, inverted=frozenset({"contact"}))


@dataclass
class WrittenLines:
    """Stands where the kernel is: a line that nobody holds is at rest. ``fault``: what every call raises."""

    fault: OSError | None = None
    held: bool = False
    active: bool = False
    inputs: dict[int, bool] = field(default_factory=lambda: {5: True, 6: False, 7: False})
    driven: list[bool] = field(default_factory=list)
    waiting: list[tuple[int, bool]] = field(default_factory=list)

    def take(self) -> None:
        self._check()
        self.held, self.active = True, False

    def drive(self, *, active: bool) -> None:
        self._check()
        self.active = active
        self.driven.append(active)

    def changes(self) -> list[tuple[int, bool]]:
        self._check()
        came, self.waiting = self.waiting, []
        return came

    def levels(self) -> Mapping[int, bool]:
        self._check()
        return self.inputs

    def release(self) -> None:
        self.held = self.active = False

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def lines() -> WrittenLines:
    return WrittenLines()


@pytest.fixture
def door(lines: WrittenLines) -> Iterator[DoorDriver]:
    door = DoorDriver(RelayMechanism(lines, INPUTS, "/dev/gpiochip0 4"))
    yield door
    door.close()


def turned(lines: WrittenLines) -> RelayMechanism:
    """A mechanism that has its lines, turned by hand."""
    mechanism = RelayMechanism(lines, INPUTS, RELAY)
    assert len(mechanism.turn(0.0)) == 1
    assert mechanism.reason is DoorReason.OK
    return mechanism


def test_a_pulse_has_an_end(lines: WrittenLines) -> None:
    mechanism = turned(lines)
    assert mechanism.release(5.0, 10.0)
    assert mechanism.answer() is Opening.OPENED
    for now, active in ((10.1, True), (14.9, True), (15.0, False), (16.0, False)):
        mechanism.turn(now)
        assert lines.active == active, now
    assert lines.driven == [True, False]


def test_a_second_pulse_makes_the_first_longer_never_shorter(lines: WrittenLines) -> None:
    mechanism = turned(lines)
    mechanism.release(5.0, 0.0)
    mechanism.release(0.5, 1.0)
    mechanism.turn(4.9)
    assert lines.active
    mechanism.turn(5.0)
    assert not lines.active


def test_closing_in_the_middle_of_a_pulse_lets_the_line_rest(lines: WrittenLines, door: DoorDriver) -> None:
    """As the kernel does when the process dies: nothing here keeps a line that nobody turns."""
    assert eventually(lambda: door.health().reason == DoorReason.OK)
    assert door.open(20.0, Event()) is Opening.OPENED
    assert lines.active
    door.close()
    assert (lines.held, lines.active) == (False, False)


def test_a_pulse_that_a_dead_process_left_behind_ends_with_the_next(lines: WrittenLines) -> None:
    """For a chip that keeps a level when nobody holds the line: taking it is resting it."""
    lines.active = True
    turned(lines)
    assert not lines.active


def test_opening_takes_a_moment_and_ends_by_itself(lines: WrittenLines, door: DoorDriver) -> None:
    assert eventually(lambda: door.health().reason == DoorReason.OK)
    began = time.monotonic()
    assert door.open(0.5, Event()) is Opening.OPENED
    assert time.monotonic() - began < 0.3
    assert lines.active
    assert eventually(lambda: not lines.active, 2)
    assert 0.45 < time.monotonic() - began < 1.0


def test_inputs_are_edges_and_none_is_missed(lines: WrittenLines, door: DoorDriver) -> None:
    """A button pressed and let go between two turns was pressed; an inverted contact is open where it is quiet."""
    assert door.next_event(2.0, Event()) is DoorEvent.CAME_ONLINE
    assert door.state() is DoorState.CLOSED
    lines.waiting = [(6, True), (6, False), (5, False)]
    assert [door.next_event(2.0, Event()) for _ in range(2)] == [DoorEvent.EXIT_PRESSED, DoorEvent.OPENED]
    lines.waiting = [(5, True), (7, True)]
    assert [door.next_event(2.0, Event()) for _ in range(2)] == [DoorEvent.CLOSED, DoorEvent.FIRE_BEGAN]
    assert door.health().reason == DoorReason.FIRE


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(FileNotFoundError(), DoorReason.CHIP_MISSING), (OSError(16, "busy"), DoorReason.LINES_TAKEN)],
)
def test_a_chip_that_is_not_there_is_named_and_looked_for_again(
    lines: WrittenLines, fault: OSError, reason: DoorReason
) -> None:
    mechanism = turned(lines)
    lines.fault = fault
    assert mechanism.turn(1.0) == []
    assert mechanism.reason is reason
    assert not mechanism.release(5.0, 1.1)
    lines.fault = None
    assert mechanism.turn(1.5) == []
    assert len(mechanism.turn(2.1)) == 1
    assert mechanism.reason is DoorReason.OK
    assert lines.driven == []


def test_what_is_not_there_opens_nothing_later(lines: WrittenLines, door: DoorDriver) -> None:
    lines.fault = FileNotFoundError()
    assert eventually(lambda: door.health().level is Level.DOWN)
    assert door.open(5.0, Event()) is Opening.OFFLINE
    lines.fault = None
    assert eventually(lambda: door.health().level is Level.READY, 3)
    time.sleep(0.1)
    assert lines.driven == []


def test_an_error_that_nobody_foresaw_ends_no_door(lines: WrittenLines) -> None:
    """Not even one that is no OSError: the thread begins anew, and health says so meanwhile."""
    door = DoorDriver(RelayMechanism(lines, INPUTS, RELAY))
    try:
        assert eventually(lambda: door.health().reason == DoorReason.OK)
        lines.waiting = [("not", "a", "pair")]  # type: ignore[list-item]
        assert eventually(lambda: door.health().reason == DoorReason.OTHER)
        assert eventually(lambda: door.health().reason == DoorReason.OK, 4)
        assert door.open(0.5, Event()) is Opening.OPENED
    finally:
        door.close()
