"""Guided capture, frame by frame: an engine that is told whom it sees, a clock of the frames' own. The real models and
the real stream stand in test_capture and test_cheats.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise, repeat
from threading import Event

import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.face.api import Face, Instruction, PortraitProblem, Threshold, Vector, similarity
from devices.face.capture import Capture, capture
from devices.face.challenge import Challenge, Move, Outcome, Reason, Rules
from devices.face.quality import Rules as QualityRules
from devices.health import Health, Level

LEFT, UP = Move.TURN_LEFT, Move.LOOK_UP
POSES = {"front": (0.0, 0.58), "left": (0.4, 0.58), "right": (-0.4, 0.58), "up": (0.0, 0.42), "down": (0.0, 0.74)}
ANY_PIXELS = QualityRules(dark=0, backlit=256, glare=2, blurred=0, eyes=0, mouth=0)  # these frames are noise
RANDOM = np.random.default_rng(3)
FOLLOWS = [("front", 8), ("left", 8), ("front", 8), ("up", 8), ("front", 12)]


@dataclass(frozen=True, slots=True)
class Seen:
    """One frame: who, and how they hold their head. ``who`` "": nobody."""

    who: str = "owner"
    pose: str = "front"
    score: float | None = 0.9


def film(who: str, *poses: tuple[str, int], score: float | None = 0.9) -> list[Seen]:
    """Somebody, so many frames in each pose."""
    return [Seen(who, pose, score) for pose, count in poses for _ in range(count)]


@dataclass
class Scripted:
    """A camera, an engine and a passive check that follow one script, ``fps`` frames a second."""

    script: Iterable[Seen]
    fps: float = 25.0
    threshold: Threshold = field(default_factory=lambda: Threshold(0.461, 1e-4, "test"))
    model: str = "scripted"
    now: Seen = field(default_factory=Seen)

    def health(self) -> Health:
        """Well."""
        return Health("face", Level.READY)

    def load(self) -> None:
        """Nothing."""

    def frames(self, _cancel: Event) -> Iterator[Frame]:
        """Fresh noise each time."""
        for number, seen in enumerate(chain(self.script, repeat(Seen(""))), start=1):
            self.now = seen
            image = RANDOM.integers(100, 156, (96, 128, 3)).astype(np.uint8)
            yield Frame(image, number, 100 + number / self.fps)

    def find_faces(self, image: Image) -> list[Face]:
        """The one of the script."""
        height, width = image.shape[:2]
        yaw, pitch = POSES[self.now.pose]
        points = np.array([[0.45, 0.4], [0.55, 0.4], [0.5, 0.47], [0.46, 0.53], [0.54, 0.53]]) * (width, height)
        box = (0.35 * width, 0.2 * height, 0.65 * width, 0.7 * height)
        return [Face(box, points.astype(np.float32), 0.95, yaw, pitch, 0.0)] if self.now.who else []

    def vector(self, image: Image, face: Face) -> Vector:  # noqa: ARG002 - FaceEngine's
        """Strangers have nothing in common."""
        return person(self.now.who)

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        """The portrait of whoever is named."""
        return person(encoded.decode())


@dataclass
class Opinion:
    """What the script says."""

    of: Scripted
    threshold: float = 0.8
    model: str = "opinion"
    asked: list[str] = field(default_factory=list)

    def score(self, image: Image, face: Face) -> float | None:
        """Of the frame that is seen now."""
        assert image.shape == (96, 128, 3)
        assert face.confidence
        self.asked.append(self.of.now.pose)
        return self.of.now.score


def person(who: str) -> Vector:
    return np.array([who == "owner", who == "stranger"], np.float32)


def attempt(
    booth: Scripted, *moves: Move, opinion: Opinion | None = None, told: list[Instruction] | None = None
) -> Capture:
    said = told if told is not None else []
    challenge = Challenge(moves or (LEFT, UP), Rules(quality=ANY_PIXELS))
    return capture(booth, booth, challenge, Event(), lambda heard, _: said.append(heard), lambda _: None, opinion)


def judged(script: list[Seen], asked: list[str] | None = None, told: list[Instruction] | None = None) -> Capture:
    """With a passive check that says what the script says."""
    booth = Scripted(script)
    return attempt(booth, opinion=Opinion(booth, asked=asked if asked is not None else []), told=told)


@pytest.mark.parametrize("fps", [8, 10, 15, 30, 60])
def test_who_follows_is_live_at_any_frame_rate(fps: float) -> None:
    """Half a second of each pose is enough, for a slow camera as for a quick one."""
    poses = [(pose, max(round(fps * 0.7), 5)) for pose, _ in FOLLOWS]
    seen = attempt(Scripted(film("owner", *poses), fps))
    assert seen.outcome is Outcome.LIVE
    assert seen.face is not None
    assert similarity(seen.face.first, person("owner")) == similarity(seen.face.last, person("owner")) == 1


@pytest.mark.parametrize("ours", range(1, 5))
def test_two_faces_are_never_averaged_into_one_look(ours: int) -> None:
    """A photograph of the owner for some frames of the first look and of the last, one's own face for the rest and for
    the moves: the mean of both would be like either, and pass. The face that stays is the one that is compared."""
    photo, own = film("owner", ("front", ours)), film("stranger", ("front", 12 - ours))
    moves = film("stranger", ("left", 8), ("front", 8), ("up", 8))
    seen = attempt(Scripted([*photo, *own, *moves, *photo, *own, *photo, *own]))
    looks = (seen.face.first, seen.face.last) if seen.face else (person("stranger"),)
    assert min(similarity(look, person("owner")) for look in looks) < 0.1


def test_two_faces_are_not_averaged_across_a_covered_lens_either() -> None:
    """Nobody is seen for less than a second: the look goes on, and only with the face that it began with."""
    cheat = [*film("owner", ("front", 3)), *repeat(Seen(""), 10), *film("stranger", *FOLLOWS)]
    seen = attempt(Scripted(cheat))
    assert seen.face is not None
    assert similarity(seen.face.first, person("stranger")) == pytest.approx(1)


def test_the_passive_check_has_to_agree_on_both_looks() -> None:
    """A good last look does not make up for a first one that was paper."""
    first, rest = film("owner", ("front", 8), score=0.65), film("owner", *FOLLOWS[1:], score=1.0)
    seen = judged([*first, *rest])
    assert (seen.outcome, seen.reason, seen.face) == (Outcome.NOT_LIVE, Reason.PASSIVE_CHECK, None)
    assert seen.challenge == "turn-left,look-up:not-live"
    assert seen.passive == pytest.approx(0.65)
    good = judged(film("owner", *FOLLOWS, score=0.81))
    assert good.outcome is Outcome.LIVE
    assert good.passive == pytest.approx(0.81)


def test_only_frames_that_are_kept_are_judged_by_the_passive_check() -> None:
    """Neither the moves' nor those of a look that began anew."""
    glimpse = [*film("owner", ("front", 3), score=0.0), *repeat(Seen(""), 40)]
    moving = [("left", 8), ("front", 8), ("up", 8)]
    rest = [*film("owner", ("front", 8)), *film("owner", *moving, score=0.0), *film("owner", ("front", 12))]
    asked: list[str] = []
    seen = judged([*glimpse, *rest], asked)
    assert asked == ["front"] * 13, "three of the glimpse, five of each look"
    assert seen.outcome is Outcome.LIVE
    assert seen.passive == pytest.approx(0.9)


def test_a_face_that_the_passive_check_can_t_judge_is_asked_to_step_back() -> None:
    """Nobody gets round it by standing too near."""
    said: list[Instruction] = []
    seen = judged(film("owner", ("front", 400), score=None), told=said)
    assert (seen.outcome, seen.passive) == (Outcome.TIMED_OUT, None)
    assert said == [Instruction.STEP_BACK]


@pytest.mark.parametrize("fps", [10, 30])
def test_what_is_wrong_for_a_moment_is_not_said(fps: float) -> None:
    """At any frame rate: nobody can read, or hear, what stands there for a tenth of a second."""
    flicker = list(chain.from_iterable((*film("owner", ("left", 2)), *film("owner", ("right", 1))) for _ in range(3)))
    said: list[Instruction] = []
    attempt(Scripted([*repeat(Seen(""), round(2 * fps)), Seen("owner", "left"), *flicker], fps), told=said)
    assert said[0] is Instruction.NO_FACE
    assert set(said[:-1]) <= {Instruction.NO_FACE, Instruction.LOOK_STRAIGHT}
    changes = sum(one is not other for one, other in pairwise(said))
    assert changes <= 2
