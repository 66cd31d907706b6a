"""The marked spot, and two good frames of one person on it; an engine that is told whom it sees."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from threading import Event

import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.errors import DeviceCancelledError
from devices.face import quality
from devices.face.api import Face, Instruction, PortraitProblem, Threshold, Vector
from devices.face.challenge import Outcome
from devices.face.glance import Glance, glance
from devices.face.spot import Judge, Spot, SpotCamera
from devices.health import Health, Level

FPS = 25
ANY_PIXELS = quality.Rules(dark=0, backlit=256, glare=2, blurred=0, eyes=0, mouth=0)  # these frames are noise
RANDOM = np.random.default_rng(8)


@dataclass
class Scripted:
    """A camera, an engine and a passive model. ``script``: for each frame who stands there, "" for nobody, and a
    passive score after a colon."""

    script: Sequence[str]
    threshold: Threshold = field(default_factory=lambda: Threshold(0.461, 1e-4, "test"))
    model: str = "scripted"
    now: str = ""
    sizes: set[tuple[int, ...]] = field(default_factory=set)
    compared: list[str] = field(default_factory=list)
    closed: bool = False

    def health(self) -> Health:
        """Well."""
        return Health("camera", Level.READY)

    def load(self) -> None:
        """Nothing."""

    def frames(self, cancel: Event) -> Generator[Frame, None, None]:
        """One picture after the other, for ever."""
        try:
            for number, now in enumerate(chain(self.script, repeat(self.script[-1]))):
                if cancel.is_set():
                    return
                self.now = now
                yield Frame(RANDOM.integers(100, 156, (96, 128, 3)).astype(np.uint8), number, 7 + number / FPS)
        finally:
            self.closed = True

    def find_faces(self, image: Image) -> list[Face]:
        """The one of the script, in the middle."""
        self.sizes.add(image.shape)
        height, width = image.shape[:2]
        points = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.47], [0.42, 0.55], [0.58, 0.55]]) * (width, height)
        box = (0.3 * width, 0.2 * height, 0.7 * width, 0.7 * height)
        return [Face(box, points.astype(np.float32), 0.95, 0.0, 0.58, 0.0)] if self.now else []

    def vector(self, image: Image, face: Face) -> Vector:
        """Strangers have nothing in common."""
        assert image.shape[0] > face.box[3]
        self.compared.append(self.now)
        return np.array([self.now[0] == "a", self.now[0] == "b"], np.float32)

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        """Nobody asks."""
        raise NotImplementedError(encoded)


@dataclass
class Opinion:
    """The script's."""

    of: Scripted
    threshold: float = 0.8
    model: str = "opinion"

    def score(self, image: Image, face: Face) -> float | None:
        """As it says; 0.9 where it says nothing."""
        assert image.shape[0] > face.box[3]
        return float(self.of.now.partition(":")[2] or 0.9)


@dataclass(frozen=True)
class Flawed(Judge):
    """Finds one thing wrong after the other."""

    flaws: Iterator[Instruction] = field(default_factory=lambda: iter(()))

    def face(self, image: Image) -> Face | Instruction:
        """The next one."""
        assert image.size
        return next(self.flaws)


def looked(
    wire: Scripted, cancel: Event | None = None, told: list[Instruction] | None = None, seconds: float = 2.0
) -> Glance:
    said = told if told is not None else []
    camera, judge = SpotCamera(wire, Spot()), Judge(wire, ANY_PIXELS)
    return glance(camera, judge, Opinion(wire), seconds, cancel or Event(), lambda heard, _: said.append(heard))


def test_two_frames_a_tenth_of_a_second_apart_are_enough() -> None:
    """Frames between them are not looked at. Each stands by itself, not for a mean: of both it is asked whose."""
    wire = Scripted(["a1", "a2", "a3", "b4"])
    seen = looked(wire)
    assert wire.compared == ["a1", "b4"]
    assert (seen.outcome, wire.closed) == (Outcome.LIVE, True)
    assert seen.face is not None
    assert (seen.face.first.tolist(), seen.face.last.tolist()) == ([1, 0], [0, 1])
    assert "array" not in repr(seen)


def test_whoever_leaves_between_the_two_begins_anew() -> None:
    wire = Scripted(["a1", "a2", "a3", "", "b5", "b6", "b7", "b8"])
    seen = looked(wire)
    assert wire.compared == ["a1", "b5", "b8"]
    assert seen.face is not None
    assert seen.face.first.tolist() == seen.face.last.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (["a:0.9", "a", "a", "", "a:0.8", "a", "a", "a:0.7"], Outcome.NOT_LIVE),
        (["a:0.7", "a", "a", "", "a:0.75", "a", "a", "a:0.85"], Outcome.LIVE),
    ],
)
def test_the_passive_model_judges_the_mean_of_the_two_that_count(script: list[str], outcome: Outcome) -> None:
    """Frames before an interruption are forgotten, with what was said of them."""
    seen = looked(Scripted(script))
    assert seen.outcome is outcome
    assert (seen.face is None) == (outcome is Outcome.NOT_LIVE)


def test_only_the_spot_is_given_to_the_engine() -> None:
    """Three fifths of the picture's width, unless the settings say otherwise."""
    wire = Scripted(["a"])
    looked(wire)
    assert wire.sizes == {(96, 76, 3)}
    image = np.zeros((480, 640, 3), np.uint8)
    cut = Spot(0.25, 0.5, 0.5, 1.0).cut(image)
    assert cut.shape == (240, 160, 3)
    assert cut.base is image, "no pixel is copied"


def test_how_near_somebody_stands_is_asked_in_the_same_pixels_as_at_a_kiosk() -> None:
    usual, spot = quality.Rules(), Spot()
    assert spot.rules().near * 0.6 == pytest.approx(usual.near)
    assert spot.rules().close * 0.6 == pytest.approx(usual.close)
    assert Spot(0.4, 0.0, 0.6, 1.0).rules().close < 1


def test_nobody_in_time_is_no_judgement_and_is_said_once() -> None:
    told: list[Instruction] = []
    wire = Scripted([""])
    seen = looked(wire, told=told, seconds=1.0)
    assert (seen.outcome, seen.face) == (Outcome.TIMED_OUT, None)
    assert told == [Instruction.NO_FACE]
    assert wire.closed


def test_what_is_wrong_does_not_change_faster_than_it_can_be_read() -> None:
    """Four tenths of a second, at the least: what flickers within them is not said."""
    told: list[Instruction] = []
    wire = Scripted([""])
    camera = SpotCamera(wire, Spot())
    flaws = iter(
        [Instruction.NO_FACE, *[Instruction.COME_CLOSER, Instruction.NO_FACE] * 5, *[Instruction.STEP_BACK] * 9]
    )
    judge = Flawed(wire, ANY_PIXELS, flaws)
    seen = glance(camera, judge, Opinion(wire), 0.75, Event(), lambda heard, _: told.append(heard))
    assert seen.outcome is Outcome.TIMED_OUT
    assert told == [Instruction.NO_FACE, Instruction.STEP_BACK]


def test_a_cancelled_glance_closes_the_camera() -> None:
    wire, cancel = Scripted([""]), Event()
    cancel.set()
    with pytest.raises(DeviceCancelledError):
        looked(wire, cancel)
    assert wire.compared == []
