"""Whose face it is: 1:1, a live face against one portrait."""

from dataclasses import dataclass

from devices.errors import DeviceError
from devices.face.api import FaceEngine, LiveFace, PortraitProblem, similarity


class PortraitUnusableError(DeviceError):
    """The portrait from records can't be compared with; ``detail`` is the PortraitProblem. Not the resident's fault,
    and not the camera's: another way has to be offered."""

    code = "portrait-unusable"
    temporary = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the audit keeps: numbers and a name. ``score``, ``threshold``: cosine similarities; ``model``: the pack."""

    score: float
    threshold: float
    passed: bool
    model: str


def compare(engine: FaceEngine, live: LiveFace, portrait: bytes) -> Comparison:
    """Compare a live face with ``portrait`` (JPEG, PNG or JPEG 2000; from RAM). The score is the lower one of its first
    and its last look's likeness: both have to be the portrait's owner. Raises PortraitUnusableError."""
    known = engine.portrait_vector(portrait)
    if isinstance(known, PortraitProblem):
        raise PortraitUnusableError(known.value)
    score = min(similarity(live.first, known), similarity(live.last, known))
    threshold = engine.threshold.similarity
    return Comparison(score, threshold, score >= threshold, engine.model)
