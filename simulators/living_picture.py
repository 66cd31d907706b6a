"""A portrait brought to life: the head turns, nods and breathes. It stands in for a person at the camera.

The head is taken for a barrel with a nose on it. Turning it by an angle moves each point by what its depth makes of
that angle; the movement dies away outside the head, so that the background stays. How far a head has to turn or nod to
look turned differs from picture to picture, so it is tried out once per picture, with the detector's own eyes.

Pictures are 640 x 480, BGR; whoever shows one marks it (``labelled``).
"""

import copy
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol, Self, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Field = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
_EYES = 95.0  # pixels between the eyes: a face at arm's length
_EYE_LEVEL = 0.42  # of the picture's height
_HEAD_RADIUS, _HEAD_BEND = 1.1, 1.6  # lengths on the head are in eye distances; across, and how it bends along
_HEAD_RIM, _HEAD_REACH = 1.2, 2.3  # from the rim on the movement dies away, beyond the reach nothing moves
_NOSE_LENGTH, _NOSE_WIDTH, _NOSE_HEIGHT = 0.8, 0.5, 0.6
_NODDING_WIDTH, _NODDING_HEIGHT = 1.0, 0.5  # cheeks and lips go along, or the detector would not follow
_TURNS, _NODS = range(25, 62, 5), range(16, 49, 4)  # degrees that are tried
_LOOKS_TURNED, _LOOKS_NODDED = 0.33, 0.13  # change of yaw (eye distances) and of pitch (eyes to mouth) that is enough
WALL = (205, 200, 192)
_KEPT = 48  # poses of a head that are kept: 40 MB


class NoFaceError(ValueError):
    """The picture shows no face to bring to life; the message names the file."""


class Subject(Protocol):
    """Whoever is before the camera. ``turns``: degrees that they turn to the picture's left and right; ``nods``: down
    and up."""

    @property
    def turns(self) -> tuple[int, int]:
        """Left (negative) and right."""

    @property
    def nods(self) -> tuple[int, int]:
        """Down (negative) and up."""

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """Turned so far, nose to the picture's right if ``degrees`` are positive, and up if ``pitch`` (degrees) is;
        ``breath`` (-1 to 1) moves it a little."""


class LivingPicture:
    """One portrait before the camera."""

    def __init__(self, picture: Path, detector: Path) -> None:
        """``detector``: YuNet's ONNX file, as published. Raises NoFaceError."""
        self._detector = _Detector(detector)
        self._image, self.points = self._placed(picture)
        self._eyes = (self.points[0] + self.points[1]) / 2
        self._nose = self.points[2]
        self._posed = lru_cache(_KEPT)(self._pose)

    @cached_property
    def turns(self) -> tuple[int, int]:
        """Tried out when somebody first asks."""
        turned = yaw_of(self.points)
        return (
            -self._search(_TURNS, _LOOKS_TURNED, lambda angle: (turned - at for at in self._seen(yaw_of, -angle, 0))),
            self._search(_TURNS, _LOOKS_TURNED, lambda angle: (at - turned for at in self._seen(yaw_of, angle, 0))),
        )

    @cached_property
    def nods(self) -> tuple[int, int]:
        """As well."""
        nodded = pitch_of(self.points)
        return (
            -self._search(_NODS, _LOOKS_NODDED, lambda angle: (at - nodded for at in self._seen(pitch_of, 0, -angle))),
            self._search(_NODS, _LOOKS_NODDED, lambda angle: (nodded - at for at in self._seen(pitch_of, 0, angle))),
        )

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """As Subject.at; breathing lifts the head."""
        return _shifted(self._posed(degrees, pitch), 0, 1.5 * breath)

    def wearing(self, paint: Callable[[Image, Field], None]) -> Self:
        """The same head with something on it: ``paint`` draws on the straight picture, given its five points."""
        _ = self.turns, self.nods  # found out with the face bare
        other = copy.copy(self)
        other.put_on(paint)
        return other

    def put_on(self, paint: Callable[[Image, Field], None]) -> None:
        """Draw on the straight picture, for good."""
        self._image = self._image.copy()
        paint(self._image, self.points)
        self._posed = lru_cache(_KEPT)(self._pose)

    def _pose(self, degrees: float, pitch: float) -> Image:
        image = cv2.remap(self._image, self._turned(degrees), _ROWS, cv2.INTER_LINEAR) if degrees else self._image
        return cast("Image", cv2.remap(image, _COLUMNS, self._nodded(pitch), cv2.INTER_LINEAR) if pitch else image)

    def _placed(self, picture: Path) -> tuple[Image, Field]:
        """The picture with its face where a kiosk's camera sees it, and the face's five points there."""
        image = cast("Image | None", cv2.imread(str(picture)))
        points = None if image is None else self._detector.points(image)
        if image is None or points is None:
            raise NoFaceError(f"{picture.name}: no picture of a face")
        scale = _EYES / float(np.linalg.norm(points[1] - points[0]))
        shift = np.array([WIDTH / 2, HEIGHT * _EYE_LEVEL]) - (points[0] + points[1]) / 2 * scale
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        placed = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        return cast("Image", placed), (points * scale + shift).astype(np.float32)

    def _seen(self, measure: Callable[[Field], float], degrees: int, pitch: int) -> Iterator[float]:
        """What the detector makes of a pose, breath out, held and in: a row of pixels may change its mind. Of one in
        which it finds no face, that nothing has moved."""
        pose = self._pose(degrees, pitch)
        for breath in (-1, 0, 1):
            found = self._detector.points(_shifted(pose, 0, 1.5 * breath))
            yield measure(self.points if found is None else found)

    @staticmethod
    def _search(angles: Iterable[int], enough: float, changes: Callable[[int], Iterable[float]]) -> int:
        """The smallest angle that changes the look enough in every breath, or else the one that does most."""
        for angle in angles:
            if all(change >= enough for change in changes(angle)):
                return angle
        return max(angles, key=lambda angle: min(changes(angle)))

    def _turned(self, degrees: float) -> Field:
        """From which column each pixel of the turned picture comes (height x width)."""
        angle, head = math.radians(degrees), self._head
        shift = head.weight * (head.x * (math.cos(angle) - 1) + head.depth_across * math.sin(angle)) * _EYES
        return _origins(_COLUMNS, shift, rising=degrees > 0)

    def _nodded(self, degrees: float) -> Field:
        """From which row each pixel of the picture comes: who looks up lifts the nose."""
        angle, head = -math.radians(degrees), self._head
        shift = head.weight * (head.y * (math.cos(angle) - 1) + head.depth_along * math.sin(angle)) * _EYES
        return np.ascontiguousarray(_origins(_ROWS.T, shift.T, rising=degrees < 0).T)

    @cached_property
    def _head(self) -> "_Head":
        x, y = (_COLUMNS - self._eyes[0]) / _EYES, (_ROWS - self._eyes[1]) / _EYES
        nose_x, nose_y = (self._nose - self._eyes) / _EYES

        def nose(width: float, height: float) -> Field:
            bump = np.exp(-(((x - nose_x) / width) ** 2) - ((y - nose_y) / height) ** 2)
            return cast("Field", _NOSE_LENGTH * bump)

        across = np.sqrt(np.clip(_HEAD_RADIUS**2 - x**2, 0, None)) - _HEAD_RADIUS / 2
        along = np.sqrt(np.clip(_HEAD_BEND**2 - (y - nose_y) ** 2, 0, None)) - _HEAD_BEND - _NOSE_LENGTH / 2
        across, along = across + nose(_NOSE_WIDTH, _NOSE_HEIGHT), along + nose(_NODDING_WIDTH, _NODDING_HEIGHT)
        weight = np.clip((_HEAD_REACH - np.hypot(x, (y - 0.4) * 0.8)) / (_HEAD_REACH - _HEAD_RIM), 0, 1)
        return _Head(x, y - nose_y, across, along, weight * weight * (3 - 2 * weight))


