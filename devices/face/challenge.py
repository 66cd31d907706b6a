"""The liveness challenge: look straight, make the moves that were asked for, look straight after each, be one person.

    LOOKING   one face, well in the picture, straight: several good frames are averaged. Before the first move, between
              the moves and after the last
    MOVING    the head turns or nods to the side asked for, and stays the same face
    DECIDED   see Outcome

Pure: fed with what was seen in each frame, it answers with the next state. Which moves, and how many, is chosen at
random at the start of each attempt (``Challenge.random``). What this refuses, and what it cannot, is in
docs/liveness.md.

Sides are the person's own. The camera is not mirrored: who turns to their left turns to the picture's right.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from typing import Self

from devices.face import quality
from devices.face.api import Instruction
from devices.face.quality import Rules as QualityRules
from devices.face.quality import Sighting


class Move(StrEnum):
    """What the head can be asked for; five points of a face tell these four apart."""

    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    LOOK_UP = "look-up"
    LOOK_DOWN = "look-down"


class Outcome(StrEnum):
    """How a capture ended. TIMED_OUT is no judgement on anybody."""

    LIVE = "live"
    NOT_LIVE = "not-live"
    TIMED_OUT = "timed-out"


class Reason(StrEnum):
    """What an outcome that is not LIVE was decided on; for the technician and the tests, never for the resident."""

    COPIED_FRAMES = "copied-frames"
    NO_MOVE = "no-move"
    WRONG_MOVE = "wrong-move"
    ANOTHER_FACE = "another-face"  # by its likeness
    FACE_JUMPED = "face-jumped"
    FACE_LOST = "face-lost"
    PASSIVE_CHECK = "passive-check"
    NO_STRAIGHT_LOOK = "no-straight-look"
    TOO_LONG = "too-long"


class Phase(StrEnum):
    """What is asked for now."""

    LOOKING = "looking"
    MOVING = "moving"
    DECIDED = "decided"


SEQUENCES = tuple(moves for length in (2, 3) for moves in product(Move, repeat=length))
"""Every sequence that may be asked for: 80, each as likely as the others. Whoever has prepared for the best three moves
is right once in 40 attempts: for those three, and for their first two alone."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of the challenge. Angles as in Face.yaw and Face.pitch, times in seconds of the frames' own clock.

    Chosen so that people of any agility can follow; tried on warped portraits, not yet on residents.
    """

    look: float = 15.0  # for the first straight look: finding one's place takes longest
    move: float = 8.0  # from the instruction (two of them go by while it is spoken) to the head's being there
    back: float = 6.0  # from there to the straight look after it
    attempt: float = 60.0  # all in all; also while somebody else is asked to step back, which costs a step no time
    tick: float = 0.5  # a frame counts for no more than this: a machine that slept for a moment has not waited
    gap: float = 1.0  # for so long a face may be lost and still be the same (a profile is easily lost)
    jump: float = 0.6  # of the face's width: moved further in ``instant`` (or less), it is another face
    instant: float = 0.2  # in more time a face may move further: frames are lost when a machine is busy
    turned: float = 0.25  # change of yaw from the straight look: some 25 degrees; pictures tilted by 45 show 0.15
    beyond: float = 0.08  # and yaw itself, so that straightening up is not a turn
    nodded: float = 0.08  # change of pitch: some 20 degrees; pictures tilted by 60 show 0.06
    weighed: float = 0.65  # of a nod against a turn, each by its own limit: heads that turn rise or sink a little
    again_yaw: float = 0.13  # from the first straight look, within which the head is back
    again_pitch: float = 0.06
    frames: int = 5  # good ones that are averaged, first and last: more add nothing
    between: int = 3  # and between the moves, where only continuity is at stake
    patience: int = 8  # frames of one look that may differ from the first look's face until this is somebody else
    held: int = 3  # frames in a row, and ...
    hold: float = 0.25  # ... seconds, for a move to count: the one asked for, and just so another one, or a film that
    # shows each of the four too shortly to be wrong would do for all of them
    quality: QualityRules = field(default_factory=QualityRules)


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame showed. ``at``: monotonic, seconds; ``faces``: widest first.

    ``flaw``: what is wrong with the picture (quality.picture), where that was looked at. ``same``: whether this is the
    face of the first look (while that one is running: of its frames so far), None where that was not asked
    (``wants_vector``) or nothing is known yet. ``stale``: the stream shows what it has shown before (freshness), so it
    shows nobody.
    """

    at: float
    faces: tuple[Sighting, ...]
    flaw: Instruction | None = None
    same: bool | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """``total``, ``spent``, ``lost``: seconds of the attempt, of this step, and without a face. ``done``: moves made.

    ``kept``: good frames of this look; ``others``: those that showed somebody else; ``shown``: the move that the head
    shows, for ``held`` frames and ``held_for`` seconds in a row. ``first``: the averaged first look, complete once
    ``known``; ``last``: where the face was last.
    """

    last_at: float
    total: float = 0.0
    spent: float = 0.0
    lost: float = 0.0
    phase: Phase = Phase.LOOKING
    done: int = 0
    instruction: Instruction = Instruction.LOOK_STRAIGHT
    progress: float = 0.0
    kept: int = 0
    others: int = 0
    shown: Move | None = None
    held: int = 0
    held_for: float = 0.0
    first: Sighting | None = None
    known: bool = False
    last: Sighting | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """One attempt's moves."""

    moves: tuple[Move, ...]
    rules: Rules = field(default_factory=Rules)

    @classmethod
    def random(cls, choose: Callable[[Sequence[tuple[Move, ...]]], tuple[Move, ...]]) -> Self:
        """Any of SEQUENCES; ``choose`` is ``secrets.choice``."""
        return cls(choose(SEQUENCES))

    def __str__(self) -> str:
        return ",".join(self.moves)

    def begin(self, at: float) -> State:
        """The state before the first frame."""
        return State(last_at=at)

    def own(self, state: State, faces: tuple[Sighting, ...]) -> int | None:
        """Which face is the resident's: the widest at first, then the one nearest to where it was."""
        near = self._near(state, faces)
        if not near or state.last is None:
            return near[0] if near else None
        last = state.last
        return min(near, key=lambda index: _distance(faces[index], last))

    def wants_pixels(self, state: State, faces: tuple[Sighting, ...]) -> bool:
        """Whether light, blur and covered parts are to be looked at: only where frames are kept."""
        return state.phase is Phase.LOOKING and bool(faces) and self._obstacle(state, faces) is None

    def wants_vector(self, state: State, faces: tuple[Sighting, ...], flaw: Instruction | None) -> bool:
        """Whether the resident's face is to be compared: that costs more than finding it."""
        own = self.own(state, faces)
        if state.phase is not Phase.MOVING or own is None:
            return flaw is None and self.wants_pixels(state, faces)
        return len(self._near(state, faces)) == 1 and self._pose(state, faces[own]) is self.moves[state.done]

    def advance(self, state: State, seen: Observation) -> State:
        """The state after one more frame."""
        if state.phase is Phase.DECIDED:
            return state
        since = seen.at - state.last_at
        passed = min(max(since, 0.0), self.rules.tick)
        state = replace(state, last_at=seen.at, total=state.total + passed)
        end = Reason.COPIED_FRAMES if seen.stale else Reason.TOO_LONG if state.total >= self.rules.attempt else None
        if end:
            return _decided(state, end)
        own = self.own(state, seen.faces)
        if own is None:
            return self._without_face(state, seen, passed)
        if self._jumped(state, seen.faces[own], since + state.lost):
            return self._somebody_else(state, seen.faces[own], Reason.FACE_JUMPED)
        return self._seen(replace(state, last=seen.faces[own], lost=0.0), seen, own, passed)

    def _jumped(self, state: State, face: Sighting, since: float) -> bool:
        """Whether it is further away than a face gets in the time since it was last seen."""
        reach = self.rules.jump * max(since / self.rules.instant, 1.0)
        return state.last is not None and _distance(face, state.last) > reach

    def _seen(self, state: State, seen: Observation, own: int, passed: float) -> State:
        if len(self._near(state, seen.faces)) > 1:
            return self._interrupted(state)
        state = replace(state, spent=state.spent + passed)
        late = self._late(state)
        if late:
            return _decided(state, late)
        if state.phase is Phase.MOVING:
            return self._moving(state, seen, seen.faces[own], passed)
        return self._looking(state, seen, seen.faces[own])

    def _looking(self, state: State, seen: Observation, face: Sighting) -> State:
        obstacle = self._obstacle(state, seen.faces) or seen.flaw
        if obstacle:
            back = state.done and obstacle is Instruction.LOOK_STRAIGHT
            return replace(state, instruction=Instruction.LOOK_BACK if back else obstacle)
        if not state.known and seen.same is False:  # or one look would average two people, and be like either
            return self._somebody_else(state, face, Reason.ANOTHER_FACE)
        if state.known and not seen.same:
            others = state.others + 1
            state = replace(state, others=others)
            return _decided(state, Reason.ANOTHER_FACE) if others >= self.rules.patience else state
        first = state.first if state.known else _averaged(state.first, face, state.kept)
        instruction = Instruction.LOOK_BACK if state.done else Instruction.HOLD_STILL
        return self._kept(replace(state, kept=state.kept + 1, first=first, instruction=instruction))

    def _kept(self, state: State) -> State:
        last = state.done == len(self.moves)
        enough = self.rules.frames if last or not state.known else self.rules.between
        if state.kept < enough:
            return self._progressed(state, state.kept / enough)
        if last:
            return replace(state, phase=Phase.DECIDED, progress=1.0, outcome=Outcome.LIVE)
        return self._enter(replace(state, known=True), Phase.MOVING)

    def _moving(self, state: State, seen: Observation, face: Sighting, passed: float) -> State:
        pose, asked = self._pose(state, face), self.moves[state.done]
        if pose is None or (pose is asked and not seen.same):
            return replace(_loose(state), instruction=_said(asked))
        state = state if pose is state.shown else _loose(state)
        state = replace(state, shown=pose, held=state.held + 1, held_for=state.held_for + passed)
        if state.held < self.rules.held or state.held_for < self.rules.hold:
            return replace(state, instruction=_said(asked))
        if pose is asked:
            return self._enter(replace(state, done=state.done + 1), Phase.LOOKING)
        return _decided(state, Reason.WRONG_MOVE)

    def _without_face(self, state: State, seen: Observation, passed: float) -> State:
        state = replace(_loose(state), lost=state.lost + passed, spent=state.spent + passed)
        late = self._late(state)
        if late:
            return _decided(state, late)
        if state.lost > self.rules.gap:
            state = replace(state, instruction=seen.flaw or Instruction.NO_FACE)
            return self._somebody_else(state, None, Reason.FACE_LOST)
        return state if state.known else replace(state, instruction=seen.flaw or Instruction.NO_FACE)

    def _somebody_else(self, state: State, face: Sighting | None, reason: Reason) -> State:
        """Whoever comes before the first look is complete begins it anew; after it, nobody else may come."""
        if state.known:
            return _decided(state, reason)
        return replace(state, last=face, first=None, kept=0, others=0)

    def _interrupted(self, state: State) -> State:
        """Somebody stands as near. Nobody is refused for that: the step begins again when they have stepped back."""
        spent = 0.0 if state.phase is Phase.MOVING else state.spent
        first = state.first if state.known else None
        state = replace(_loose(state), phase=Phase.LOOKING, spent=spent, first=first, kept=0)
        return replace(state, instruction=Instruction.ONE_PERSON)

    def _late(self, state: State) -> Reason | None:
        if state.phase is Phase.MOVING:
            return Reason.NO_MOVE if state.spent >= self.rules.move else None
        return Reason.NO_STRAIGHT_LOOK if state.spent >= (self.rules.back if state.known else self.rules.look) else None

    def _obstacle(self, state: State, faces: tuple[Sighting, ...]) -> Instruction | None:
        own = self.own(state, faces)
        if own is None:
            return Instruction.NO_FACE
        if len(self._near(state, faces)) > 1:
            return Instruction.ONE_PERSON
        framing = quality.framing(faces[own], self.rules.quality)
        if framing or not state.known:
            return framing or quality.posture(faces[own], self.rules.quality)
        return None if self._is_back(state, faces[own]) else Instruction.LOOK_STRAIGHT

    def _near(self, state: State, faces: tuple[Sighting, ...]) -> list[int]:
        """The faces that count, widest first; a helper who stands further back does not."""
        widest = state.first.width if state.known and state.first else max((face.width for face in faces), default=0)
        return [index for index, face in enumerate(faces) if face.width >= self.rules.quality.bystander * widest]

    def _is_back(self, state: State, face: Sighting) -> bool:
        turn, nod = _change(state, face)
        return abs(turn) <= self.rules.again_yaw and abs(nod) <= self.rules.again_pitch

    def _pose(self, state: State, face: Sighting) -> Move | None:
        """The one move that the head shows, against the first look: a slanting one counts for its greater part."""
        turn, nod = _change(state, face)
        if abs(turn) / self.rules.turned >= self.rules.weighed * abs(nod) / self.rules.nodded:
            far = abs(turn) >= self.rules.turned and abs(face.yaw) >= self.rules.beyond and turn * face.yaw > 0
            return (Move.TURN_LEFT if turn > 0 else Move.TURN_RIGHT) if far else None
        return (Move.LOOK_DOWN if nod > 0 else Move.LOOK_UP) if abs(nod) >= self.rules.nodded else None

    def _enter(self, state: State, phase: Phase) -> State:
        instruction = _said(self.moves[state.done]) if phase is Phase.MOVING else Instruction.LOOK_BACK
        state = replace(_loose(state), phase=phase, spent=0.0, kept=0, others=0, instruction=instruction)
        return self._progressed(state, 1.0 if phase is Phase.MOVING else 0.0)

    def _progressed(self, state: State, part: float) -> State:
        """The looks and moves that are made, and the part of the running look; it never goes back."""
        made = (2 * state.done + part) / (2 * len(self.moves) + 1)
        return replace(state, progress=max(state.progress, min(made, 1.0)))


