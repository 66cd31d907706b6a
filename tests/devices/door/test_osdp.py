"""The OSDP driver against a controller that speaks the real protocol, and everything that can happen between them."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from devices.catalog import build_door
from devices.door.api import DoorController, DoorEvent, DoorReason, DoorSecondsError, DoorState, Opening
from devices.errors import DeviceCancelledError
from devices.health import Level
from tests.devices.door.conftest import Bench, eventually

NEVER = Event()
_SENT_AGAIN_S = 2.0  # by a library that was not stopped


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_an_opening_releases_the_strike_for_so_many_seconds(bench: Bench, door: DoorController) -> None:
    """Acknowledged over a secure channel, and counted by the controller's own clock."""
    with within(1.0):
        assert door.open(0.5, NEVER) is Opening.OPENED
    output = bench.happened("output")[-1]
    assert (output["code"], output["seconds"]) == (5, 0.5)
    assert eventually(lambda: bench.strike() == "locked", 2)
    released, locked = bench.happened("released")[-1], bench.happened("locked")[-1]
    assert released["by"] == ["output"]
    assert 0.4 < float(str(locked["at"])) - float(str(released["at"])) < 0.8


def test_the_longest_opening_arrives_whole(bench: Bench, door: DoorController) -> None:
    """A byte wider than the library's counter would be cut off without a word: so longer ones are refused here."""
    assert door.open(25.0, NEVER) is Opening.OPENED
    assert bench.happened("output")[-1]["seconds"] == 25.0
    for seconds in (0.0, 0.4, 25.1, 60.0, -1.0, float("nan")):
        with pytest.raises(DoorSecondsError):
            door.open(seconds, NEVER)


def test_a_cancelled_wish_reaches_nobody(bench: Bench, door: DoorController) -> None:
    cancel = Event()
    cancel.set()
    before = len(bench.happened("output"))
    with pytest.raises(DeviceCancelledError):
        door.open(1.0, cancel)
    time.sleep(0.15)
    assert len(bench.happened("output")) == before


def test_a_refusal_is_said_and_the_door_is_ready_again(bench: Bench, door: DoorController) -> None:
    """libosdp would take a controller that refuses once for a dead one, for 300 s."""
    bench.set("refuses")
    time.sleep(0.1)
    assert door.open(1.0, NEVER) is Opening.REFUSED
    bench.well()
    with within(3.0):
        assert eventually(lambda: door.open(1.0, NEVER) is Opening.OPENED)


def test_nothing_asked_on_a_dead_line_ever_happens(bench: Bench, door: DoorController) -> None:
    """Neither what was asked in the instant of the cut, nor what was asked later; and the line recovers in seconds."""
    before = len(bench.happened("output"))
    bench.set("line-cut")
    time.sleep(0.05)
    with within(2.0):
        assert door.open(5.0, NEVER) is Opening.OFFLINE
    assert eventually(lambda: door.state() is DoorState.OFFLINE, 2)
    with within(0.2):
        assert door.open(5.0, NEVER) is Opening.OFFLINE
    assert door.health().level is Level.DOWN
    assert eventually(lambda: door.health().reason == DoorReason.SILENT, 3)
    bench.well()
    with within(4.0):
        assert bench.ready(door)
    time.sleep(0.5)
    assert len(bench.happened("output")) == before
    assert door.open(1.0, NEVER) is Opening.OPENED


def test_a_cut_that_heals_while_an_opening_waits_opens_nothing_afterwards(bench: Bench, door: DoorController) -> None:
    """Within the eight seconds in which libosdp would send it again."""
    before = len(bench.happened("output"))
    bench.set("hung")
    time.sleep(0.05)
    assert door.open(5.0, NEVER) is Opening.OFFLINE
    bench.well()
    assert bench.ready(door)
    time.sleep(_SENT_AGAIN_S)
    assert len(bench.happened("output")) == before


@pytest.mark.parametrize("fault", ["rebooted", "hung", "unplugged"])
def test_it_is_back_seconds_after_the_fault_is_gone(bench: Bench, door: DoorController, fault: str) -> None:
    """The port of a USB adapter that was pulled is opened again under the same name."""
    bench.set(fault)
    assert bench.says(door, DoorEvent.WENT_OFFLINE)
    if fault == "unplugged":
        assert eventually(lambda: door.health().reason == DoorReason.PORT_MISSING, 2)
    bench.well()
    with within(5.0):
        assert bench.says(door, DoorEvent.CAME_ONLINE)
    assert door.open(1.0, NEVER) is Opening.OPENED


def test_a_slow_controller_is_no_dead_one(bench: Bench, door: DoorController) -> None:
    """120 ms for each answer, of the 200 that the standard allows."""
    bench.set("slow")
    time.sleep(0.3)
    assert bench.ready(door)
    assert door.open(1.0, NEVER) is Opening.OPENED


