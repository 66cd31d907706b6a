"""What the simulated camera sees now: somebody, in a pose, with something around them, or a cheat's film of it."""

import math
import random
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import cv2
import numpy as np

from simulators.cast import Cast
from simulators.living_picture import HEIGHT, WIDTH, Image, Subject, labelled
from simulators.scenery import HELPERS, LIGHTS, PLACES, WORN, joined, placed

POSES = {"turn-left": "left", "turn-right": "right", "look-up": "up", "look-down": "down"}
"""What somebody does when a screen says so; whatever else it says, they look straight."""

CHEATS = ("none", "frozen", "looped", "replay")
_DEGREES_PER_SECOND = 70.0
_STEP = 3  # degrees; pictures are kept per step, so a head that has turned once costs nothing more
_BREATH_SECONDS, _BREATH_STEPS = 4.0, 8
_NOISE = 1.3  # grey levels: what a sensor adds, never the same twice
_LOOP = 30  # frames
_FILM = ("front", "right", "front", "up")  # what a recording does, whatever is asked
_FILM_SECONDS = 2.5  # per pose


@dataclass(frozen=True, slots=True)
class Direction:
    """What the state file asks for. ``scene``: names with commas between; unknown ones do nothing."""

    subject: str = "nobody"
    pose: str = "front"
    scene: str = "plain"
    cheat: str = "none"

    @property
    def scenes(self) -> tuple[str, ...]:
        """In the order in which they are applied."""
        return tuple(self.scene.split(","))


class Scene:
    """What the camera sees now. The head moves towards the pose at a head's speed.

    ``pace``: how many times quicker than life all of it goes, for tests.
    """

    def __init__(self, cast_: Cast, pace: float = 1.0) -> None:
        self._cast = cast_
        self._pace = pace
        self._now = Direction()
        self._turn = self._nod = 0.0
        self._at = self._since = time.monotonic()
        self._noise = np.random.default_rng().normal(0, _NOISE, (2 * HEIGHT, 2 * WIDTH, 3)).astype(np.int16)
        self._film: list[bytes] = []
        self._posed = lru_cache(maxsize=32)(self._pose_of)

    def direct(self, direction: Direction) -> None:
        """Put somebody before the camera, looking somewhere."""
        if direction.subject != self._now.subject:
            self._cast.subject(direction.subject)  # the next one needs a moment to get ready
            self._turn = self._nod = 0.0
        if HELPERS.keys() & set(direction.scenes):
            self._cast.helper(direction.subject)  # and so does whoever comes along
        if direction.cheat != self._now.cheat:
            self._film, self._since = [], time.monotonic()
        self._now = direction

    def jpeg(self) -> bytes:
        """The picture of this moment, or of an earlier one: a cheat's film."""
        direction = self._now
        if direction.cheat == "frozen":
            self._film = self._film or [self._encode(direction)]
            return self._film[0]
        if direction.cheat != "looped":
            return self._encode(direction)
        if len(self._film) < _LOOP:
            self._film.append(self._encode(direction))
            return self._film[-1]
        self._film.append(self._film.pop(0))
        return self._film[-1]

    def _encode(self, direction: Direction) -> bytes:
        return encoded(labelled(self._noisy(self._lit(direction, self._subject_now(direction)))))

    def _subject_now(self, direction: Direction) -> Image:
        """Whoever is there, in their pose, in their place, with whatever they wear."""
        self._move(self._cast.subject(direction.subject), self._pose(direction))
        breath = math.sin(self._at * self._pace * math.tau / _BREATH_SECONDS)
        turn, nod = (round(angle / _STEP) * _STEP for angle in (self._turn, self._nod))
        worn = next((name for name in direction.scenes if name in WORN), "")
        image = self._posed(direction.subject, worn, turn, round(breath * _BREATH_STEPS) / _BREATH_STEPS, nod)
        for name in direction.scenes:
            image = placed(image, PLACES[name]) if name in PLACES else image
        return image

    def _pose_of(self, who: str, worn: str, turn: int, breath: float, nod: int) -> Image:
        return self._cast.subject(who, worn).at(turn, breath, nod)

    def _lit(self, direction: Direction, image: Image) -> Image:
        for name in direction.scenes:
            if name in HELPERS:
                image = joined(image, self._cast.helper(direction.subject).at(0), HELPERS[name])
            image = LIGHTS[name](image) if name in LIGHTS else image
        return image

    def _noisy(self, image: Image) -> Image:
        """With a sensor's noise: a part of a larger field, from somewhere else each time."""
        top, left = random.randrange(HEIGHT), random.randrange(WIDTH)
        noise = self._noise[top : top + HEIGHT, left : left + WIDTH]
        if image.shape[:2] != (HEIGHT, WIDTH):  # a finer camera's picture brings its own
            return image.copy()
        return cast("Image", cv2.add(image, noise, dtype=cv2.CV_8U))

    def _pose(self, direction: Direction) -> str:
        if direction.cheat != "replay":
            return direction.pose
        return _FILM[int(self._elapsed() / _FILM_SECONDS) % len(_FILM)]

    def _elapsed(self) -> float:
        """Seconds of the scene's own time, since the cheat began."""
        return (time.monotonic() - self._since) * self._pace

    def _move(self, subject: Subject, pose: str) -> None:
        now = time.monotonic()
        reach = _DEGREES_PER_SECOND * self._pace * min(now - self._at, 1.0)
        turn = {"left": subject.turns[1], "right": subject.turns[0]}.get(pose, 0)  # their left is the picture's right
        nod = {"down": subject.nods[0], "up": subject.nods[1]}.get(pose, 0)
        self._turn += max(-reach, min(reach, turn - self._turn))
        self._nod += max(-reach, min(reach, nod - self._nod))
        self._at = now


def encoded(image: Image) -> bytes:
    """The picture as JPEG."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
