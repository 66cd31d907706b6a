"""What whoever stands before a gate's camera is told: everything once, and nothing twice."""

from dataclasses import dataclass, field
from threading import Event
from typing import Any, cast

import pytest

from devices.errors import DeviceTimeoutError
from devices.face.api import Instruction
from gate.flows.admission import FaceOf
from gate.flows.happenings import FaceInstructed
from gate.services.enrol_face import Consent
from gate.services.face import Tell
from gate.services.face_desk import FaceDesk, Models
from gate.services.instructing import Instructing

Said = tuple[Instruction, float]
EACH: list[Said] = [(each, 0.0) for each in Instruction]
FOUND = FaceOf("holder")


@dataclass
class Telling:
    """The far end of a desk: says what it is given, whatever is asked of it."""

    says: list[Said]
    fails: bool = False
    refreshed: list[str] = field(default_factory=list)

    def look(self, cancel: Event, tell: Tell) -> FaceOf:
        assert not cancel.is_set()
        self._told(tell)
        return FOUND

    def make(self, consent: Consent, cancel: Event, tell: Tell) -> bool:
        assert consent.holder
        assert not cancel.is_set()
        return self._told(tell)

    def refresh(self) -> int:
        self.refreshed.append("once")
        return 0

    def _told(self, tell: Tell) -> bool:
        for instruction, progress in self.says:
            tell(instruction, progress)
        if self.fails:
            raise DeviceTimeoutError("no new frame")
        return True


def _desk(end: Telling) -> FaceDesk:
    desk = FaceDesk(lambda: cast("Any", Models(*[cast("Any", end)] * 3)), lambda: 0.01)
    desk.load()
    return desk


@pytest.mark.parametrize("fails", [False, True])
def test_the_desk_tells_every_instruction_of_a_look_and_of_an_enrolment(*, fails: bool) -> None:
    """Also of one that comes to nothing."""
    told: list[FaceInstructed] = []
    desk = _desk(Telling(EACH, fails))
    assert desk.look(Event(), told.append) == (None if fails else FOUND)
    assert desk.enrol(Consent("holder", "consent"), Event(), told.append) is not fails
    assert told == [FaceInstructed(each.value, 0.0) for each in Instruction] * 2


def test_each_ask_begins_anew() -> None:
    told: list[FaceInstructed] = []
    desk = _desk(Telling([(Instruction.HOLD_STILL, 0.7)]))
    for _ in range(2):
        desk.look(Event(), told.append)
    assert told == [FaceInstructed("hold-still", 0.7)] * 2


def test_a_camera_s_thirty_frames_a_second_are_no_thirty_events() -> None:
    """One for a change of the instruction, one for a tenth of the progress, which never goes back."""
    told: list[FaceInstructed] = []
    instructing = Instructing(told.append)
    for frame in range(300):
        instructing(Instruction.HOLD_STILL, frame / 1000)
    for progress in (0.1, 0.3, 0.2, 0.3):
        instructing(Instruction.TURN_LEFT, progress)
    instructing(Instruction.LOOK_BACK, 1.0)
    assert told == [
        *(FaceInstructed("hold-still", tenths / 10) for tenths in range(3)),
        FaceInstructed("turn-left", 0.2),
        FaceInstructed("turn-left", 0.3),
        FaceInstructed("look-back", 1.0),
    ]
