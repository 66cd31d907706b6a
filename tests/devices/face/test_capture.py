"""Guided capture with the real models at the real stream."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from devices.camera.api import Image
from devices.errors import DeviceCancelledError, DeviceTimeoutError
from devices.face.api import Face, Instruction
from devices.face.challenge import Challenge, Move, Outcome, Reason, Rules
from devices.face.driver import InsightFaceEngine
from tests.devices.face.booth import CAST, PACE, Booth
from tests.support.camera import Stage, stage


@dataclass
class Opinion:
    """A passive check that says the same of every frame."""

    says: float | None
    threshold: float = 0.8
    model: str = "opinion"
    asked: list[Face] = field(default_factory=list)

    def score(self, image: Image, face: Face) -> float | None:
        """What it was told to."""
        assert image.shape == (480, 640, 3)
        self.asked.append(face)
        return self.says


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("sim"), pace=PACE, ready=CAST) as running:
        yield running


@pytest.fixture
def booth(engine: InsightFaceEngine, wire: Stage) -> Booth:
    wire.fault("ok")
    return Booth(engine, wire)


def stand(booth: Booth, subject: str, scene: str = "plain") -> Booth:
    booth.wire.put(subject, scene=scene)
    time.sleep(0.3)
    return booth


@pytest.mark.parametrize(
    ("name", "moves", "portrait"),
    [
        ("deng", (Move.TURN_LEFT, Move.LOOK_UP), "person_a_1"),
        ("lan", (Move.LOOK_DOWN, Move.TURN_RIGHT, Move.TURN_RIGHT), "person_b_1"),
    ],
)
def test_the_owner_of_the_portrait_passes(booth: Booth, name: str, moves: tuple[Move, ...], portrait: str) -> None:
    """A second picture of the same person, years apart, brought to life; every move once."""
    seen = stand(booth, f"live:{name}").attempt(*moves)
    assert seen.outcome is Outcome.LIVE
    assert seen.reason is None
    assert seen.challenge == ",".join(moves) + ":live"
    assert seen.frames == booth.frames
    assert seen.passive is None
    assert booth.progress == sorted(booth.progress)
    assert booth.progress[-1] < 1
    compared = booth.compare(seen, portrait)
    assert compared is not None
    assert compared.passed
    assert compared.score >= compared.threshold == booth.engine.threshold.similarity
    assert compared.model == "yunet-2023mar_sface-2021dec"


def test_a_seated_resident_with_a_helper_behind_them_is_seen_through(booth: Booth) -> None:
    """And the live face is never printed: its vectors identify a person."""
    seen = stand(booth, "live:deng", "seated,helper-behind").attempt(Move.TURN_LEFT, Move.TURN_RIGHT)
    assert seen.outcome is Outcome.LIVE
    assert Instruction.ONE_PERSON not in booth.said
    assert repr(seen.face) == str(seen.face) == "LiveFace(***)"
    assert "array" not in repr(seen)


@pytest.mark.parametrize(
    ("scene", "instruction"),
    [
        ("aside", Instruction.TO_THE_MIDDLE),
        ("mask", Instruction.UNCOVER_FACE),
        ("helper-near", Instruction.ONE_PERSON),
    ],
)
def test_what_is_in_the_way_is_said_and_nobody_is_judged(booth: Booth, scene: str, instruction: Instruction) -> None:
    """One short instruction (test_quality has the others); in the end the time is over, which is no judgement."""
    rules = Rules(look=1.5, attempt=1.5, tick=0.3)
    seen = stand(booth, "live:lan", scene).attempt(challenge=Challenge((Move.TURN_LEFT, Move.LOOK_UP), rules))
    assert seen.outcome is Outcome.TIMED_OUT
    assert instruction in booth.said[-2:]


def test_nobody_is_asked_to_face_the_camera(booth: Booth) -> None:
    """And an empty room is no cheat."""
    seen = stand(booth, "nobody").attempt(challenge=Challenge((Move.TURN_LEFT, Move.LOOK_UP), Rules(look=1.0)))
    assert (seen.outcome, seen.reason) == (Outcome.TIMED_OUT, Reason.NO_STRAIGHT_LOOK)
    assert booth.said == [Instruction.NO_FACE]


def test_another_person_is_live_and_not_the_owner(booth: Booth) -> None:
    """Who moves as asked is alive, and the passive check agrees; whose face it is, is another question."""
    opinion = Opinion(0.95)
    seen = stand(booth, "live:impostor_2").attempt(Move.TURN_LEFT, Move.LOOK_UP, passive=opinion)
    assert seen.outcome is Outcome.LIVE
    assert seen.passive == pytest.approx(0.95)
    compared = booth.compare(seen, "person_b_1")
    assert compared is not None
    assert not compared.passed


def test_a_stall_midway_is_an_error_in_bounded_time(booth: Booth) -> None:
    """The resident is not left standing before a picture that does not move."""
    booth.stall_after = 0.8
    booth.on[Instruction.TURN_LEFT, 1] = lambda: booth.wire.fault("stalled")
    with pytest.raises(DeviceTimeoutError):
        stand(booth, "live:lan").attempt(Move.TURN_LEFT, Move.LOOK_UP)


def test_leaving_ends_the_attempt(booth: Booth) -> None:
    """Whoever presses clear is not waited for."""
    threading.Timer(0.4, booth.cancel.set).start()
    begun = time.monotonic()
    with pytest.raises(DeviceCancelledError):
        stand(booth, "nobody").attempt(Move.TURN_LEFT, Move.LOOK_UP)
    assert time.monotonic() - begun < 3
