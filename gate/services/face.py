"""A face at the gate: compared when somebody asks for it at the marked spot, and at no other time.

Between two asks the camera is closed and no model runs. One ask is one decision on two looks at one person, each of
which has to be most like the same holder and reach the threshold by itself: a stranger gets in no more often than by
one look alone, however much the two looks depend on each other (docs/face-at-the-gate.md). Pictures and vectors are
local to the ask, and gone with it.

With a passive model the looks are two good frames. **Without one a printed picture would do**: then the person is asked
for one move of the head, drawn at random, and the looks are those before it and after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Protocol, TypeVar

import numpy as np

from devices.camera.api import Camera, Frame
from devices.face.api import FaceEngine, Instruction, LiveFace, PassiveCheck
from devices.face.capture import Capture, capture
from devices.face.challenge import SEQUENCES, Challenge, Move, Outcome, Rules
from devices.face.gallery import Gallery
from devices.face.glance import Glance, glance
from devices.face.identification import NotOffered, Offer, OperatingPoints, Why, offered
from devices.face.spot import Judge, Spot, SpotCamera
from devices.face.template import Template, mean
from gate.flows.admission import FaceOf
from gate.services.refusals import Refusals

Tell = Callable[[Instruction, float], None]
"""Hears each instruction and progress (0 to 1), on the calling thread."""
_T = TypeVar("_T")


class Choose(Protocol):
    """``secrets.choice``."""

    def __call__(self, of: Sequence[_T], /) -> _T:
        """One of them, each as likely as the others."""


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody whom this gate knows, or two whom it can't tell apart, or no living face. Which, is told to nobody."""


@dataclass(frozen=True, slots=True)
class NoFace:
    """There was no look at a good face in time: no judgement on anybody. ``said``: what was asked for last."""

    said: Instruction


@dataclass(frozen=True, slots=True)
class NoTemplate:
    """None was made. ``outcome``: TIMED_OUT, or NOT_LIVE. ``said``: what was asked for last."""

    outcome: Outcome
    said: Instruction


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an ask lasts, in seconds of the frames' own clock: a door is no place to wait at. ``seconds``: for two
    good frames; ``move``: when a move of the head is asked for as well."""

    seconds: float = 6.0
    move: Rules = field(default_factory=lambda: Rules(look=6.0, move=6.0, back=5.0, attempt=20.0, frames=3))


@dataclass(frozen=True, slots=True)
class FaceAtGate:
    """Blocking; one ask at a time. ``gallery``: of ``engine.model`` as it is after ``load``. ``measured``: of the same
    pack (operating_points). ``fpir``: the policy's, as it is now; None: no face at this door. ``passive`` None: there
    is no model for it here. ``refusals``: a false-positive rate is one of an ask, and whoever shows a hundred faces to
    a door asks a hundred times."""

    camera: Camera
    engine: FaceEngine
    gallery: Gallery
    measured: OperatingPoints | None
    fpir: Callable[[], float | None]
    choose: Choose
    refusals: Refusals
    passive: PassiveCheck | None = None
    spot: Spot = field(default_factory=Spot)
    patience: Patience = field(default_factory=Patience)

    def offer(self) -> Offer | NotOffered:
        """Whether the target is there at all, now. Looks at nobody."""
        offer = offered(self.measured, self.fpir(), self.gallery.vectors)
        return NotOffered(Why.RESTING) if isinstance(offer, Offer) and self.refusals.resting() else offer

    def look(self, cancel: Event, tell: Tell) -> FaceOf | NoMatch | NoFace | NotOffered:
        """One ask; whether FaceOf's holder may come in is Admit's to say. Raises DeviceCancelledError (``cancel`` was
        set), DeviceMisconfiguredError (the pack or the passive model), and what Camera.frames raises."""
        offer = self.offer()
        if isinstance(offer, NotOffered):
            return offer
        heard = _Heard(tell)
        seen = self._seen(cancel, heard)
        if seen.outcome is Outcome.TIMED_OUT:
            return NoFace(heard.last)
        found = self._whose(seen.face, offer.similarity) if seen.face is not None else NoMatch()
        if isinstance(found, NoMatch):
            self.refusals.note()
        return found

    def make_template(self, cancel: Event, tell: Tell) -> Template | NoTemplate:
        """Somebody who has consented, and whose slip has just opened, gives their face: the challenge of a kiosk (two
        or three moves), and the mean of ten good frames of one living face. Nothing is added to the gallery. Raises
        as ``look``."""
        heard = _Heard(tell)
        self.engine.load()
        seen = self._captured(self.choose(SEQUENCES), Rules(), cancel, heard)
        if seen.face is None:
            return NoTemplate(seen.outcome, heard.last)
        return Template(self.engine.model, np.stack([mean([seen.face.first, seen.face.last])]))

    def _seen(self, cancel: Event, tell: Tell) -> Glance | Capture:
        self.engine.load()
        if self.passive is None:
            return self._captured((self.choose(tuple(Move)),), self.patience.move, cancel, tell)
        judge = Judge(self.engine, self.spot.rules())
        return glance(SpotCamera(self.camera, self.spot), judge, self.passive, self.patience.seconds, cancel, tell)

    def _captured(self, moves: tuple[Move, ...], rules: Rules, cancel: Event, tell: Tell) -> Capture:
        challenge = Challenge(moves, replace(rules, quality=self.spot.rules()))
        camera = SpotCamera(self.camera, self.spot)
        return capture(camera, self.engine, challenge, cancel, tell, _shown_nowhere, self.passive)

    def _whose(self, face: LiveFace, threshold: float) -> FaceOf | NoMatch:
        """Both looks by themselves; ``other``: who is like two holders is taken for neither."""
        bests = [self.gallery.search(look) for look in (face.first, face.last)]
        holders = {best.holder if best and best.other < threshold <= best.score else None for best in bests}
        (holder, *others) = holders
        return FaceOf(holder) if holder is not None and not others else NoMatch()


@dataclass(slots=True, eq=False, repr=False)
class _Heard:
    """Passes on what is said, and remembers the last of it."""

    tell: Tell
    last: Instruction = Instruction.NO_FACE

    def __call__(self, instruction: Instruction, progress: float) -> None:
        self.last = instruction
        self.tell(instruction, progress)


def _shown_nowhere(_frame: Frame) -> None:
    """A gate stands in the street: it shows nobody's picture."""
