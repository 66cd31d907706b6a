"""A portrait brought to life: the head turns to either side and breathes. It stands in for a person at the camera.

The head is taken for a cylinder with a nose on it. Turning it by an angle moves each point sideways by what its depth
makes of that angle; the movement dies away outside the head, so that the background stays. How far a head has to turn
to look turned differs from picture to picture, so it is tried out once per picture, with the detector's own eyes.

Every picture that leaves here is 640 x 480, BGR, and says SIMULATED in its corner.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Field = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
_EYES = 95.0  # pixels between the eyes: a face at arm's length
_EYE_LEVEL = 0.42  # of the picture's height
_HEAD_RADIUS = 1.1  # lengths on the head are in eye distances
_HEAD_RIM, _HEAD_REACH = 1.2, 2.3  # from the rim on the movement dies away, beyond the reach nothing moves
_NOSE_LENGTH, _NOSE_WIDTH, _NOSE_HEIGHT = 0.8, 0.5, 0.6
_TURNS = range(25, 62, 5)  # degrees that are tried
_LOOKS_TURNED = 0.33  # change of yaw, in eye distances, that is enough
_WALL = (205, 200, 192)


class NoFaceError(ValueError):
    """The picture shows no face to bring to life; the message names the file."""


class LivingPicture:
    """One portrait before the camera. ``turns``: how many degrees the head turns to the picture's left and right."""

    def __init__(self, picture: Path, detector: Path) -> None:
        """``detector``: YuNet's ONNX file, as published. Raises NoFaceError."""
        self._detector = _Detector(detector)
        self._image, points = self._placed(picture)
        self._eyes = (points[0] + points[1]) / 2
        self._nose = points[2]
        straight = yaw_of(points)
        self.turns = (self._search(-1, straight), self._search(1, straight))

    def at(self, degrees: float, breath: float = 0.0) -> Image:
        """The head turned so far, nose to the picture's right if positive; ``breath`` (-1 to 1) lifts it a little."""
        image = cv2.remap(self._image, self._columns(degrees), _ROWS, cv2.INTER_LINEAR)
        lift = np.array([[1, 0, 0], [0, 1, 1.5 * breath]])
        return labelled(cast("Image", cv2.warpAffine(image, lift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)))

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

    def _search(self, side: int, straight: float) -> int:
        """The smallest angle at which the head looks turned to this side, or else the one at which it does most."""
        best, most = _TURNS[0], 0.0
        for degrees in _TURNS:
            points = self._detector.points(self.at(side * degrees))
            change = 0.0 if points is None else side * (yaw_of(points) - straight)
            if change > most:
                best, most = degrees, change
            if most >= _LOOKS_TURNED:
                break
        return side * best

    def _columns(self, degrees: float) -> Field:
        """From which column each pixel of the turned picture comes (height x width). What is nearer hides the rest:
        on the side the head turns to, the far cheek."""
        moved = _COLUMNS + self._shift(math.radians(degrees))
        if degrees > 0:
            moved = np.maximum.accumulate(moved, axis=1)
        else:
            moved = np.minimum.accumulate(moved[:, ::-1], axis=1)[:, ::-1]
        source = np.empty_like(_COLUMNS)
        for row, positions in enumerate(moved):
            source[row] = np.interp(_COLUMNS[row], positions, _COLUMNS[row])
        return cast("Field", cv2.GaussianBlur(source, (0, 0), 2))

    def _shift(self, angle: float) -> Field:
        """By how many pixels each point moves sideways."""
        x, depth, weight = self._head
        return cast("Field", weight * (x * (math.cos(angle) - 1) + depth * math.sin(angle)) * _EYES)

    @cached_property
    def _head(self) -> tuple[Field, Field, Field]:
        """For each pixel: how far it is from the head's axis, how deep, and how much of the movement it takes."""
        x, y = (_COLUMNS - self._eyes[0]) / _EYES, (_ROWS - self._eyes[1]) / _EYES
        nose_x, nose_y = (self._nose - self._eyes) / _EYES
        nose = np.exp(-(((x - nose_x) / _NOSE_WIDTH) ** 2) - ((y - nose_y) / _NOSE_HEIGHT) ** 2)
        depth = np.sqrt(np.clip(_HEAD_RADIUS**2 - x**2, 0, None)) - _HEAD_RADIUS / 2 + _NOSE_LENGTH * nose
        weight = np.clip((_HEAD_REACH - np.hypot(x, (y - 0.4) * 0.8)) / (_HEAD_REACH - _HEAD_RIM), 0, 1)
        return x, depth, weight * weight * (3 - 2 * weight)


class StillPicture:
    """A photograph of the portrait, held up before the camera: it shakes, it can be tilted, it never turns its head."""

    turns = (-30, 30)

    def __init__(self, picture: Path, detector: Path) -> None:
        """As LivingPicture."""
        photo = LivingPicture(picture, detector).at(0)
        self._photo = cv2.copyMakeBorder(photo[:, 100:-100], 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(248, 248, 248))

    def at(self, degrees: float, breath: float = 0.0) -> Image:
        """The photograph turned about its upright middle, as a hand would; ``breath`` shakes it sideways."""
        height, width = self._photo.shape[:2]
        angle = math.radians(degrees)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        x, y = (corners - (width / 2, height / 2)).T
        nearer = 1 + x * math.sin(angle) / (3 * width)  # seen from three widths away
        seen = np.stack([x * math.cos(angle) / nearer + WIDTH / 2 + 2 * breath, y / nearer + HEIGHT / 2], axis=1)
        matrix = cv2.getPerspectiveTransform(corners, (seen * 0.92 + (WIDTH * 0.04, HEIGHT * 0.04)).astype(np.float32))
        return labelled(cast("Image", cv2.warpPerspective(self._photo, matrix, (WIDTH, HEIGHT), borderValue=_WALL)))


class Nobody:
    """An empty room."""

    turns = (0, 0)

    @staticmethod
    def at(degrees: float, breath: float = 0.0) -> Image:
        """The wall, whatever the pose."""
        del degrees, breath
        return labelled(np.full((HEIGHT, WIDTH, 3), _WALL, np.uint8))


Subject = LivingPicture | StillPicture | Nobody


def labelled(image: Image) -> Image:
    """The same picture, marked as no real camera's."""
    cv2.putText(image, "SIMULATED", (8, HEIGHT - 10), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 230), 1, cv2.LINE_AA)
    return image


def yaw_of(points: Field) -> float:
    """How far the nose stands from the middle of the eyes, in eye distances; positive to the picture's right."""
    eyes = points[1] - points[0]
    return float(np.dot(points[2] - (points[0] + points[1]) / 2, eyes) / np.dot(eyes, eyes))


@dataclass(frozen=True, slots=True)
class _Detector:
    model: Path
    longest: int = 320  # pixels, of the side; a kiosk looks no closer either

    def points(self, image: Image) -> Field | None:
        """The widest face's eyes, nose and mouth corners (5 x 2, pixels), or None."""
        scale = self.longest / max(image.shape[:2])
        small = cv2.resize(image, None, fx=scale, fy=scale)
        yunet = cv2.FaceDetectorYN.create(str(self.model), "", (small.shape[1], small.shape[0]), 0.6)
        faces = yunet.detect(small)[1]
        if faces is None:
            return None
        return cast("Field", max(faces, key=lambda face: face[2])[4:14].reshape(5, 2) / scale)


_ROWS, _COLUMNS = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