@dataclass(frozen=True, slots=True)
class _Head:
    """For each pixel, in eye distances: how far it is from the head's two axes, how deep it lies when the head turns
    and when it nods, and how much of the movement it takes (0 to 1)."""

    x: Field
    y: Field
    depth_across: Field
    depth_along: Field
    weight: Field


def _origins(positions: Field, shift: Field, *, rising: bool) -> Field:
    """From where along its line each pixel of the moved picture comes. What is nearer hides the rest: on the side that
    the head moves to, the far cheek."""
    moved = positions + shift
    away = moved if rising else -moved[:, ::-1]
    hidden = np.maximum.accumulate(away, axis=1)
    moved = hidden if rising else -hidden[:, ::-1]
    source = np.empty(positions.shape, np.float32)
    for line, places in enumerate(moved):
        source[line] = np.interp(positions[line], places, positions[line])
    return cast("Field", cv2.GaussianBlur(source, (0, 0), 2))


class Nobody:
    """An empty room."""

    turns = (0, 0)
    nods = (0, 0)

    @staticmethod
    def at(degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """The wall, whatever the pose."""
        del degrees, breath, pitch
        return np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)


def labelled(image: Image) -> Image:
    """The same picture, marked as no real camera's."""
    cv2.putText(
        image, "SIMULATED", (8, image.shape[0] - 10), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 230), 1, cv2.LINE_AA
    )
    return image


def yaw_of(points: Field) -> float:
    """How far the nose stands from the middle of the eyes, in eye distances; positive to the picture's right."""
    eyes = points[1] - points[0]
    return float(np.dot(points[2] - (points[0] + points[1]) / 2, eyes) / np.dot(eyes, eyes))


def pitch_of(points: Field) -> float:
    """How far down from the eyes to the mouth the nose stands."""
    eyes, mouth = (points[0] + points[1]) / 2, (points[3] + points[4]) / 2
    return float((points[2] - eyes)[1] / (mouth - eyes)[1])


def _shifted(image: Image, x: float, y: float) -> Image:
    matrix = np.array([[1, 0, x], [0, 1, y]])
    return cast("Image", cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE))


class _Detector:
    """YuNet, looking no closer than a kiosk does."""

    longest = 320  # pixels, of the side

    def __init__(self, model: Path) -> None:
        self._yunet = cv2.FaceDetectorYN.create(str(model), "", (self.longest, self.longest), 0.6)

    def points(self, image: Image) -> Field | None:
        """The widest face's eyes, nose and mouth corners (5 x 2, pixels), or None."""
        scale = self.longest / max(image.shape[:2])
        small = cv2.resize(image, None, fx=scale, fy=scale)
        self._yunet.setInputSize((small.shape[1], small.shape[0]))
        faces = self._yunet.detect(small)[1]
        if faces is None:
            return None
        return cast("Field", max(faces, key=lambda face: face[2])[4:14].reshape(5, 2) / scale)


_ROWS, _COLUMNS = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
