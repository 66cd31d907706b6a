"""What a door's contacts mean, without a door."""

import pytest

from devices.door.api import DoorEvent as E
from devices.door.api import DoorState as S
from devices.door.sensing import EXIT_S, LATE_S, Levels, Sensing

SHUT, OPEN = Levels(door_open=False), Levels(door_open=True)


def state(sensing: Sensing) -> S:
    """Asked anew each time: a type checker would believe the last answer."""
    return sensing.state


def watching(now: float = 0.0) -> Sensing:
    """A shut door, heard of."""
    sensing = Sensing(held_after_s=30.0)
    assert sensing.see(SHUT, now) == [E.CAME_ONLINE]
    return sensing


def test_before_anything_is_heard_the_door_is_offline() -> None:
    assert Sensing().state is S.OFFLINE
    assert Sensing().lost() == []


def test_the_first_level_accuses_nobody() -> None:
    """The door stands open when the gate starts: nobody knows who opened it."""
    sensing = Sensing()
    assert sensing.see(Levels(), 0.0) == [E.CAME_ONLINE]
    assert state(sensing) == S.UNKNOWN
    assert sensing.see(OPEN, 0.1) == []
    assert state(sensing) == S.OPEN
    assert sensing.lost() == [E.WENT_OFFLINE]
    assert sensing.see(OPEN, 9.0) == [E.CAME_ONLINE]


@pytest.mark.parametrize(("at", "forced"), [(4.9, False), (5.0 + LATE_S, False), (5.1 + LATE_S, True)])
def test_a_leaf_that_moves_while_the_strike_is_released_was_not_forced(at: float, forced: bool) -> None:
    sensing = watching()
    sensing.opened(0.0, 5.0)
    assert sensing.see(OPEN, at) == ([E.OPENED, E.FORCED] if forced else [E.OPENED])
    assert state(sensing) == (S.FORCED if forced else S.OPEN)
    assert sensing.see(SHUT, at + 1) == [E.CLOSED]
    assert state(sensing) == S.CLOSED


def test_whoever_leaves_forces_nothing() -> None:
    sensing = watching()
    pressed = Levels(door_open=False, exit_pressed=True)
    assert sensing.see(pressed, 1.0) == [E.EXIT_PRESSED]
    assert sensing.see(pressed, 2.0) == []
    assert sensing.see(SHUT, 2.1) == []
    assert sensing.see(OPEN, 2.0 + EXIT_S) == [E.OPENED]


def test_a_short_opening_never_shortens_a_long_one() -> None:
    sensing = watching()
    sensing.opened(0.0, 20.0)
    sensing.opened(1.0, 0.5)
    assert sensing.see(OPEN, 19.0) == [E.OPENED]


def test_an_open_door_is_held_once_and_counted_from_the_openings_end() -> None:
    sensing = watching()
    sensing.opened(0.0, 5.0)
    sensing.see(OPEN, 1.0)
    assert sensing.pass_time(30.0 + 5.0 + LATE_S - 0.1) == []
    assert sensing.pass_time(30.0 + 5.0 + LATE_S) == [E.HELD_OPEN]
    assert state(sensing) == S.HELD_OPEN
    assert sensing.pass_time(99.0) == []
    assert sensing.see(SHUT, 100.0) == [E.CLOSED]
    assert sensing.pass_time(999.0) == []


def test_a_fire_opens_doors_and_accuses_nobody() -> None:
    sensing = watching()
    assert sensing.see(Levels(door_open=True, fire=True), 1.0) == [E.FIRE_BEGAN, E.OPENED]
    assert state(sensing) == S.FIRE
    assert sensing.pass_time(999.0) == []
    assert sensing.see(OPEN, 1000.0) == [E.FIRE_ENDED]
    assert state(sensing) == S.OPEN


def test_the_housing_is_watched() -> None:
    sensing = watching()
    assert sensing.see(Levels(door_open=False, tamper=True), 1.0) == [E.TAMPER_BEGAN]
    assert state(sensing) == S.TAMPER
    assert sensing.see(SHUT, 2.0) == [E.TAMPER_ENDED]


def test_without_a_contact_nothing_is_claimed_of_the_leaf() -> None:
    sensing = Sensing()
    sensing.see(Levels(), 0.0)
    sensing.opened(0.0, 5.0)
    assert sensing.pass_time(999.0) == []
    assert state(sensing) == S.UNKNOWN
