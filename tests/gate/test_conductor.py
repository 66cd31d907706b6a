"""The gate's conductor: the reader's thread decides and opens, the screen draws, and a late answer is nobody's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Thread, get_ident
from typing import Any, cast

import pytest

from civic.comfort import Language
from civic.flow import Event
from civic.masking import Personal
from gate.conductor import Conductor, Desks
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows.admission import Admitted, Decision, FaceOf, Kind, NotAdmitted, Reason
from gate.presenters.gallery import SITE
from gate.presenters.surroundings import Surroundings
from gate.services.enrol_face import Consent
from gate.services.instructing import Say
from gate.services.reading import Shown
from terminal.jobs import Jobs
from terminal.machine import Groups, MachineGroup, MachineRow
from terminal.texts import Catalogue
from terminal.views import GateIdleView, TableView
from tests.support.clocks import StillClock
from tests.support.kiosk_room import ASSETS
from tests.support.remembering import RememberingScreen, Speaker

WORDS = Catalogue.load(ASSETS / "texts" / "gate")
SLIP = Admitted("grant", "holder", "credential", Kind.SLIP)
CARD = Admitted("grant", "holder", "credential", Kind.CARD)
OTHER_SLIP = Admitted("another", "somebody else", "other", Kind.SLIP)
OVER = NotAdmitted(Reason.OVER)


@dataclass
class Door:
    """A passage that decides as it is told, when it is let; ``did``: what, and in which thread."""

    decision: Decision = CARD
    answers: bool = True
    may: Flag = field(default_factory=Flag)
    came: Flag = field(default_factory=Flag)
    did: list[tuple[str, int]] = field(default_factory=list)
    shown: list[object] = field(default_factory=list)

    def decide(self, what: object) -> Decision:
        self.shown.append(what)
        self.came.set()
        assert self.may.wait(5)
        self.did.append(("decided", get_ident()))
        return self.decision

    def open(self) -> bool:
        self.did.append(("opened", get_ident()))
        return self.answers


@dataclass
class Faces:
    """A camera's end: whom it finds, who has consented, and whether a template comes of it."""

    found: FaceOf | None = None
    asks: Consent | None = None
    makes: bool = True
    cancel: Flag | None = None
    says: list[Say] = field(default_factory=list)

    def look(self, cancel: Flag, say: Say) -> FaceOf | None:
        self.cancel = cancel
        self.says.append(say)
        say(h.FaceInstructed("come-closer", 0.0))
        return self.found

    def consent(self, admitted: Admitted) -> Consent | None:
        return self.asks if admitted.kind is Kind.SLIP else None

    def enrol(self, consent: Consent, _cancel: Flag, say: Say) -> bool:
        assert consent is self.asks
        self.says.append(say)
        say(h.FaceInstructed("turn-left", 0.5))
        return self.makes


@dataclass
class Technician:
    """A technician's end: which PIN is right, and what was asked of it."""

    right: str = "27182818"
    asked: list[str] = field(default_factory=list)

    def check(self, pin: Personal) -> t.PinAccepted | t.PinRefused:
        self.asked.append("pin")
        return t.PinAccepted() if pin.reveal() == self.right else t.PinRefused()

    def try_door(self) -> t.DoorTested:
        self.asked.append("door")
        return t.DoorTested(opened=True)

    def leave(self) -> None:
        self.asked.append("left")

    def machine(self) -> Groups:
        return (MachineGroup("devices", (MachineRow("door", state="ok"),)),)


class Room:
    """A conductor, its jobs, and a screen that remembers."""

    def __init__(self) -> None:
        self.bell, self.clock, self.screen, self.speaker = Flag(), StillClock(), RememberingScreen(), Speaker()
        self.door, self.faces, self.technician = Door(), Faces(), Technician()
        self.door.may.set()
        self.jobs: Jobs[Event] = Jobs(self.bell.set)
        desks = Desks(cast("Any", self.door), cast("Any", self.faces), self.speaker, cast("Any", self.technician))
        self.conductor = Conductor(self.screen, desks, self._around, self.jobs, self.clock)
        self.conductor.begin()

    @property
    def at(self) -> s.At:
        return self.conductor.terminal.at

    def is_at(self, kind: type[s.At]) -> None:
        self.until(lambda: isinstance(self.at, kind))

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(500):
            self.conductor.drain()
            if true():
                return
            self.bell.wait(0.01)
            self.bell.clear()
        raise AssertionError(f"{self.at} is there")

    def _around(self, language: Language) -> Surroundings:
        return Surroundings(WORDS.in_language(language.value), self.clock.now(), SITE)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.door.may.set()
    made.jobs.close()


