"""One attempt before the camera: camera, engine, challenge and checks, tied together. It ends with a live face, or not.

It knows no portrait: whose face it is, is asked afterwards (comparison.py), and only of a face that is live.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import cast

import numpy as np

from devices.camera.api import Camera, Frame, Image
from devices.errors import DeviceCancelledError
from devices.face import quality
from devices.face.api import Face, FaceEngine, Instruction, LiveFace, PassiveCheck, Vector, similarity
from devices.face.challenge import Challenge, Observation, Outcome, Phase, Reason, State
from devices.face.freshness import Freshness

_MOVED = 0.55  # of the threshold: what a turned face has in common with its straight look, and a stranger's has not
_SETTLED = 3  # frames in a row that say the same before it is said to the resident; moves are said at once


@dataclass(frozen=True, slots=True)
class Capture:
    """``face`` only with Outcome.LIVE. ``challenge``: what was asked and how it ended, such as
    ``turn-left,look-up:live``. ``frames``: how many were looked at. ``passive``: the mean score of the passive check
    over the first and the last look; None without a model, or when it never came to that. ``reason``: what an outcome
    other than LIVE was decided on."""

    outcome: Outcome
    face: LiveFace | None
    challenge: str
    frames: int
    passive: float | None
    reason: Reason | None = None


def capture(  # noqa: PLR0913, PLR0917 - the parts of one attempt, each named once by its caller
    camera: Camera,
    engine: FaceEngine,
    challenge: Challenge,
    cancel: Event,
    on_instruction: Callable[[Instruction, float], None],
    on_frame: Callable[[Frame], None],
    passive: PassiveCheck | None = None,
) -> Capture:
    """Guide whoever is before the camera through ``challenge``. Needs ``engine.load``.

    Blocks for as long as the challenge's rules allow. ``on_instruction`` hears each change of instruction and progress
    (0 to 1), ``on_frame`` every frame, on the calling thread. No frame is kept after return, and no vector but those
    of the live face.

    Raises DeviceCancelledError (``cancel`` was set), and what Camera.frames raises.
    """
    attempt = _Attempt(challenge, engine, passive, _Prompter(on_instruction))
    frames = camera.frames(cancel)
    try:
        return attempt.run(frames, on_frame)
    finally:
        if isinstance(frames, Generator):
            frames.close()  # now, not when memory is next tidied: the camera's light goes out with it


@dataclass(slots=True, eq=False, repr=False)
class _Prompter:
    """Says what to do now, without flickering: what is wrong with a picture may be so for one frame only."""

    say: Callable[[Instruction, float], None]
    said: tuple[Instruction, float] | None = None
    heard: Instruction | None = None
    times: int = 0

    def tell(self, state: State) -> None:
        """At once when it is the challenge's own word or the first one at all."""
        self.times = self.times + 1 if state.instruction is self.heard else 1
        self.heard = state.instruction
        own = state.phase is Phase.MOVING or state.instruction in {Instruction.LOOK_BACK, Instruction.HOLD_STILL}
        shown = state.instruction if own or self.said is None or self.times >= _SETTLED else self.said[0]
        if self.said != (shown, state.progress):
            self.said = (shown, state.progress)
            self.say(*self.said)


@dataclass(slots=True, eq=False, repr=False)
class _Attempt:
    """``look``: vectors of the running straight look; ``first``, ``last``: the means of the first and the last one."""

    challenge: Challenge
    engine: FaceEngine
    passive: PassiveCheck | None
    prompter: _Prompter
    freshness: Freshness = field(default_factory=Freshness)
    look: list[Vector] = field(default_factory=list)
    first: Vector | None = None
    last: Vector | None = None
    scores: list[float] = field(default_factory=list)

    def run(self, frames: Iterator[Frame], on_frame: Callable[[Frame], None]) -> Capture:
        state: State | None = None
        for count, frame in enumerate(frames, start=1):
            on_frame(frame)
            state = self.see(state or self.challenge.begin(frame.at), frame)
            if state.outcome:
                return self._ended(state.outcome, state.reason, count)
            self.prompter.tell(state)
        raise DeviceCancelledError

    def see(self, state: State, frame: Frame) -> State:
        """One frame further."""
        faces = self.engine.find_faces(frame.image)
        sightings = tuple(quality.sighting(face, frame.image) for face in faces)
        own = self.challenge.own(state, sightings)
        face = None if own is None else faces[own]
        flaw = self._flaw(state, frame.image, sightings, face)
        vector = same = None
        if face is not None and self.challenge.wants_vector(state, sightings, flaw):
            vector = self.engine.vector(frame.image, face)
            same = self._is_same(state, vector)
        stale = face is not None and self.freshness.see(frame.image)
        after = self.challenge.advance(state, Observation(frame.at, sightings, flaw, same, stale))
        if vector is not None and same is not False and state.phase is Phase.LOOKING:
            self._keep(state, after, vector)
        return after

    def _flaw(
        self, state: State, image: Image, sightings: tuple[quality.Sighting, ...], face: Face | None
    ) -> Instruction | None:
        """What is wrong with the picture; asked last, of the passive check: whether it can judge this face at all."""
        rules = self.challenge.rules.quality
        if face is None:
            return Instruction.TOO_DARK if quality.light(image) < rules.dark else None
        if not self.challenge.wants_pixels(state, sightings):
            return None
        flaw = quality.picture(quality.measure(image, face), rules)
        if flaw or self.passive is None or (state.known and state.done < len(self.challenge.moves)):
            return flaw
        score = self.passive.score(image, face)
        if score is None:
            return Instruction.STEP_BACK
        if not (state.known or state.kept):
            self.scores.clear()  # a look that began anew
        self.scores.append(score)
        return None

    def _is_same(self, state: State, vector: Vector) -> bool | None:
        if self.first is None:
            return None
        part = _MOVED if state.phase is Phase.MOVING else 1.0
        return similarity(vector, self.first) >= part * self.engine.threshold.similarity

    def _keep(self, state: State, after: State, vector: Vector) -> None:
        if state.kept == 0:
            self.look.clear()
        self.look.append(vector)
        if after.known and not state.known:
            self.first = _mean(self.look)
        if after.outcome is Outcome.LIVE:
            self.last = _mean(self.look)

    def _ended(self, outcome: Outcome, reason: Reason | None, frames: int) -> Capture:
        passive = float(np.mean(self.scores)) if self.scores else None
        face = None
        if outcome is Outcome.LIVE and passive is not None and self.passive and passive < self.passive.threshold:
            outcome, reason = Outcome.NOT_LIVE, Reason.PASSIVE_CHECK
        if outcome is Outcome.LIVE and self.first is not None and self.last is not None:
            face = LiveFace(self.first, self.last)
        return Capture(outcome, face, f"{self.challenge}:{outcome}", frames, passive, reason)


def _mean(vectors: list[Vector]) -> Vector:
    total = np.sum(vectors, axis=0)
    return cast("Vector", total / np.linalg.norm(total))
