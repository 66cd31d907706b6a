"""The liveness challenge, step by step: what is seen in each frame, and what it answers."""

import secrets
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.face.api import Instruction
from devices.face.challenge import SEQUENCES, Challenge, Move, Observation, Outcome, Phase, Reason, State
from devices.face.quality import Sighting

FRAME = 0.1
LEFT, RIGHT, UP, DOWN = Move.TURN_LEFT, Move.TURN_RIGHT, Move.LOOK_UP, Move.LOOK_DOWN


def face(yaw: float = 0.0, pitch: float = 0.58, width: float = 0.3, x: float = 0.5) -> Sighting:
    return Sighting(x - width / 2, 0.2, x + width / 2, 0.7, yaw, pitch)


STRAIGHT = face()
SHOWN = {LEFT: face(yaw=0.4), RIGHT: face(yaw=-0.4), UP: face(pitch=0.42), DOWN: face(pitch=0.74)}
BEHIND, BESIDE = face(width=0.12, x=0.85), face(width=0.25, x=0.85)


@dataclass
class Attempt:
    """Feeds frames and remembers what was said. ``same``: whether faces are those of the first look."""

    moves: tuple[Move, ...] = (LEFT, UP)
    same: bool = True
    at: float = 100.0
    frame: float = FRAME  # seconds
    said: list[Instruction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.challenge = Challenge(self.moves)
        self.state: State = self.challenge.begin(self.at)

    def sees(
        self, *faces: Sighting, frames: int = 1, flaw: Instruction | None = None, stale: bool = False
    ) -> "Attempt":
        for _ in range(frames):
            self.at += self.frame
            asked = self.challenge.wants_vector(self.state, faces, flaw)
            same = self.same if asked and self.state.known else None
            self.state = self.challenge.advance(self.state, Observation(self.at, faces, flaw, same, stale=stale))
            self.said.append(self.state.instruction)
        return self

    def ends(self) -> tuple[Outcome | None, Reason | None]:
        return self.state.outcome, self.state.reason


def looked(*moves: Move) -> Attempt:
    attempt = Attempt(moves or (LEFT, UP)).sees(STRAIGHT, frames=5)
    assert attempt.state.phase is Phase.MOVING
    return attempt


def moved(*moves: Move) -> Attempt:
    attempt = looked(*moves)
    return attempt.sees(SHOWN[attempt.moves[0]], frames=3)


@pytest.mark.parametrize("moves", SEQUENCES, ids=[",".join(moves) for moves in SEQUENCES])
def test_who_follows_every_move_is_live(moves: tuple[Move, ...]) -> None:
    """Straight, move, straight, and so on; one instruction for each."""
    attempt = looked(*moves)
    for move in moves[:-1]:
        attempt.sees(SHOWN[move], frames=3).sees(STRAIGHT, frames=3)
    attempt.sees(SHOWN[moves[-1]], frames=3).sees(STRAIGHT, frames=5)
    assert attempt.ends() == (Outcome.LIVE, None)
    assert attempt.state.progress == 1
    asked = [said for said, before in zip(attempt.said, [None, *attempt.said], strict=False) if said is not before]
    expected = [part for move in moves for part in (Instruction(move.value), Instruction.LOOK_BACK)]
    assert asked == [Instruction.HOLD_STILL, *expected]


def test_each_sequence_is_as_likely_as_the_others() -> None:
    """Two or three moves of four: 80. The best film of three moves fits two of them."""
    assert len(SEQUENCES) == len(set(SEQUENCES)) == 80
    assert Challenge.random(lambda all_of_them: all_of_them[-1]).moves == SEQUENCES[-1]
    assert Challenge.random(secrets.choice).moves in SEQUENCES
    assert str(Challenge((LEFT, UP))) == "turn-left,look-up"


@pytest.mark.parametrize("asked", list(Move))
@pytest.mark.parametrize("shown", list(Move))
def test_only_the_move_asked_for_counts(asked: Move, shown: Move) -> None:
    """Held for a quarter of a second; another one, held for as long, is a film of another challenge."""
    attempt = looked(asked, LEFT).sees(SHOWN[shown], frames=2)
    assert (attempt.state.done, attempt.state.outcome) == (0, None)
    attempt.sees(SHOWN[shown])
    if shown is asked:
        assert attempt.state.done == 1
    else:
        assert attempt.ends() == (Outcome.NOT_LIVE, Reason.WRONG_MOVE)


def test_a_slanting_move_counts_for_its_greater_part_only() -> None:
    """Or one film that looks up and left would do for either."""
    slanting = face(yaw=0.5, pitch=0.46)
    assert looked(LEFT, LEFT).sees(slanting, frames=3).state.done == 1
    assert looked(UP, UP).sees(slanting, frames=3).ends() == (Outcome.NOT_LIVE, Reason.WRONG_MOVE)


@pytest.mark.parametrize(
    ("faces", "instruction"),
    [
        ((), Instruction.NO_FACE),
        ((face(width=0.1),), Instruction.COME_CLOSER),
        ((face(width=0.6),), Instruction.STEP_BACK),
        ((face(x=0.85),), Instruction.TO_THE_MIDDLE),
        ((STRAIGHT, BESIDE), Instruction.ONE_PERSON),
        ((face(yaw=0.5),), Instruction.LOOK_STRAIGHT),
        ((replace(STRAIGHT, roll=20.0),), Instruction.LEVEL_HEAD),
        ((STRAIGHT,), Instruction.HOLD_STILL),
        ((STRAIGHT, BEHIND), Instruction.HOLD_STILL),
    ],
    ids=["nobody", "far", "near", "aside", "two", "sideways", "leaning", "well", "a helper behind"],
)
def test_one_thing_to_do_is_said_at_a_time(faces: tuple[Sighting, ...], instruction: Instruction) -> None:
    """What stands in the way first is said first."""
    assert Attempt().sees(*faces).said == [instruction]


def test_a_flaw_of_the_picture_is_said_and_its_frame_not_kept() -> None:
    """Light, blur and covered parts are judged outside; here they only count."""
    attempt = Attempt().sees(STRAIGHT, frames=20, flaw=Instruction.TOO_BRIGHT)
    assert attempt.state.instruction is Instruction.TOO_BRIGHT
    assert attempt.state.kept == 0


def test_a_dark_room_is_told_though_no_face_is_found() -> None:
    """Nobody can face a camera that does not see them."""
    assert Attempt().sees(flaw=Instruction.TOO_DARK).state.instruction is Instruction.TOO_DARK


def test_a_still_picture_never_moves() -> None:
    """After eight seconds without the move it is not alive."""
    assert looked().sees(face(yaw=0.05), frames=79).ends() == (None, None)
    assert looked().sees(face(yaw=0.05), frames=81).ends() == (Outcome.NOT_LIVE, Reason.NO_MOVE)


def test_a_twitch_is_no_move() -> None:
    """A move is held for some frames in a row, and so is a wrong one."""
    attempt = looked(LEFT, UP)
    for shown in (LEFT, LEFT, RIGHT, RIGHT, UP, RIGHT, LEFT, LEFT):
        attempt.sees(SHOWN[shown])
    assert attempt.state.phase is Phase.MOVING


@pytest.mark.parametrize("each", [2, 3, 4, 6])
@pytest.mark.parametrize("fps", [10, 30])
def test_a_film_that_shakes_and_nods_its_head_does_not_fit_every_challenge(each: int, fps: float) -> None:
    """It shows each of the four moves for a few frames, again and again: where that is enough for the one that is asked
    for, it is enough for a wrong one. Of 16 pairs of moves it fits one."""
    live = 0
    for moves in SEQUENCES[:16]:
        attempt = Attempt(moves, frame=1 / fps).sees(STRAIGHT, frames=5)
        while attempt.state.outcome is None:
            for shown in Move:
                attempt.sees(SHOWN[shown], frames=each).sees(STRAIGHT)
            attempt.sees(STRAIGHT, frames=5)
        live += attempt.state.outcome is Outcome.LIVE
    assert live <= 1


def test_straightening_up_is_no_turn() -> None:
    """A head held a little to one side that becomes straight has not turned to the other."""
    attempt = Attempt((LEFT, UP)).sees(face(yaw=-0.21), frames=5).sees(face(yaw=0.06), frames=5)
    assert attempt.state.phase is Phase.MOVING


def test_somebody_else_may_not_make_the_moves() -> None:
    """A turned face that is nothing like the first one does not count."""
    attempt = looked()
    attempt.same = False
    assert attempt.sees(SHOWN[LEFT], frames=81).ends() == (Outcome.NOT_LIVE, Reason.NO_MOVE)


def test_somebody_else_may_not_look_back() -> None:
    """Swapped while the head is turned, or after the last move: the likeness tells."""
    attempt = moved(LEFT, UP)
    attempt.same = False
    assert attempt.sees(STRAIGHT, frames=8).ends() == (Outcome.NOT_LIVE, Reason.ANOTHER_FACE)


@pytest.mark.parametrize(
    ("frames", "reason"),
    [([(face(x=0.25),)], Reason.FACE_JUMPED), ([()] * 12, Reason.FACE_LOST)],
    ids=["a jump", "an absence"],
)
def test_a_face_that_is_not_followed_is_another_one(frames: list[tuple[Sighting, ...]], reason: Reason) -> None:
    """Before the first look is complete it begins anew; after it, that is a refusal: the moves are known by then."""
    early, late = Attempt().sees(STRAIGHT, frames=3), looked()
    for faces in frames:
        early.sees(*faces)
        late.sees(*faces)
    assert (early.state.outcome, early.state.kept) == (None, 0)
    assert late.ends() == (Outcome.NOT_LIVE, reason)


@pytest.mark.parametrize(("seconds", "same"), [(0.1, False), (0.2, False), (0.5, True), (0.9, True)])
def test_a_face_may_move_further_while_frames_are_missing(seconds: float, same: bool) -> None:
    """Who moves over by a face's width in half a second is nobody else because the machine was busy; also where the
    frames came, and the face was not found in them."""
    busy, profile = looked(), looked()
    busy.at += seconds - FRAME
    profile.sees(frames=round(seconds / FRAME) - 1)
    for attempt in (busy, profile):
        assert (attempt.sees(face(x=0.27)).state.outcome is None) is same


def test_a_face_lost_for_a_moment_is_the_same() -> None:
    """Profiles are easily lost: a second is forgiven."""
    assert looked().sees(frames=9).sees(SHOWN[LEFT], frames=3).state.done == 1


def test_a_helper_behind_is_ignored_also_while_the_resident_looks_away() -> None:
    """Their face does not become the resident's."""
    attempt = looked(LEFT, UP).sees(SHOWN[LEFT], BEHIND, frames=2).sees(BEHIND, frames=5)
    attempt.sees(SHOWN[LEFT], BEHIND, frames=3).sees(STRAIGHT, BEHIND, frames=3)
    attempt.sees(SHOWN[UP], BEHIND, frames=3).sees(STRAIGHT, BEHIND, frames=5)
    assert attempt.ends() == (Outcome.LIVE, None)


def test_somebody_beside_is_asked_to_step_back_and_the_step_is_done_again() -> None:
    """Nobody is refused for company; it costs no time of the step."""
    attempt = looked(LEFT, UP).sees(SHOWN[LEFT], frames=2).sees(STRAIGHT, BESIDE, frames=100)
    assert attempt.state.instruction is Instruction.ONE_PERSON
    assert (attempt.state.outcome, attempt.state.done) == (None, 0)
    attempt.sees(STRAIGHT, frames=3)
    assert attempt.said[-1] is Instruction.TURN_LEFT
    attempt.sees(SHOWN[LEFT], frames=3).sees(STRAIGHT, frames=3).sees(SHOWN[UP], frames=3).sees(STRAIGHT, frames=5)
    assert attempt.state.outcome is Outcome.LIVE


def test_company_gives_back_the_time_that_a_move_has_taken() -> None:
    """Whoever was about to turn when somebody came has the whole step again."""
    attempt = looked(LEFT, UP).sees(STRAIGHT, frames=75).sees(STRAIGHT, BESIDE, frames=5).sees(STRAIGHT, frames=3)
    assert attempt.ends() == (None, None)
    assert attempt.sees(STRAIGHT, frames=75).sees(SHOWN[LEFT], frames=3).state.done == 1


def test_a_first_look_that_shows_somebody_else_begins_anew() -> None:
    """Its frames are averaged: of two people they would make a third, who is like either."""
    attempt = Attempt().sees(STRAIGHT, frames=4)
    other = Observation(attempt.at + FRAME, (STRAIGHT,), same=False)
    state = attempt.challenge.advance(attempt.state, other)
    assert (state.kept, state.first, state.outcome) == (0, None, None)


def test_who_came_in_company_has_to_be_the_one_of_the_first_look() -> None:
    """Whoever stays is compared with the first look."""
    attempt = looked(LEFT, UP).sees(STRAIGHT, BESIDE, frames=5)
    attempt.same = False
    assert attempt.sees(STRAIGHT, frames=8).ends() == (Outcome.NOT_LIVE, Reason.ANOTHER_FACE)


@pytest.mark.parametrize("beside", [(), (BESIDE,)], ids=["an empty room", "company that stays"])
def test_time_runs_out_without_a_judgement(beside: tuple[Sighting, ...]) -> None:
    """Fifteen seconds for finding one's place, a minute for all."""
    attempt = Attempt().sees(*((STRAIGHT, *beside) if beside else ()), frames=601)
    assert attempt.state.outcome is Outcome.TIMED_OUT
    assert attempt.state.reason is (Reason.TOO_LONG if beside else Reason.NO_STRAIGHT_LOOK)


def test_who_never_looks_back_times_out() -> None:
    """Six seconds are given, of each step's own time."""
    assert moved().sees(SHOWN[LEFT], frames=61).ends() == (Outcome.TIMED_OUT, Reason.NO_STRAIGHT_LOOK)


def test_a_stream_that_repeats_itself_shows_nobody() -> None:
    """Whatever its faces do."""
    assert looked().sees(SHOWN[LEFT], stale=True).ends() == (Outcome.NOT_LIVE, Reason.COPIED_FRAMES)


def test_a_jump_of_frame_time_is_no_sign_of_anything() -> None:
    """A machine that slept for a moment: no step has run out, and nobody is somebody else."""
    attempt = looked(LEFT, UP)
    attempt.at += 30
    attempt.sees(face(x=0.3), frames=1)
    assert attempt.state.outcome is None
    attempt.at -= 60
    assert attempt.sees(replace(SHOWN[LEFT], left=0.15, right=0.45), frames=4).state.done == 1


def test_a_decision_stands() -> None:
    """Frames after it change nothing."""
    attempt = looked().sees(STRAIGHT, stale=True)
    decided = attempt.state
    assert attempt.sees(SHOWN[LEFT], frames=20).state == decided


SIGHTINGS = st.builds(face, st.floats(-1, 1), st.floats(0.2, 0.9), st.floats(0.05, 0.6), st.floats(0, 1))
FRAMES = st.tuples(st.lists(SIGHTINGS, max_size=2), st.booleans())


@given(st.lists(FRAMES, max_size=80), st.sampled_from(SEQUENCES))
def test_nobody_is_live_without_every_move(frames: list[tuple[list[Sighting], bool]], moves: tuple[Move, ...]) -> None:
    """Whatever is seen: it ends in time, progress never goes back, and live means every move, by one face."""
    attempt = Attempt(moves)
    progress = 0.0
    for faces, same in frames:
        attempt.same = same
        attempt.sees(*sorted(faces, key=lambda one: one.width, reverse=True))
        assert progress <= attempt.state.progress <= 1
        progress = attempt.state.progress
    if attempt.state.outcome is Outcome.LIVE:
        assert attempt.state.done == len(moves)
    attempt.sees(frames=160)  # an empty room: as long as the longest step
    assert attempt.state.outcome is not None
