"""Whoever only reads the gate's screen can follow it: the words change in order, from the look to the template.

Conductor, desk, engine and store are the gate's own. The camera is a stand-in: it shows somebody who does what is drawn
on the screen and knows nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Flag
from typing import Any, TypeVar, cast

import pytest

from civic.comfort import Language
from civic.flow import Event
from devices.face.driver import InsightFaceEngine
from gate.conductor import Conductor, Desks
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows.admission import Code, Rules
from gate.presenters.gallery import SITE
from gate.presenters.surroundings import Surroundings
from gate.services.admit import Admit
from gate.services.enrol_face import EnrolFace
from gate.services.face_desk import FaceDesk, Models
from gate.services.known_faces import KnownFaces
from gate.store.opened import GateStore
from terminal.jobs import Jobs
from terminal.texts import Catalogue
from terminal.views import Chrome, Picture, PictureView, View
from tests.gate.made_up import Still, snapshot, store_at
from tests.gate.services.test_face import Street, Watched, at_gate, subject
from tests.gate.site import right
from tests.support.clocks import StillClock
from tests.support.engines import face_engine
from tests.support.kiosk_room import ASSETS
from tests.support.remembering import Speaker

T = TypeVar("T")
WORDS = Catalogue.load(ASSETS / "texts" / "gate")
LAN = 1
MOVES = ("turn-left", "look-down")
POSES = {Picture.TURN_LEFT: "left", Picture.TURN_RIGHT: "right", Picture.LOOK_UP: "up", Picture.LOOK_DOWN: "down"}
SLIP = "请再出示一次流程单上的码", "请稍候"
STRAIGHT, STILL, LEFT, DOWN, BACK = "请看上面的镜头", "很好，别动", "请慢慢向左转头", "请慢慢低头", "好，转回来看镜头"


@dataclass
class Follower:
    """A screen, and who stands before it and does what it shows. ``read``: each sentence, once until the next."""

    street: Street
    read: list[str] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)

    def show(self, view: View, _chrome: Chrome) -> None:
        if isinstance(view, PictureView) and view.busy:
            self.street.pose = POSES.get(view.picture, "front")
            self.bars.append(view.progress or 0.0)
        if self.read[-1:] != [view.question]:
            self.read.append(view.question)


@dataclass
class Passage:
    """A door that opens to what the store admits."""

    admit: Admit

    def decide(self, what: object) -> object:
        return self.admit.present(cast("Any", what))

    def open(self) -> bool:
        return True


class Gate:
    """Everything between the camera and the screen. The screen is drawn by whoever changes it, so nothing races."""

    def __init__(self, store: GateStore, engine: InsightFaceEngine) -> None:
        time, self.street, self.speaker, self.rung = Still(), Street(subject("live:lan")), Speaker(), Flag()
        self.screen = Follower(self.street)
        faces = replace(at_gate(Watched(engine), self.street, {}), choose=_chosen)
        known = KnownFaces(store.templates, faces.gallery)
        self.desk = FaceDesk(lambda: Models(faces, known, enrol), lambda: 0.01)
        enrol = EnrolFace(faces, store.templates, time.moment, faces.gallery.__contains__, self.desk.made)
        self.desk.load()
        self.jobs: Jobs[Event] = Jobs(self._rings)
        desks = Desks(
            cast("Any", Passage(Admit(store, time.moment, Rules))), self.desk, self.speaker, cast("Any", None)
        )
        self.conductor = Conductor(self.screen, desks, self._around, self.jobs, StillClock())
        self.conductor.begin()
        self.conductor.dispatch(h.ConditionsChanged(s.Conditions(s.Face.OFFERED)))

    def comes_to(self, kind: type[s.At]) -> s.At:
        while not isinstance(self.conductor.terminal.at, kind):
            assert self.rung.wait(20), self.conductor.terminal.at
            self.rung.clear()
        return self.conductor.terminal.at

    def read_before(self, last: str) -> list[str]:
        """What stood on the screen until this did; and it is empty again."""
        read, self.screen.read = self.screen.read, []
        return read[: read.index(last)]

    def _rings(self) -> None:
        self.conductor.drain()
        self.rung.set()

    def _around(self, language: Language) -> Surroundings:
        return Surroundings(WORDS.in_language(language.value), StillClock().now(), SITE)


def _chosen(of: Sequence[T], /) -> T:
    """Chance, held still: left and down where a sequence is asked for, left where one move is."""
    return next(each for each in of if each in {MOVES, MOVES[0]})


@pytest.fixture(scope="module")
def engine() -> InsightFaceEngine:
    return face_engine()


@pytest.fixture
def gate(tmp_path: Path, engine: InsightFaceEngine) -> Iterator[Gate]:
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        store.grants.restart(snapshot(right(LAN)))
        made = Gate(store, engine)
        yield made
        made.jobs.close()


def test_who_does_what_the_screen_says_gives_their_face_and_comes_in_by_it(gate: Gate) -> None:
    """By a move of the head, since there is no passive model; aloud too, for who asked for speech."""
    gate.conductor.presented(Code("slip1"))
    gate.comes_to(s.AskingEnrolment)
    gate.conductor.act("speech")
    gate.screen.read.clear()
    gate.screen.bars.clear()
    gate.conductor.act("agree")
    gate.conductor.presented(Code("slip1"))
    assert gate.comes_to(s.EnrolmentOver) == s.EnrolmentOver(done=True)
    assert gate.read_before("登记好了") == [*SLIP, STRAIGHT, STILL, LEFT, BACK, DOWN, BACK]
    assert gate.screen.bars == sorted(gate.screen.bars)
    assert len(gate.screen.bars) < 40, "a word or a tenth each, not a frame"
    assert [f"zh: {each}" for each in (STRAIGHT, STILL, LEFT, BACK, DOWN, BACK)] == gate.speaker.said[-7:-1]
    gate.conductor.act("back")
    gate.conductor.act("face")
    gate.screen.read.clear()
    gate.conductor.act("look")
    gate.comes_to(s.Opened)
    assert gate.read_before("请进") == [STRAIGHT, STILL, LEFT, BACK]


def test_who_stands_before_it_and_reads_nothing_is_told_and_no_face_is_kept(gate: Gate) -> None:
    gate.street.subject = subject("nobody")
    gate.conductor.presented(Code("slip1"))
    gate.comes_to(s.AskingEnrolment)
    gate.screen.read.clear()
    gate.conductor.act("agree")
    gate.conductor.presented(Code("slip1"))
    assert gate.comes_to(s.EnrolmentOver) == s.EnrolmentOver(done=False)
    assert gate.read_before("今天没有登记") == [*SLIP, STRAIGHT, "请进圆圈，看上面的镜头"]
