"""A first liveness challenge: look straight, turn the head to the side asked for, look back, and be one person.

    LOOKING    one face, near, straight: several frames are compared with the portrait, together
    TURNING    the head turns to the side asked for, and stays the same face
    RETURNING  it looks straight again: compared again, with the portrait and with the face of before
    DECIDED    see Outcome

Pure: fed with what was seen in each frame, it answers with the next state. Whoever calls chooses the side at random.
It stops a picture held up to the camera. It does not stop a film of the right person that turns at the right moment,
nor a mask; the camera being the kiosk's own, wired inside, is what keeps a film out of the cable.

Sides are the person's own. The camera is not mirrored: who turns to their left turns to the picture's right.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Side(StrEnum):
    """To which side to turn, from the person's own view."""

    LEFT = "left"
    RIGHT = "right"


class Instruction(StrEnum):
    """The one thing to do now."""

    NO_FACE = "no-face"
    ONE_PERSON = "one-person"
    COME_CLOSER = "come-closer"
    LOOK_STRAIGHT = "look-straight"
    HOLD_STILL = "hold-still"
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    LOOK_BACK = "look-back"


class Outcome(StrEnum):
    """How an attempt ended."""

    PASSED = "passed"
    NOT_SAME_PERSON = "not-same-person"
    NOT_LIVE = "not-live"
    TIMED_OUT = "timed-out"


