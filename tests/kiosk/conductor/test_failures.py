"""What breaks or can't be written down ends in a sentence, and keeps nothing from being forgotten."""

import logging

import pytest

from kiosk.flows import application, issuing, proof, visit
from tests.support.kiosk_room import STAGES, TO_CARD, Room
from tests.support.made_up import (
    NAME,
    NUMBER,
)
from tests.support.reachable import personal_among, reachable


@pytest.mark.parametrize("gate", ["look", *STAGES])
def test_a_job_that_breaks_ends_in_a_sentence_and_in_a_log_without_names(
    room: Room, gate: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The resident never waits for something that has ended; the error's own words may quote them, and stay out."""
    room.gates.breaks[gate] = RuntimeError(f"{NAME} {NUMBER}")
    caplog.set_level(logging.DEBUG)
    room.act(*TO_CARD)
    if gate in ("face", "record", "make"):
        room.await_state(proof.ChoosingProof)
        room.act("face")
    if gate == "make":
        room.await_state(application.ConfirmingData)
        room.act("issue")
    room.await_state(issuing.Ended, proof.FaceNotConfirmed)
    assert room.screen.view is not None
    assert room.screen.view.question
    assert "RuntimeError at come" in caplog.text
    assert NAME not in caplog.text
    assert NUMBER not in caplog.text


def test_the_alarm_sounds_and_the_wipe_is_whole_on_a_full_disk(room: Room) -> None:
    """What can't be written down is done all the same."""
    room.walk_to("record")
    room.await_state(application.ConfirmingData)
    room.audit.full = True
    room.act("alarm")
    room.await_state(visit.Alarm)
    room.until(lambda: room.here == visit.Alarm("nobody"))
    assert "alarm" in room.speaker.said
    assert personal_among(reachable(room.conductor)) == []
