"""Pressing twice prints once: whatever is touched while a paper is made, and after it, one paper was asked for."""

from collections.abc import Iterator

import pytest

from kiosk.flows import application, issuing, proof
from tests.support.kiosk_room import Room
from tests.support.made_up import SERIAL

TO_PROOF = ("begin", "service:household_certificate", "purpose:move", "agree", "way:card")


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def at_the_last_question(room: Room) -> None:
    """Somebody who is proven reads what the paper will say."""
    room.act(*TO_PROOF)
    room.await_state(proof.ChoosingProof)
    room.act("face")
    room.await_state(application.ConfirmingData)


def test_pressing_twice_makes_one_paper(room: Room) -> None:
    """Twice before the first job runs, again while it reserves, again while it prints."""
    room.gates.hold("make")
    at_the_last_question(room)
    room.act("issue", "issue")
    room.await_state(issuing.Issuing)
    room.gates.await_at("make")
    room.act("issue", "on", "issue")
    assert len(room.desks.made) == 1
    room.gates.let_on("make")
    room.await_state(issuing.TakingPaper)
    room.act("issue")
    room.settle()
    assert len(room.desks.made) == 1


def test_a_paper_that_is_taken_twice_is_delivered_once(room: Room) -> None:
    """And whoever presses 没出来 after that voids nothing any more."""
    at_the_last_question(room)
    room.act("issue")
    room.await_state(issuing.TakingPaper)
    room.act("paper-taken", "paper-taken", "paper-missing")
    room.settle()
    assert room.desks.papers_said == [f"confirm {SERIAL}"]