def _said(move: Move) -> Instruction:
    return Instruction(move.value)


def _loose(state: State) -> State:
    """No move is being held."""
    return replace(state, shown=None, held=0, held_for=0.0)


def _change(state: State, face: Sighting) -> tuple[float, float]:
    """Yaw and pitch against the first look."""
    return (face.yaw - state.first.yaw, face.pitch - state.first.pitch) if state.first else (0.0, 0.0)


def _averaged(mean: Sighting | None, face: Sighting, kept: int) -> Sighting:
    """Yaw and pitch of the look so far, with one more frame; the box is the last one's."""
    if mean is None or not kept:
        return face
    yaw, pitch = (old + (new - old) / (kept + 1) for old, new in ((mean.yaw, face.yaw), (mean.pitch, face.pitch)))
    return replace(face, yaw=yaw, pitch=pitch)


def _distance(face: Sighting, last: Sighting) -> float:
    """How far it has moved, in its own former widths."""
    return math.hypot(face.x - last.x, face.y - last.y) / max(last.width, 1e-3)


def _decided(state: State, reason: Reason) -> State:
    """Not moving is what a picture does; not looking straight is not."""
    slow = reason in {Reason.NO_STRAIGHT_LOOK, Reason.TOO_LONG}
    return replace(state, phase=Phase.DECIDED, reason=reason, outcome=Outcome.TIMED_OUT if slow else Outcome.NOT_LIVE)
