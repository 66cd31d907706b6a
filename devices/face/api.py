"""What a face engine offers: faces in a picture, and vectors that can be compared. Who is whom, is asked elsewhere: of
one portrait (comparison), or at a gate of those who gave their face there (gallery, identification)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.health import Health

Vector = NDArray[np.float32]  # one row, unit length


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which cosine similarity two pictures count as one person, and the false-match rate it was chosen for.

    ``source`` says where the rate was measured; the technician's page and the audit show it.
    """

    similarity: float
    false_match_rate: float
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in a frame. ``box``: x1, y1, x2, y2 in pixels; ``landmarks``: 5 x 2 (eyes, nose, mouth corners, left to
    right in the picture); ``yaw``: nose offset from the middle of the eyes in eye distances, positive when the nose
    points to the picture's right; ``pitch``: how far down from the eyes to the mouth the nose stands (some 0.58
    looking straight, less looking up); ``roll``: degrees, positive when the head leans to the picture's right."""

    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]
    confidence: float
    yaw: float
    pitch: float
    roll: float

    def __repr__(self) -> str:
        return f"Face(confidence={self.confidence:.2f}, yaw={self.yaw:+.2f}, pitch={self.pitch:.2f})"


class Instruction(StrEnum):
    """The one thing to do now. Sides are the person's own."""

    NO_FACE = "no-face"
    ONE_PERSON = "one-person"  # somebody stands as near as the resident: please step back
    COME_CLOSER = "come-closer"
    STEP_BACK = "step-back"
    TO_THE_MIDDLE = "to-the-middle"
    TOO_DARK = "too-dark"
    TOO_BRIGHT = "too-bright"  # glare on the face, or a bright light behind it
    UNCOVER_FACE = "uncover-face"
    LEVEL_HEAD = "level-head"
    LOOK_STRAIGHT = "look-straight"
    HOLD_STILL = "hold-still"
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    LOOK_UP = "look-up"
    LOOK_DOWN = "look-down"
    LOOK_BACK = "look-back"


class PortraitProblem(StrEnum):
    """Why a portrait from records can't be compared with."""

    UNREADABLE = "unreadable"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"


@dataclass(frozen=True, slots=True, eq=False)
class LiveFace:
    """A face that was seen alive: the averaged vectors of its first straight look and of its last. In RAM only, for as
    long as the visit needs it."""

    first: Vector
    last: Vector

    def __repr__(self) -> str:
        return "LiveFace(***)"


class PassiveCheck(Protocol):
    """A second opinion on single frames: is this skin, or paper, or a screen? Thread-safe."""

    threshold: float  # from which score on a face counts as live
    model: str  # its name, for the technician and the audit

    def score(self, image: Image, face: Face) -> float | None:
        """0 to 1, higher is more alive; None when this face can't be judged (too much of it outside the picture)."""


class FaceEngine(Protocol):
    """One model pack, loaded once. Calls block for tens of milliseconds; thread-safe."""

    threshold: Threshold
    model: str  # name and version of the pack, for the audit

    def health(self) -> Health:
        """Never raises. Reasons: ok, loading, no-pack, broken-pack, broken-passive-model."""

    def load(self) -> None:
        """Load the pack (a second or so). Raises DeviceMisconfiguredError when it is missing or broken."""

    def find_faces(self, image: Image) -> list[Face]:
        """All faces, largest first."""

    def vector(self, image: Image, face: Face) -> Vector:
        """The face's feature vector, aligned by its landmarks, of unit length."""

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        """Decode a portrait (JPEG, PNG, JPEG 2000; from RAM) and take its one face's vector."""


def similarity(one: Vector, other: Vector) -> float:
    """Cosine similarity of two unit vectors, -1 to 1."""
    return float(np.dot(one, other))
