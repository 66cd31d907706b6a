"""Nothing of a visit stays when it is over."""

import gc
import weakref

import pytest

from kiosk.flows import happenings as h
from kiosk.flows import issuing, leftovers, visit
from terminal.store.audit import AuditKind
from tests.support.kiosk_room import Room
from tests.support.made_up import (
    NAME,
    SERIAL,
    card,
    own_data,
    picture,
)
from tests.support.reachable import personal_among, reachable


@pytest.mark.parametrize("how", ["clear", "alarm", "quiet"])
def test_after_a_visit_nothing_personal_can_be_reached(room: Room, how: str) -> None:
    """From the conductor with its screen, jobs and queue, or from the memory of the visit that is over."""
    room.walk_to("make")
    room.await_state(issuing.TakingPaper)
    old = room.conductor._memory
    assert {"str", "bytes"} <= set(personal_among(reachable(room.conductor))), "the walk would not see it anyway"
    if how == "quiet":
        room.pass_by(82)
        room.await_state(leftovers.Leftover)
    else:
        room.act(how)
        room.await_state(leftovers.Leftover, visit.Alarm)
    room.settle()
    assert personal_among(reachable(room.conductor, old, room.desks)) == []
    assert room.screen.wiped == 1


def test_what_waits_in_the_queue_at_the_wipe_is_gone_with_the_next_frame(room: Room) -> None:
    """The own row arrived, and the screen was cleared before it was shown."""
    room.gates.hold("record")
    room.walk_to("record")
    room.gates.await_at("record")
    room.act("clear")
    room.gates.let_on("record")
    room.settle()
    room.await_state(visit.Attract)
    assert personal_among(reachable(room.conductor, *room.desks.memories)) == []


def test_a_camera_picture_is_kept_alive_by_nothing_after_the_wipe(room: Room) -> None:
    """Pictures live in memory only, and only while they are looked at."""
    room.walk_to("record")
    shown = picture()
    room.conductor._memory.see(shown)
    room.conductor.drain()
    alive = weakref.ref(shown)
    del shown
    room.leave()
    gc.collect()
    assert alive() is None


def test_memory_once_forgotten_keeps_nothing_more(room: Room) -> None:
    """Whoever still holds it writes into the air."""
    memory = room.conductor._memory
    memory.card, memory.subject = card(), "somebody"
    memory.forget()
    memory.card, memory.subject, memory.voided = card(), "somebody", {("a", "b", ""): SERIAL}
    memory.see(picture())
    assert [memory.card, memory.subject, memory.voided, memory.seen()] == [None, "", {}, None]
    assert NAME not in repr(memory)


def test_a_new_visit_has_a_new_number_and_a_row_in_the_audit(room: Room) -> None:
    """Also the second service of somebody who went back."""
    room.act("begin")
    first = room.conductor._memory.visit
    room.act("service:household_certificate", "back")
    assert isinstance(room.here, visit.Home)
    assert room.conductor._memory.visit != first
    assert room.audit.kinds == [AuditKind.VISIT_BEGAN, AuditKind.RESIDENT_FORGOTTEN, AuditKind.VISIT_BEGAN]


def test_the_stand_ins_hold_what_the_walk_looks_for() -> None:
    """Otherwise finding nothing would prove nothing."""
    found = personal_among(reachable([card(), own_data(), picture()]))
    assert found.count("str") == 4
    assert "ndarray" in found
    assert personal_among(reachable(h.RecordOpened(own_data()))) == ["str", "str"]
