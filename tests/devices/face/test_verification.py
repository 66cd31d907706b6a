"""Face verification with the real models at the real stream."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from devices.camera.api import Frame
from devices.camera.driver import OpenCvCamera
from devices.errors import DeviceCancelledError, DeviceTimeoutError, DeviceUnavailableError
from devices.face.challenge import Instruction, Outcome, Side
from devices.face.driver import InsightFaceEngine
from devices.face.verification import FaceVerdict, PortraitUnusableError, verify
from tests.support.camera import PORTRAITS, Stage, stage

TURNS = (Instruction.TURN_LEFT, Instruction.TURN_RIGHT)


@dataclass
class Booth:
    """One attempt, with a person (or a picture) before the camera who does as told, or something else."""

    engine: InsightFaceEngine
    wire: Stage
    said: list[Instruction] = field(default_factory=list)
    progress: list[float] = field(default_factory=list)
    frames: int = 0
    cancel: threading.Event = field(default_factory=threading.Event)
    on_turn: str = ""  # a fault when the turn is asked for
    on_turn_at: float = 0.0

    def attempt(self, portrait: str, side: Side, *, turns_to: str | None = None) -> FaceVerdict:
        def hear(instruction: Instruction, progress: float) -> None:
            self.progress.append(progress)
            if instruction in self.said[-1:]:
                return
            self.said.append(instruction)
            if instruction in TURNS and self.on_turn:
                self.on_turn_at = time.monotonic()
                self.wire.fault(self.on_turn)
            elif instruction in TURNS:
                self.wire.turn(turns_to or side.value)
            elif instruction is Instruction.LOOK_BACK:
                self.wire.turn("front")

        def look(_frame: Frame) -> None:
            self.frames += 1

        camera = OpenCvCamera(self.wire.url)
        encoded = (PORTRAITS / f"{portrait}.jpg").read_bytes()
        return verify(camera, self.engine, encoded, side, self.cancel, hear, look)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("sim")) as wire:
        yield wire


@pytest.fixture
def booth(engine: InsightFaceEngine, running: Stage) -> Booth:
    running.put("nobody")
    running.fault("ok")
    time.sleep(0.3)
    return Booth(engine, running)


def stand(booth: Booth, subject: str) -> Booth:
    booth.wire.put(subject)
    time.sleep(0.2)
    return booth


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("name", "portrait"), [("deng", "person_a_1"), ("lan", "person_b_1")])
def test_the_owner_of_the_portrait_passes(booth: Booth, name: str, portrait: str, side: Side) -> None:
    """A second picture of the same person, years apart, brought to life; to both sides."""
    verdict = stand(booth, f"live:{name}").attempt(portrait, side)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.score >= verdict.threshold == booth.engine.threshold.similarity
    assert verdict.challenge == f"turn-{side.value}:passed"
    assert verdict.model == "yunet-2023mar_sface-2021dec"
    assert verdict.frames == booth.frames
    assert booth.said[-1] is Instruction.LOOK_BACK
    assert booth.progress == sorted(booth.progress)


def test_another_person_is_refused(booth: Booth) -> None:
    """Before anything is asked of them."""
    verdict = stand(booth, "live:impostor_1").attempt("person_b_1", Side.LEFT)
    assert verdict.outcome is Outcome.NOT_SAME_PERSON
    assert verdict.score < verdict.threshold
    assert not set(TURNS) & set(booth.said)


def test_a_still_picture_of_the_owner_is_refused(booth: Booth) -> None:
    """It matches, and tilting it to the side asked for is no turn of the head."""
    verdict = stand(booth, "still:lan").attempt("person_b_1", Side.RIGHT)
    assert verdict.outcome is Outcome.NOT_LIVE
    assert verdict.score >= verdict.threshold


def test_turning_to_the_other_side_is_refused(booth: Booth) -> None:
    """The side is chosen at random, so a film made beforehand is wrong every second time."""
    verdict = stand(booth, "live:lan").attempt("person_b_1", Side.LEFT, turns_to="right")
    assert verdict.outcome is Outcome.NOT_LIVE


@pytest.mark.parametrize(
    ("fault", "error", "seconds"), [("stalled", DeviceTimeoutError, 3.0), ("unplugged", DeviceUnavailableError, 1.0)]
)
def test_a_camera_that_fails_midway_is_an_error_in_bounded_time(
    booth: Booth, fault: str, error: type[Exception], seconds: float
) -> None:
    """The resident is not left standing before a picture that does not move."""
    booth.on_turn = fault
    with pytest.raises(error):
        stand(booth, "live:lan").attempt("person_b_1", Side.LEFT)
    assert time.monotonic() - booth.on_turn_at < seconds


def test_leaving_ends_the_attempt(booth: Booth) -> None:
    """Whoever presses clear is not waited for, and nobody's verdict is delivered."""
    threading.Timer(0.4, booth.cancel.set).start()
    at = time.monotonic()
    with pytest.raises(DeviceCancelledError):
        booth.attempt("person_b_1", Side.LEFT)
    assert time.monotonic() - at < 1


def test_a_portrait_without_a_face_opens_no_camera(booth: Booth) -> None:
    """It is neither the resident's fault nor the camera's."""
    with pytest.raises(PortraitUnusableError) as caught:
        verify(
            OpenCvCamera("/dev/video-not-there"),
            booth.engine,
            b"no picture",
            Side.LEFT,
            booth.cancel,
            lambda *_: None,
            lambda _: None,
        )
    assert caught.value.detail == "unreadable"