def test_a_wrong_key_never_becomes_clear_text(bench: Bench) -> None:
    """It is told from a dead line, nothing opens, and the right key works without a restart."""
    bench.set("wrong-key")
    before = len(bench.happened("output"))
    door = build_door(bench.settings)
    try:
        assert eventually(lambda: door.health().reason == DoorReason.KEY_REFUSED, 5)
        assert door.health().level is Level.DOWN
        assert door.open(1.0, NEVER) is Opening.OFFLINE
        assert len(bench.happened("output")) == before
        bench.well()
        assert bench.ready(door)
    finally:
        door.close()


def test_a_key_that_is_put_right_works_without_a_restart(bench: Bench, tmp_path: Path) -> None:
    """The technician sees what is wrong with the file, and mends it."""
    key = tmp_path / "door.key"
    door = build_door(bench.settings.model_copy(update={"key_file": key}))
    try:
        assert eventually(lambda: door.health().reason == DoorReason.KEY_MISSING)
        shutil.copyfile(bench.settings.key_file, key)
        key.chmod(0o644)
        assert eventually(lambda: door.health().reason == DoorReason.KEY_EXPOSED)
        assert door.open(1.0, NEVER) is Opening.OFFLINE
        key.chmod(0o600)
        assert bench.ready(door)
        facts = dict(door.health().facts)
        assert (facts["vendor_code"], facts["port"]) == ("4c414d", bench.settings.port)
    finally:
        door.close()


def test_what_happens_at_the_door_is_heard_in_order(bench: Bench, door: DoorController) -> None:
    """Exit button, then the leaf: nobody forced it. Then the alarm, and the housing."""
    bench.set(exit="pressed")
    assert bench.says(door, DoorEvent.EXIT_PRESSED)
    bench.set(exit="released", contact="open")
    assert bench.says(door, DoorEvent.OPENED)
    assert eventually(lambda: door.state() is DoorState.OPEN)
    bench.set(contact="closed")
    assert bench.says(door, DoorEvent.CLOSED)
    bench.set(fire="alarm", tamper="opened")
    assert bench.says(door, DoorEvent.FIRE_BEGAN)
    assert bench.says(door, DoorEvent.TAMPER_BEGAN)
    assert door.state() is DoorState.FIRE
    health = door.health()
    assert (health.level, health.reason) == (Level.DEGRADED, DoorReason.FIRE)
    bench.set(fire="quiet", tamper="closed")
    assert bench.says(door, DoorEvent.FIRE_ENDED)
    assert bench.says(door, DoorEvent.TAMPER_ENDED)
    assert DoorEvent.FORCED not in bench.seen
    assert eventually(lambda: door.state() is DoorState.CLOSED)


def test_a_door_that_opens_by_itself_was_forced_and_one_that_stays_open_is_held(bench: Bench) -> None:
    door = build_door(bench.settings)
    door.held_after(0.3)
    try:
        assert bench.ready(door)
        assert eventually(lambda: door.state() is DoorState.CLOSED)
        bench.set(contact="open")
        assert bench.says(door, DoorEvent.FORCED)
        assert door.health().reason == DoorReason.FORCED
        assert bench.says(door, DoorEvent.HELD_OPEN)
        bench.set(contact="closed")
        assert bench.says(door, DoorEvent.CLOSED)
    finally:
        door.close()


@pytest.mark.parametrize("fault", ["hung", "line-cut"])
def test_exit_and_fire_need_no_gate_no_line_and_no_firmware(bench: Bench, fault: str) -> None:
    """There is no driver at all, and the controller is deaf: copper releases the strike."""
    assert bench.at_rest()
    bench.set(fault)
    before = len(bench.happened("released"))
    bench.set(exit="pressed")
    assert eventually(lambda: len(bench.happened("released")) > before)
    assert bench.happened("released")[-1]["by"] == ["exit"]
    bench.set(fire="alarm")
    assert eventually(lambda: "fire" in str(bench.happened("released")[-1]["by"]))


def test_closing_leaves_no_thread_and_no_way_to_open(bench: Bench) -> None:
    before = set(threading.enumerate())
    door = build_door(bench.settings)
    assert set(threading.enumerate()) == before  # nothing is begun before it is asked
    assert bench.ready(door)
    assert len(threading.enumerate()) == len(before) + 1
    outputs = len(bench.happened("output"))
    with within(1.0):
        door.close()
    assert set(threading.enumerate()) == before
    assert door.open(1.0, NEVER) is Opening.OFFLINE
    assert door.next_event(0.0, NEVER) is not None or door.next_event(5.0, NEVER) is None
    assert door.health().reason == DoorReason.CLOSED
    door.close()
    assert set(threading.enumerate()) == before
    assert len(bench.happened("output")) == outputs


def test_waiting_for_an_event_ends_when_nobody_waits_any_more(bench: Bench, door: DoorController) -> None:
    assert bench.says(door, DoorEvent.CAME_ONLINE)
    cancel = Event()
    cancel.set()
    with within(0.5):
        assert door.next_event(10.0, cancel) is None
