"""The liveness challenge, step by step: what is seen in each frame, and what it answers."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.face.challenge import Challenge, Instruction, Observation, Outcome, Phase, Side, Sighting, State

FRAME = 0.1
OWNER, STRANGER = 0.7, 0.2


@dataclass
class Attempt:
    """Feeds frames and remembers what was said."""

    side: Side = Side.LEFT
    likeness: float = OWNER
    continuity: float = 0.9
    at: float = 0.0
    said: list[Instruction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.challenge = Challenge(self.side, similarity=0.461)
        self.state: State = self.challenge.begin(self.at)

    def sees(self, *faces: Sighting, frames: int = 1) -> "Attempt":
        for _ in range(frames):
            self.at += FRAME
            compared = self.challenge.wants_vector(self.state, faces)
            likeness = self.likeness if compared else None
            continuity = self.continuity if compared and self.state.phase is not Phase.LOOKING else None
            self.state = self.challenge.advance(self.state, Observation(self.at, faces, likeness, continuity))
            self.said.append(self.state.instruction)
        return self


def face(yaw: float = 0.0, width: float = 0.3, x: float = 0.5) -> Sighting:
    return Sighting(yaw, width, x, 0.4)


def looked(side: Side = Side.LEFT) -> Attempt:
    attempt = Attempt(side).sees(face(), frames=5)
    assert attempt.state.phase is Phase.TURNING
    return attempt


@pytest.mark.parametrize(
    ("side", "yaw", "instruction"),
    [(Side.LEFT, 0.4, Instruction.TURN_LEFT), (Side.RIGHT, -0.4, Instruction.TURN_RIGHT)],
)
def test_the_owner_who_turns_to_the_side_asked_for_passes(side: Side, yaw: float, instruction: Instruction) -> None:
    """Their left is the picture's right, since the camera is no mirror."""
    attempt = Attempt(side).sees(face(), frames=5).sees(face(yaw), frames=3).sees(face(), frames=5)
    assert attempt.state.outcome is Outcome.PASSED
    assert attempt.state.progress == 1
    assert attempt.state.score == OWNER
    assert list(dict.fromkeys(attempt.said)) == [Instruction.HOLD_STILL, instruction, Instruction.LOOK_BACK]


@pytest.mark.parametrize(
    ("faces", "instruction"),
    [
        ((), Instruction.NO_FACE),
        ((face(width=0.1),), Instruction.COME_CLOSER),
        ((face(), face(width=0.25, x=0.9)), Instruction.ONE_PERSON),
        ((face(yaw=0.5),), Instruction.LOOK_STRAIGHT),
        ((face(),), Instruction.HOLD_STILL),
        ((face(), face(width=0.08, x=0.9)), Instruction.HOLD_STILL),
    ],
    ids=["nobody", "far", "two", "sideways", "well", "a passer-by far behind"],
)
def test_one_thing_to_do_is_said_at_a_time(faces: tuple[Sighting, ...], instruction: Instruction) -> None:
    """What stands in the way first is said first."""
    assert Attempt().sees(*faces).state.instruction is instruction


def test_another_person_is_told_apart_before_any_turning() -> None:
    """Fifteen frames that all say no are enough."""
    attempt = Attempt(likeness=STRANGER).sees(face(), frames=15)
    assert attempt.state.outcome is Outcome.NOT_SAME_PERSON
    assert attempt.state.score == STRANGER


def test_a_bad_first_moment_is_forgiven() -> None:
    """A likeness that rises over the threshold in time counts."""
    attempt = Attempt(likeness=STRANGER).sees(face(), frames=8)
    attempt.likeness = OWNER
    assert attempt.sees(face()).state.phase is Phase.TURNING


def test_a_still_picture_never_turns() -> None:
    """After six seconds without a turn it is not alive."""
    attempt = looked().sees(face(yaw=0.05), frames=61)
    assert attempt.state.outcome is Outcome.NOT_LIVE


def test_a_still_picture_that_is_taken_away_is_not_alive_either() -> None:
    """Losing the face does not stretch the time for turning."""
    attempt = looked().sees(face(), frames=55).sees(frames=6)
    assert attempt.state.outcome is Outcome.NOT_LIVE


