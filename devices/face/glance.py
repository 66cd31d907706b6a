"""Two good frames of one person who stands still: the shortest look there is, for where a passive model tells skin from
paper. Without one, ``capture`` asks for a move.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from devices.camera.api import Frame
from devices.errors import DeviceCancelledError
from devices.face.api import Instruction, LiveFace, PassiveCheck, Vector
from devices.face.challenge import Outcome
from devices.face.spot import Judge, SpotCamera

_APART = 0.1  # seconds between the two: frames of one moment are one look
_SETTLED = 0.4  # for so long nothing else is said: nobody reads faster


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """``face`` only with Outcome.LIVE: the vectors of the two frames, each by itself."""

    outcome: Outcome
    face: LiveFace | None = None


def glance(
    camera: SpotCamera,
    judge: Judge,
    passive: PassiveCheck,
    seconds: float,
    cancel: Event,
    tell: Callable[[Instruction, float], None],
) -> Glance:
    """Look until two frames are good, or for so many seconds of the frames' own clock. Needs ``engine.load``.

    ``tell`` hears each instruction and progress (0 to 1). No frame is kept, and no vector but the two. Raises
    DeviceCancelledError (``cancel`` was set), and what Camera.frames raises.
    """
    looking = _Looking(judge, passive, seconds, tell)
    frames = camera.frames(cancel)
    try:
        for frame in frames:
            seen = looking.see(frame)
            if seen:
                return seen
        raise DeviceCancelledError
    finally:
        frames.close()


@dataclass(slots=True, eq=False, repr=False)
class _Looking:
    judge: Judge
    passive: PassiveCheck
    seconds: float
    tell: Callable[[Instruction, float], None]
    begun: float | None = None
    kept_at: float = float("-inf")
    said_at: float = float("-inf")
    said: Instruction | None = None
    looks: list[tuple[Vector, float]] = field(default_factory=list)

    def see(self, frame: Frame) -> Glance | None:
        """One frame further; a face that is lost, or another one, begins the two anew."""
        self.begun = frame.at if self.begun is None else self.begun
        if frame.at - self.begun > self.seconds:
            return Glance(Outcome.TIMED_OUT)
        if frame.at - self.kept_at < _APART:
            return None
        flaw = self._flaw(frame)
        if flaw:
            self.looks.clear()
            self._say(flaw, frame.at)
            return None
        self.kept_at = frame.at
        return self._decided() if len(self.looks) > 1 else None

    def _flaw(self, frame: Frame) -> Instruction | None:
        """What is wrong; else the frame has been kept, as a vector and what the passive model says of it."""
        face = self.judge.face(frame.image)
        if isinstance(face, Instruction):
            return face
        score = self.passive.score(frame.image, face)
        if score is None:  # too much of it outside the picture
            return Instruction.STEP_BACK
        self.looks.append((self.judge.engine.vector(frame.image, face), score))
        return None

    def _decided(self) -> Glance:
        (first, one), (last, other) = self.looks
        live = (one + other) / 2 >= self.passive.threshold
        return Glance(Outcome.LIVE, LiveFace(first, last)) if live else Glance(Outcome.NOT_LIVE)

    def _say(self, instruction: Instruction, at: float) -> None:
        if instruction is not self.said and at - self.said_at >= _SETTLED:
            self.said, self.said_at = instruction, at
            self.tell(instruction, 0.0)
