"""One attempt to verify a face: camera, engine and challenge, tied together."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import cast

import numpy as np

from devices.camera.api import Camera, Frame
from devices.errors import DeviceCancelledError, DeviceError
from devices.face.api import Face, FaceEngine, PortraitProblem, Vector, similarity
from devices.face.challenge import Challenge, Instruction, Observation, Outcome, Phase, Side, Sighting, State


class PortraitUnusableError(DeviceError):
    """The portrait from records can't be compared with; ``detail`` is the PortraitProblem. Not the resident's fault,
    and not the camera's: another way has to be offered."""

    code = "portrait-unusable"
    temporary = False


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """What the audit keeps of an attempt: numbers and names, never a picture or a vector.

    ``score``: the lowest likeness that was decided on, 0 when it never came to comparing. ``challenge``: such as
    ``turn-left:passed``. ``frames``: how many were looked at.
    """

    outcome: Outcome
    score: float
    threshold: float
    model: str
    challenge: str
    frames: int


def verify(  # noqa: PLR0913, PLR0917 - the parts of one attempt, each named once by its caller
    camera: Camera,
    engine: FaceEngine,
    portrait: bytes,
    side: Side,
    cancel: Event,
    on_instruction: Callable[[Instruction, float], None],
    on_frame: Callable[[Frame], None],
) -> FaceVerdict:
    """Compare whoever is before the camera with ``portrait`` (encoded), and have them turn their head to ``side``.

    Blocks for 15 seconds at most. ``on_instruction`` hears each change of instruction and progress (0 to 1),
    ``on_frame`` every frame, on the calling thread. No frame, vector or portrait is kept after return.

    Raises DeviceCancelledError (``cancel`` was set), PortraitUnusableError, and what Camera.frames raises.
    """
    known = engine.portrait_vector(portrait)
    if isinstance(known, PortraitProblem):
        raise PortraitUnusableError(known.value)
    attempt = _Attempt(Challenge(side, engine.threshold.similarity), engine, known)
    frames = camera.frames(cancel)
    try:
        return attempt.run(frames, on_instruction, on_frame)
    finally:
        if isinstance(frames, Generator):
            frames.close()  # now, not when memory is next tidied: the camera's light goes out with it


@dataclass(slots=True, eq=False, repr=False)
class _Attempt:
    """Vectors of one attempt: those of the running phase, and the mean of the straight look it began with."""

    challenge: Challenge
    engine: FaceEngine
    known: Vector
    recent: list[Vector] = field(default_factory=list)
    first: Vector | None = None

    def run(
        self,
        frames: Iterator[Frame],
        on_instruction: Callable[[Instruction, float], None],
        on_frame: Callable[[Frame], None],
    ) -> FaceVerdict:
        state: State | None = None
        told = None
        for count, frame in enumerate(frames, start=1):
            on_frame(frame)
            state = self.see(state or self.challenge.begin(frame.at), frame)
            if state.outcome:
                return self._verdict(state, state.outcome, count)
            if told != (state.instruction, state.progress):
                told = (state.instruction, state.progress)
                on_instruction(*told)
        raise DeviceCancelledError

    def see(self, state: State, frame: Frame) -> State:
        faces = self.engine.find_faces(frame.image)
        sightings = tuple(_sighting(face, frame) for face in faces)
        likeness = continuity = None
        if self.challenge.wants_vector(state, sightings):
            likeness, continuity = self._compare(state, self.engine.vector(frame.image, faces[0]))
        after = self.challenge.advance(state, Observation(frame.at, sightings, likeness, continuity))
        if state.phase is Phase.LOOKING and after.phase is Phase.TURNING:
            self.first = _mean(self.recent)
        return after

    def _compare(self, state: State, vector: Vector) -> tuple[float, float | None]:
        if state.compared == 0:
            self.recent.clear()
        self.recent.append(vector)
        mean = _mean(self.recent)
        follows = state.phase is not Phase.LOOKING and self.first is not None
        return similarity(mean, self.known), similarity(
            mean, self.first
        ) if follows and self.first is not None else None

    def _verdict(self, state: State, outcome: Outcome, frames: int) -> FaceVerdict:
        return FaceVerdict(
            outcome=outcome,
            score=state.score,
            threshold=self.challenge.similarity,
            model=self.engine.model,
            challenge=f"turn-{self.challenge.side}:{outcome}",
            frames=frames,
        )


def _sighting(face: Face, frame: Frame) -> Sighting:
    width = frame.image.shape[1]
    left, top, right, bottom = face.box
    return Sighting(face.yaw, (right - left) / width, (left + right) / 2 / width, (top + bottom) / 2 / width)


def _mean(vectors: list[Vector]) -> Vector:
    total = np.sum(vectors, axis=0)
    return cast("Vector", total / np.linalg.norm(total))
