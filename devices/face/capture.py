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
_SETTLED = 0.4  # seconds for which a flaw of the picture lasts before it is said; moves are said at once


@dataclass(frozen=True, slots=True)
class Capture:
    """``face`` only with Outcome.LIVE. ``challenge``: what was asked and how it ended, such as
    ``turn-left,look-up:live``. ``frames``: how many were looked at. ``passive``: the passive check's mean score of the
    first or of the last look, whichever is lower; None without a model, or when no look was completed. ``reason``: what
    an outcome other than LIVE was decided on."""

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
    since: float = 0.0

    def tell(self, state: State) -> None:
        """At once when it is the challenge's own word or the first one at all."""
        if state.instruction is not self.heard:
            self.heard, self.since = state.instruction, state.last_at
        settled = state.last_at - self.since >= _SETTLED
        own = state.phase is Phase.MOVING or state.instruction in {Instruction.LOOK_BACK, Instruction.HOLD_STILL}
        shown = state.instruction if own or settled or self.said is None else self.said[0]
        if self.said != (shown, state.progress):
            self.said = (shown, state.progress)
            self.say(*self.said)


@dataclass(slots=True, eq=False, repr=False)
class _Attempt:
    """``look``: each kept frame's vector and passive score, of the running straight look; ``first``, ``last``: the mean
    vectors of the first and the last one; ``scores``: their mean passive scores."""

    challenge: Challenge
    engine: FaceEngine
    passive: PassiveCheck | None
    prompter: _Prompter
    freshness: Freshness = field(default_factory=Freshness)
    look: list[tuple[Vector, float | None]] = field(default_factory=list)
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
        flaw, score = self._judged(state, frame.image, sightings, face)
        vector = same = None
        if face is not None and self.challenge.wants_vector(state, sightings, flaw):
            vector = self.engine.vector(frame.image, face)
            same = self._is_same(state, vector)
        stale = face is not None and self.freshness.see(frame.image, frame.at)
        after = self.challenge.advance(state, Observation(frame.at, sightings, flaw, same, stale))
        if vector is not None and same is not False and state.phase is Phase.LOOKING:
            self._keep(state, after, vector, score)
        return after

    def _judged(
        self, state: State, image: Image, sightings: tuple[quality.Sighting, ...], face: Face | None
    ) -> tuple[Instruction | None, float | None]:
        """What is wrong with the picture, and what the passive check says of it, which is asked last; that it can't
        judge this face at all is a flaw too."""
        rules = self.challenge.rules.quality
        if face is None:
            return Instruction.TOO_DARK if quality.light(image) < rules.dark else None, None
        if not self.challenge.wants_pixels(state, sightings):
            return None, None
        flaw = quality.picture(quality.measure(image, face), rules)
        if flaw or self.passive is None or (state.known and state.done < len(self.challenge.moves)):
            return flaw, None
        score = self.passive.score(image, face)
        return (Instruction.STEP_BACK, None) if score is None else (None, score)

    def _is_same(self, state: State, vector: Vector) -> bool | None:
        known = self.first
        if known is None and state.kept:
            known = _mean(self.look)
        if known is None:
            return None
        part = _MOVED if state.phase is Phase.MOVING else 1.0
        return similarity(vector, known) >= part * self.engine.threshold.similarity

    def _keep(self, state: State, after: State, vector: Vector, score: float | None) -> None:
        if state.kept == 0:
            self.look.clear()
        self.look.append((vector, score))
        if after.known and not state.known:
            self.first = self._completed()
        if after.outcome is Outcome.LIVE:
            self.last = self._completed()

    def _completed(self) -> Vector:
        """A look that is one of the two that count."""
        scores = [score for _, score in self.look if score is not None]
        if scores:
            self.scores.append(float(np.mean(scores)))
        return _mean(self.look)

    def _ended(self, outcome: Outcome, reason: Reason | None, frames: int) -> Capture:
        passive = min(self.scores, default=None)
        face = None
        if outcome is Outcome.LIVE and passive is not None and self.passive and passive < self.passive.threshold:
            outcome, reason = Outcome.NOT_LIVE, Reason.PASSIVE_CHECK
        if outcome is Outcome.LIVE and self.first is not None and self.last is not None:
            face = LiveFace(self.first, self.last)
        return Capture(outcome, face, f"{self.challenge}:{outcome}", frames, passive, reason)


def _mean(look: list[tuple[Vector, float | None]]) -> Vector:
    total = np.sum([vector for vector, _ in look], axis=0)
    return cast("Vector", total / np.linalg.norm(total))