def test_whoever_reads_a_card_decides_and_opens_in_that_thread(room: Room) -> None:
    """Before the screen has drawn anything of it."""
    shown = room.screen.view
    room.conductor.presented("a card")
    assert room.door.did == [("decided", get_ident()), ("opened", get_ident())]
    assert room.screen.view is shown
    assert isinstance(room.at, s.Opened)
    room.conductor.drain()
    assert room.screen.view is not shown


def test_a_refusal_opens_nothing(room: Room) -> None:
    room.door.decision = OVER
    room.conductor.presented("a card")
    assert [what for what, _ in room.door.did] == ["decided"]
    assert isinstance(room.at, s.Refused)


def test_a_door_that_does_not_answer_is_said(room: Room) -> None:
    room.door.answers = False
    room.conductor.presented("a card")
    assert isinstance(room.at, s.DoorOffline)


def test_a_door_that_fails_for_one_is_not_said_to_the_next(room: Room) -> None:
    """The controller hung, and answers for the first when the second stands in an open door."""
    first, hangs = room.door, Flag()
    opened = first.open
    first.open = lambda: hangs.wait(5) and False  # type: ignore[method-assign]
    reader = Thread(target=room.conductor.presented, args=("the first one's card",))
    reader.start()
    room.is_at(s.Opened)
    first.open = opened  # type: ignore[method-assign]
    room.clock.pass_by(60)
    room.conductor.tick()
    room.conductor.presented("the second one's card")
    hangs.set()
    reader.join(5)
    assert isinstance(room.at, s.Opened)


@pytest.mark.parametrize("meanwhile", ["fire", "time"])
def test_a_decision_that_comes_too_late_opens_nothing(room: Room, meanwhile: str) -> None:
    """The disk hung, and meanwhile whoever it was about was sent on."""
    room.door.may.clear()
    reader = Thread(target=room.conductor.presented, args=("a card",))
    reader.start()
    assert room.door.came.wait(5)
    assert isinstance(room.at, s.Deciding)
    if meanwhile == "fire":
        room.conductor.dispatch(h.ConditionsChanged(s.Conditions(fire=True)))
    else:
        room.clock.pass_by(11)
        room.conductor.tick()
    room.door.may.set()
    reader.join(5)
    assert [what for what, _ in room.door.did] == ["decided"]
    assert isinstance(room.at, s.Emergency | s.Refused)


def test_typed_digits_are_tried_beside_the_screen(room: Room) -> None:
    for action in ("type", *(f"key:{digit}" for digit in "24681357"), "key-done"):
        room.conductor.act(action)
    room.is_at(s.Opened)
    assert room.door.shown == [Shown("24681357")]
    assert {thread for _, thread in room.door.did} != {get_ident()}


def _enters(room: Room, pin: str) -> None:
    for action in ("corner", *(f"digit-{digit}" for digit in pin), "enter"):
        room.conductor.act(action)


def test_a_technician_comes_in_by_the_pin_tries_the_door_and_leaves(room: Room) -> None:
    _enters(room, "31415926")
    room.until(lambda: room.at == s.EnteringPin(wrong=True))
    room.conductor.act("leave")
    _enters(room, room.technician.right)
    room.is_at(s.AtService)
    assert isinstance(room.screen.view, TableView)
    ((title, (line,)),) = room.screen.view.groups
    assert (title, line.name, line.state) == ("设备", "门", "正常")
    room.conductor.act("test-door")
    room.until(lambda: room.at == s.AtService("door-opened"))
    room.conductor.act("leave")
    assert isinstance(room.at, s.Idle)
    assert room.technician.asked == ["pin", "pin", "door", "left"]
    assert room.door.did == [], "nobody has passed"