class Phase(StrEnum):
    """How far an attempt is."""

    LOOKING = "looking"
    TURNING = "turning"
    RETURNING = "returning"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of the challenge. Lengths are in frame widths, yaws in eye distances (see Face.yaw), times in seconds.

    Chosen so that people of any agility can follow; the yaws were tried on warped portraits, not yet on residents.
    """

    attempt: float = 15.0  # one attempt, all in all
    turn: float = 6.0  # from the instruction to a turned head
    back: float = 5.0  # from there to a straight look
    gap: float = 0.7  # for so long a face may be lost and still be the same (a profile is easily lost)
    near: float = 0.16  # width of a face that has the pixels to be compared: 100 of 640
    jump: float = 0.6  # of the face's width: moved further between two frames, it is another face
    bystander: float = 0.6  # faces narrower than this part of the widest stand behind, and do not count
    straight: float = 0.22  # yaw up to which a look is straight; people hold their heads up to 0.15 off
    again: float = 0.12  # yaw from the first straight look, within which the second one is
    turned: float = 0.20  # change of yaw from the straight look: some 20 degrees
    beyond: float = 0.08  # and yaw itself, so that straightening up is not a turn
    frames: int = 5  # compared together: averaging five vectors is as good as it gets
    patience: int = 15  # frames that may be compared until another person is declared
    held: int = 3  # frames in a row for a turn to count, to either side
    turned_likeness: float = 0.25  # of a turned face to the straight one before: half of what the same face has


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face in one frame: yaw as in Face.yaw; width and centre in frame widths."""

    yaw: float
    width: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame showed: faces, widest first; ``at`` monotonic, in seconds.

    ``likeness`` (the face, averaged over the phase's frames, to the portrait) and ``continuity`` (to the face that
    looked straight first) are cosine similarities; None when this frame was not to be compared (``wants_vector``).
    """

    at: float
    faces: tuple[Sighting, ...]
    likeness: float | None = None
    continuity: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """``compared``: frames that entered the likeness of this phase. ``held``, ``wrong``: frames in a row that showed
    the head turned to the side asked for, and to the other. ``score``: the lowest likeness that was decided on."""

    started: float
    since: float
    phase: Phase = Phase.LOOKING
    instruction: Instruction = Instruction.LOOK_STRAIGHT
    progress: float = 0.0
    compared: int = 0
    held: int = 0
    wrong: int = 0
    straight_yaw: float = 0.0
    last: Sighting | None = None
    last_at: float = 0.0
    score: float = 0.0
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """``similarity``: from which likeness two faces count as one person (Threshold.similarity)."""

    side: Side
    similarity: float
    rules: Rules = Rules()

    def begin(self, at: float) -> State:
        """The state before the first frame."""
        return State(started=at, since=at, last_at=at)

    def wants_vector(self, state: State, faces: tuple[Sighting, ...]) -> bool:
        """Whether the first face of this frame is to be compared: that costs more than finding it."""
        if self._obstacle(faces) or not self._follows(state, faces[0]):
            return False
        if state.phase is Phase.TURNING:
            return self._turn(state, faces[0]) >= self.rules.turned
        if state.phase is Phase.RETURNING and abs(faces[0].yaw - state.straight_yaw) > self.rules.again:
            return False
        return state.phase is not Phase.DECIDED and abs(faces[0].yaw) <= self.rules.straight

    def advance(self, state: State, seen: Observation) -> State:
        """The state after one more frame."""
        if state.phase is Phase.DECIDED:
            return state
        if seen.at - state.started >= self.rules.attempt:
            return _decided(state, Outcome.TIMED_OUT)
        obstacle = self._obstacle(seen.faces)
        if obstacle:
            return self._without_face(state, seen, obstacle)
        return self._with_face(state, seen, seen.faces[0])

    def _with_face(self, state: State, seen: Observation, face: Sighting) -> State:
        if not self._follows(state, face):
            return replace(self._again(state, seen.at), last=face, last_at=seen.at)
        state = replace(state, last=face, last_at=seen.at)
        if state.phase is Phase.LOOKING:
            return self._looking(state, seen, face)
        if state.phase is Phase.TURNING:
            return self._turning(state, seen, face)
        return self._returning(state, seen)

    def _looking(self, state: State, seen: Observation, face: Sighting) -> State:
        if seen.likeness is None:
            return replace(state, instruction=Instruction.LOOK_STRAIGHT)
        compared = state.compared + 1
        yaw = state.straight_yaw + (face.yaw - state.straight_yaw) / compared
        state = replace(state, compared=compared, straight_yaw=yaw, score=seen.likeness)
        if compared >= self.rules.frames and seen.likeness >= self.similarity:
            return self._enter(state, Phase.TURNING, seen.at)
        if compared >= self.rules.patience:
            return _decided(state, Outcome.NOT_SAME_PERSON)
        progress = 0.35 * min(compared / self.rules.frames, 1)
        return replace(state, instruction=Instruction.HOLD_STILL, progress=progress)

    def _turning(self, state: State, seen: Observation, face: Sighting) -> State:
        turn = self._turn(state, face)
        same = seen.continuity is not None and seen.continuity >= self.rules.turned_likeness
        held = state.held + 1 if turn >= self.rules.turned and same else 0
        wrong = state.wrong + 1 if turn <= -self.rules.turned else 0
        if held >= self.rules.held:
            return self._enter(state, Phase.RETURNING, seen.at)
        if wrong >= self.rules.held or seen.at - state.since >= self.rules.turn:
            return _decided(state, Outcome.NOT_LIVE)
        return replace(state, held=held, wrong=wrong)

    def _returning(self, state: State, seen: Observation) -> State:
        if seen.at - state.since >= self.rules.back:
            return _decided(state, Outcome.TIMED_OUT)
        if seen.likeness is None or seen.continuity is None:
            return replace(state, compared=0)  # on its way: only a run of frames shows where the head has come to rest
        state = replace(state, compared=state.compared + 1)
        if state.compared >= self.rules.frames and min(seen.likeness, seen.continuity) >= self.similarity:
            return _decided(replace(state, score=min(state.score, seen.likeness)), Outcome.PASSED)
        if state.compared >= self.rules.patience:
            return _decided(replace(state, score=min(state.score, seen.likeness)), Outcome.NOT_SAME_PERSON)
        return replace(state, progress=0.7 + 0.3 * min(state.compared / self.rules.frames, 1))

    def _obstacle(self, faces: tuple[Sighting, ...]) -> Instruction | None:
        if not faces:
            return Instruction.NO_FACE
        if len(faces) > 1 and faces[1].width >= self.rules.bystander * faces[0].width:
            return Instruction.ONE_PERSON
        if faces[0].width < self.rules.near:
            return Instruction.COME_CLOSER
        return None

    def _follows(self, state: State, face: Sighting) -> bool:
        """Whether the face is where the last one was."""
        if state.last is None:
            return True
        return abs(face.x - state.last.x) + abs(face.y - state.last.y) <= self.rules.jump * state.last.width

    def _without_face(self, state: State, seen: Observation, obstacle: Instruction) -> State:
        if state.phase is Phase.TURNING and seen.at - state.since >= self.rules.turn:
            return _decided(state, Outcome.NOT_LIVE)
        if obstacle is Instruction.NO_FACE and state.last and seen.at - state.last_at < self.rules.gap:
            return state
        return replace(self._again(state, seen.at), instruction=obstacle)

    def _again(self, state: State, at: float) -> State:
        """Whoever comes now has to show it all, within the same attempt."""
        return replace(self.begin(at), started=state.started)

    def _turn(self, state: State, face: Sighting) -> float:
        """How far the head turned to the side asked for since it looked straight; 0 while it still looks straight."""
        sign = 1 if self.side is Side.LEFT else -1
        change = sign * (face.yaw - state.straight_yaw)
        return change if change * sign * face.yaw > 0 and abs(face.yaw) >= self.rules.beyond else 0.0

    def _enter(self, state: State, phase: Phase, at: float) -> State:
        turn = Instruction.TURN_LEFT if self.side is Side.LEFT else Instruction.TURN_RIGHT
        instruction, progress = (turn, 0.35) if phase is Phase.TURNING else (Instruction.LOOK_BACK, 0.7)
        return replace(
            state, phase=phase, since=at, instruction=instruction, progress=progress, compared=0, held=0, wrong=0
        )


def _decided(state: State, outcome: Outcome) -> State:
    progress = 1.0 if outcome is Outcome.PASSED else state.progress
    return replace(state, phase=Phase.DECIDED, outcome=outcome, progress=progress)