def test_turning_to_the_wrong_side_fails() -> None:
    """A film made beforehand can't know the side."""
    assert looked(Side.LEFT).sees(face(yaw=-0.4), frames=3).state.outcome is Outcome.NOT_LIVE


def test_a_twitch_is_no_turn() -> None:
    """A turn has to be held for three frames in a row, to either side."""
    attempt = looked()
    for yaw in (0.4, 0.4, 0.0, -0.4, -0.4, 0.0):
        attempt.sees(face(yaw))
    assert attempt.state.phase is Phase.TURNING


def test_straightening_up_is_no_turn() -> None:
    """A head held a little to one side that becomes straight has not turned to the other."""
    attempt = Attempt(Side.LEFT).sees(face(yaw=-0.21), frames=5).sees(face(yaw=0.02), frames=5)
    assert attempt.state.phase is Phase.TURNING


def test_somebody_else_may_not_do_the_turning() -> None:
    """A turned face that is nothing like the one before does not count."""
    attempt = looked()
    attempt.continuity = 0.1
    assert attempt.sees(face(yaw=0.4), frames=5).state.phase is Phase.TURNING


def test_somebody_else_may_not_come_back() -> None:
    """The face that looks back has to match the portrait and the face of before."""
    attempt = looked().sees(face(yaw=0.4), frames=3)
    attempt.continuity = 0.3
    assert attempt.sees(face(), frames=15).state.outcome is Outcome.NOT_SAME_PERSON


@pytest.mark.parametrize("interruption", ["jump", "absence", "company"])
def test_whoever_comes_next_begins_again(interruption: str) -> None:
    """A face that jumps, stays away or gets company has to show everything anew."""
    attempt = looked()
    match interruption:
        case "jump":
            attempt.sees(face(x=0.9))
        case "absence":
            attempt.sees(frames=8)
        case _:
            attempt.sees(face(), face(x=0.9))
    assert attempt.state.phase is Phase.LOOKING
    assert attempt.state.started == 0


def test_a_face_lost_for_a_moment_is_the_same() -> None:
    """Profiles are easily lost: half a second is forgiven."""
    assert looked().sees(frames=5).state.phase is Phase.TURNING


def test_an_empty_room_times_out() -> None:
    """After fifteen seconds, without a judgement on anybody."""
    attempt = Attempt().sees(frames=151)
    assert attempt.state.outcome is Outcome.TIMED_OUT
    assert attempt.state.score == 0


def test_who_never_looks_back_times_out() -> None:
    """Five seconds are given."""
    assert looked().sees(face(yaw=0.4), frames=60).state.outcome is Outcome.TIMED_OUT


def test_a_decision_stands() -> None:
    """Frames after it change nothing."""
    attempt = Attempt(likeness=STRANGER).sees(face(), frames=15)
    decided = attempt.state
    attempt.likeness = OWNER
    assert attempt.sees(face(), frames=20).state == decided


SIGHTINGS = st.builds(Sighting, st.floats(-1, 1), st.floats(0.05, 0.6), st.floats(0, 1), st.floats(0, 1))


@given(st.lists(st.tuples(st.lists(SIGHTINGS, max_size=2), st.floats(-1, 1)), max_size=60), st.sampled_from(Side))
def test_nobody_passes_without_turning_and_matching(frames: list[tuple[list[Sighting], float]], side: Side) -> None:
    """Whatever is seen: it ends in time, progress stays within 0 and 1, and passing needs a match and a turn."""
    attempt = Attempt(side)
    turned = False
    for faces, likeness in frames:
        attempt.likeness = attempt.continuity = likeness
        ordered = sorted(faces, key=lambda one: one.width, reverse=True)
        turned |= any(one.yaw * (1 if side is Side.LEFT else -1) > 0.08 for one in ordered)
        attempt.sees(*ordered)
        assert 0 <= attempt.state.progress <= 1
    if attempt.state.outcome is Outcome.PASSED:
        assert turned
        assert attempt.state.score >= attempt.challenge.similarity
    attempt.sees(frames=151)
    assert attempt.state.outcome is not None