def test_a_card_comes_before_the_technician_whose_late_answer_is_for_nobody(room: Room) -> None:
    _enters(room, room.technician.right)
    room.is_at(s.AtService)
    room.conductor.presented("a card")
    assert isinstance(room.at, s.Opened)
    assert room.technician.asked == ["pin", "left"]
    room.conductor.dispatch(t.PinAccepted())
    assert isinstance(room.at, s.Opened)


def test_a_face_is_looked_for_only_when_asked_and_may_be_nobody_s(room: Room) -> None:
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))
    room.conductor.act("face")
    assert room.faces.cancel is None
    room.conductor.act("look")
    room.is_at(s.Refused)
    assert room.door.shown == []
    room.faces.found = FaceOf("holder")
    room.conductor.act("back")
    room.conductor.act("face")
    room.conductor.act("look")
    room.is_at(s.Opened)
    assert room.door.shown == [FaceOf("holder")]


def test_whoever_came_by_a_slip_and_consented_is_asked_once_more(room: Room) -> None:
    """And nobody else: a card may be somebody else's."""
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))
    room.faces.asks = Consent("holder", "consent")
    room.conductor.presented("a card")
    room.is_at(s.Opened)
    room.door.decision = SLIP
    room.conductor.presented("a slip")
    room.is_at(s.AskingEnrolment)
    room.conductor.act("agree")
    room.is_at(s.ShowingSlip)
    room.conductor.presented("a slip")
    room.is_at(s.EnrolmentOver)
    assert room.at == s.EnrolmentOver(done=True)


@pytest.mark.parametrize(
    "next_one", [CARD, OTHER_SLIP, OVER], ids=["the holder's own card", "another's slip", "nothing that opens"]
)
def test_whoever_says_yes_for_somebody_who_walked_on_gives_no_face(room: Room, next_one: Decision) -> None:
    """They are let in, or not, as anybody is."""
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))
    room.faces.asks, room.door.decision = Consent("holder", "consent"), SLIP
    room.conductor.presented("a slip")
    room.is_at(s.AskingEnrolment)
    room.conductor.act("agree")
    room.is_at(s.ShowingSlip)
    room.faces.asks, room.door.decision = None, next_one
    room.conductor.presented("what the next one has")
    room.is_at(s.Refused if next_one is OVER else s.Opened)
    assert room.faces.says == []
    room.conductor.act("agree")
    room.conductor.dispatch(h.EnrolmentOffered())
    assert room.conductor._passer.consent is None


def test_a_try_at_a_face_that_comes_to_nothing_is_said_so(room: Room) -> None:
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))
    room.faces.asks, room.faces.makes, room.door.decision = Consent("holder", "consent"), False, SLIP
    room.conductor.presented("a slip")
    room.conductor.act("agree")
    room.conductor.presented("a slip")
    room.is_at(s.EnrolmentOver)
    assert room.at == s.EnrolmentOver(done=False)


def test_what_a_stopped_camera_still_says_is_not_for_whoever_comes_next(room: Room) -> None:
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))
    for action in ("face", "look"):
        room.conductor.act(action)
    room.is_at(s.Refused)
    (late,) = room.faces.says
    with room.conductor._lock:  # the next one's job can say nothing before the old one has
        for action in ("back", "face", "look"):
            room.conductor.act(action)
        late(h.FaceInstructed("turn-right", 0.9))
        assert room.at == s.LookingForFace()
    room.is_at(s.Refused)
    assert len(room.faces.says) == 2


def test_a_fire_is_said_aloud_and_a_refusal_only_to_who_asked_for_speech(room: Room) -> None:
    room.door.decision = OVER
    room.conductor.presented("a card")
    room.conductor.drain()
    assert room.speaker.said == []
    room.conductor.act("speech")
    room.conductor.drain()
    assert len(room.speaker.said) == 1
    room.conductor.dispatch(h.ConditionsChanged(s.Conditions(fire=True)))
    room.conductor.drain()
    assert room.speaker.said[-1].startswith("zh: ")
    assert len(room.speaker.said) == 2


def test_a_second_after_the_other_the_waiting_screen_goes_on(room: Room) -> None:
    """The clock on it, and its warnings."""
    first = room.screen.view
    room.clock.pass_by(61)
    room.conductor.tick()
    now = room.screen.view
    assert isinstance(now, GateIdleView)
    assert now != first
    room.conductor.touch()
    room.conductor.act("no such target")
    assert room.screen.view == now
