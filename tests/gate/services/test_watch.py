"""What the screen and records hear of a gate's parts."""

import pytest

from devices.door.api import DoorEvent, DoorState
from devices.face.identification import NotOffered, Offer, Why
from devices.health import Health, Level
from gate.flows.admission import Reason
from gate.flows.states import Conditions, Face
from gate.services.admit import HEALTH
from gate.services.watch import GateWatch
from tests.support.clocks import StillClock
from tests.support.remembering import AuditBook

OFFER = Offer(0.4, 1e-4, 0.01, 100)


class Watched:
    """A watch, and what it has told the screen."""

    def __init__(self) -> None:
        self.told: list[Conditions] = []
        self.watch = GateWatch(AuditBook(), StillClock(), self.told.append)  # type: ignore[arg-type]
        self.watch.tell_place(placed=True, notices=False)

    @property
    def now(self) -> Conditions:
        return self.watch.conditions


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_gate_that_knows_no_door_is_closed_until_it_does() -> None:
    watch = GateWatch(AuditBook(), StillClock(), lambda _: None)  # type: ignore[arg-type]
    assert watch.out_of_service() == "no-door"
    watch.tell_place(placed=True, notices=True)
    assert (watch.out_of_service(), watch.conditions.closed, watch.conditions.notices) == ("", False, True)


def test_what_the_screen_has_to_know_is_told_once(watched: Watched) -> None:
    for _ in range(2):
        watched.watch.tell_door(DoorState.FIRE)
    assert watched.told[-1].fire
    assert len(watched.told) == len(set(watched.told))
    watched.watch.tell_door(DoorState.HELD_OPEN)
    assert (watched.now.fire, watched.now.held_open) == (False, True)


def test_a_controller_that_falls_silent_in_a_fire_does_not_end_it(watched: Watched) -> None:
    for state, burns in (
        (DoorState.OFFLINE, False),
        (DoorState.FIRE, True),
        (DoorState.OFFLINE, True),
        (DoorState.CLOSED, False),
        (DoorState.OFFLINE, False),
    ):
        watched.watch.tell_door(state)
        assert watched.now.fire is burns, state


def test_only_a_part_that_is_down_counts_as_away(watched: Watched) -> None:
    """One that has not spoken yet may still come."""
    for name, said in (("door", "door"), ("records", "link")):
        watched.watch.tell(Health(name, Level.UNKNOWN, "starting"))
        assert getattr(watched.now, said)
        watched.watch.tell(Health(name, Level.DOWN, "silent"))
        assert not getattr(watched.now, said)
        watched.watch.tell(Health(name, Level.READY))
        assert getattr(watched.now, said)


@pytest.mark.parametrize(
    ("offer", "face"),
    [
        (OFFER, Face.OFFERED),
        (NotOffered(Why.NOBODY), Face.OFFERED),
        (NotOffered(Why.NOT_HERE), Face.NOT_HERE),
        (NotOffered(Why.TOO_MANY), Face.TOO_MANY),
        (NotOffered(Why.RESTING), Face.AWAY),
        (NotOffered(Why.NO_POINTS), Face.AWAY),
    ],
)
def test_whether_a_face_may_be_shown(watched: Watched, offer: Offer | NotOffered, face: Face) -> None:
    """And without its camera it may not; where nobody wants it, nothing speaks of it either way."""
    watched.watch.tell_face(offer)
    assert watched.now.face is face
    watched.watch.tell(Health("camera", Level.DOWN, "unplugged"))
    assert watched.now.face is (Face.NOT_HERE if face is Face.NOT_HERE else Face.AWAY)


def test_a_store_that_can_t_be_read_shuts_the_gate_and_one_that_can_t_be_written_does_not(watched: Watched) -> None:
    watched.watch.tell(Health(HEALTH, Level.DEGRADED, "not-noted"))
    assert watched.watch.out_of_service() == ""
    watched.watch.tell(Health(HEALTH, Level.DOWN, "unreadable"))
    assert (watched.watch.out_of_service(), watched.now.closed) == ("store-unreadable", True)
    watched.watch.shut("revoked")
    assert watched.watch.out_of_service() == "revoked"


def test_what_is_counted_is_of_nobody(watched: Watched) -> None:
    """A door that opens, closes, or is left by the exit button is not."""
    for event in DoorEvent:
        watched.watch.count(event)
    watched.watch.count(DoorEvent.FORCED)
    watched.watch.count_refusal(Reason.OVER)
    counted = {name: count for name, count in watched.watch.reasons().items() if count.isdigit()}
    assert counted == {
        "door-forced": "2",
        "door-held-open": "1",
        "door-tampered": "1",
        "door-fire": "1",
        "door-offline": "1",
        "refused-over": "1",
    }
