"""What belongs to one visit never reaches the next."""

import pytest

from kiosk.flows import application, maintenance, proof, visit
from kiosk.flows import identity as who
from tests.support.kiosk_room import STAGES, TO_CARD, Room
from tests.support.made_up import (
    picture,
)


@pytest.mark.parametrize("gate", STAGES)
def test_what_comes_late_for_one_resident_never_reaches_the_next(room: Room, gate: str) -> None:
    """B stands on the very screen that A's answer was for."""
    room.gates.hold(gate)
    room.walk_to(gate)
    room.gates.await_at(gate, 1)
    room.leave()
    room.walk_to(gate)
    room.gates.await_at(gate, 2)
    room.conductor.drain()
    before, shown = room.conductor.visit, room.screen.view
    room.gates.let_on(gate, 0)
    room.settle()
    assert room.conductor.visit == before
    assert room.screen.view == shown
    room.gates.let_on(gate, 1)
    room.until(lambda: room.conductor.visit != before)


def test_a_card_read_late_is_kept_by_no_memory(room: Room) -> None:
    """Neither by the next visit's, nor by that of the visit it was read for."""
    room.gates.hold("read")
    room.walk_to("read")
    room.gates.await_at("read")
    room.leave()
    room.gates.let_on("read")
    room.settle()
    old = room.desks.memories[0]
    assert old.card is None
    assert room.conductor._memory.card is None
    assert old is not room.conductor._memory


def test_a_picture_put_after_the_wipe_is_shown_to_nobody(room: Room) -> None:
    """Not to the lamp, and not to the next resident before the camera."""
    room.gates.hold("face")
    room.walk_to("face")
    room.gates.await_at("face", 1)
    room.until(lambda: room.screen.frame is not None)
    room.leave()
    late = picture()
    room.desks.see[0](late)
    room.conductor.drain()
    assert room.screen.frame is None
    room.walk_to("face")
    room.gates.await_at("face", 2)
    room.desks.see[0](late)
    room.until(lambda: room.screen.frame is not None)
    assert room.screen.frame is not late


def test_the_camera_goes_dark_when_the_resident_would_rather_not(room: Room) -> None:
    """The picture that nobody took yet is let go with it."""
    room.gates.hold("face")
    room.walk_to("face")
    room.gates.await_at("face")
    room.desks.see[0](picture())
    room.act("officer")
    room.conductor.drain()
    assert isinstance(room.here, proof.ChoosingProof)
    assert room.screen.frame is None


def test_the_camera_is_opened_after_the_tap_that_agrees_and_never_after_a_no(room: Room) -> None:
    """The consent is on record before; whoever has changed their mind is not looked at again in this visit."""
    room.act(*TO_CARD)
    room.await_state(proof.ChoosingProof)
    room.settle()
    assert room.desks.cameras == []
    room.gates.hold("face")
    room.act("face")
    room.gates.await_at("face")
    assert room.desks.cameras == [[True]]
    room.act("back", "face", "officer", "face", "back", "face")
    room.gates.let_all_on()
    room.settle()
    assert room.desks.cameras == [[True]]
    assert room.desks.consents == [True, False]


def test_a_consent_that_can_t_be_written_down_opens_no_camera(room: Room) -> None:
    """On a full disk: the resident hears that the camera can't be used, and is not left waiting before it."""
    room.act(*TO_CARD)
    room.await_state(proof.ChoosingProof)
    room.desks.full = True
    room.act("face")
    ended = room.await_state(proof.FaceNotConfirmed)
    assert isinstance(ended, proof.FaceNotConfirmed)
    assert ended.result is who.FaceResult.NO_CAMERA
    assert room.desks.cameras == []


def test_a_technician_leaves_nothing_behind_on_a_full_disk(room: Room) -> None:
    """The row that says that they left can't be written; the wipe comes all the same."""
    room.act("corner", *(f"digit-{digit}" for digit in "271828"), "enter")
    room.await_state(maintenance.Page)
    room.desks.full = True
    wiped = room.screen.wiped
    room.act("clear")
    assert isinstance(room.here, visit.Attract)
    assert room.screen.wiped == wiped + 1


def test_a_picture_that_comes_late_is_shown_on_no_other_screen(room: Room) -> None:
    """The camera's last frame was on its way when the resident would rather not: nobody looks into it any more."""
    room.gates.hold("face")
    room.walk_to("face")
    room.gates.await_at("face")
    room.act("officer")
    room.desks.see[0](picture())
    room.conductor.drain()
    assert isinstance(room.here, proof.ChoosingProof)
    assert room.screen.frame is None


def test_the_last_picture_goes_with_the_screen_it_was_on(room: Room) -> None:
    """The face is decided on; the rest of the visit needs no picture of it."""
    room.gates.hold("face")
    room.walk_to("face")
    room.gates.await_at("face")
    room.until(lambda: room.screen.frame is not None)
    for turn in range(2):
        room.gates.await_at("face", turn + 1)
        room.gates.let_on("face", turn)
    room.await_state(application.ConfirmingData)
    assert room.screen.frame is None
    assert room.conductor._memory.seen() is None
