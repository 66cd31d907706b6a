"""A face at the gate: who is found, who is not, and that nobody is looked at unasked.

The engine and the living pictures are real; the camera is a list of frames that follows what it hears.
"""

import gc
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TypeVar

import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.errors import DeviceCancelledError, DeviceTimeoutError
from devices.face.api import Face, Instruction, PortraitProblem, Threshold, Vector
from devices.face.challenge import SEQUENCES, Move, Outcome, Rules
from devices.face.driver import InsightFaceEngine
from devices.face.gallery import Gallery
from devices.face.identification import NotOffered, Why
from devices.face.operating_points import SFACE
from devices.face.template import Template
from devices.health import Health, Level
from gate.flows.admission import FaceOf
from gate.services.face import Choose, FaceAtGate, NoFace, NoMatch, NoTemplate, Patience
from gate.services.refusals import Refusals
from simulators.living_picture import HEIGHT, WIDTH, Subject
from simulators.scenery import PLACES, Place, joined, placed
from tests.support.camera import PORTRAITS, people
from tests.support.clocks import StillClock
from tests.support.engines import face_engine

T = TypeVar("T")
PLAIN = Place()
POSES = {Instruction.TURN_LEFT: "left", Instruction.TURN_RIGHT: "right", Instruction.LOOK_UP: "up"}
POSES[Instruction.LOOK_DOWN] = "down"
NOISE = np.random.default_rng(2).integers(0, 4, (HEIGHT + 40, WIDTH + 40, 3)).astype(np.uint8)


@dataclass
class Watched:
    """The real engine, and what was made with it."""

    engine: InsightFaceEngine
    threshold: Threshold = field(init=False)
    model: str = field(init=False)
    found: int = 0
    made: list["weakref.ref[Vector]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.threshold, self.model = self.engine.threshold, self.engine.model

    def health(self) -> Health:
        """The engine's."""
        return self.engine.health()

    def load(self) -> None:
        """It is."""
        self.engine.load()

    def find_faces(self, image: Image) -> list[Face]:
        """Counted."""
        self.found += 1
        return self.engine.find_faces(image)

    def vector(self, image: Image, face: Face) -> Vector:
        """Remembered, as long as anybody else does."""
        vector = self.engine.vector(image, face)
        self.made.append(weakref.ref(vector))
        return vector

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        """Never asked for at a gate."""
        raise NotImplementedError


@dataclass
class Street:
    """Who stands before the gate's camera. ``obeys``: they follow what they hear. ``opened``, ``open``: how often the
    camera was, and whether it is."""

    subject: Subject
    pose: str = "front"
    obeys: bool = True
    fails_at: int | None = None
    place: Place = PLAIN
    helper: tuple[Subject, Place] | None = None
    opened: int = 0
    open: bool = False
    said: list[Instruction] = field(default_factory=list)
    shown: list["weakref.ref[Image]"] = field(default_factory=list)

    def health(self) -> Health:
        """Well."""
        return Health("camera", Level.READY)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """10 a second, by their own clock, with a sensor's noise and a breath."""
        self.opened, self.open = self.opened + 1, True
        try:
            number = 0
            while not cancel.is_set():
                if number == self.fails_at:
                    raise DeviceTimeoutError("no new frame")
                image = self._seen(number)
                self.shown.append(weakref.ref(image))
                yield Frame(image, number, 50 + number / 10)
                number += 1
        finally:
            self.open = False

    def hear(self, instruction: Instruction, _progress: float) -> None:
        """And do as told."""
        self.said.append(instruction)
        if self.obeys:
            self.pose = POSES.get(instruction, "front")

    def _seen(self, number: int) -> Image:
        (left, right), (down, up) = self.subject.turns, self.subject.nods
        turn, nod = {"left": (right, 0), "right": (left, 0), "up": (0, up), "down": (0, down)}.get(self.pose, (0, 0))
        image = self.subject.at(turn, np.sin(number / 2), nod)
        image = image if self.place is PLAIN else placed(image, self.place)
        if self.helper is not None:
            image = joined(image, self.helper[0].at(0), self.helper[1])
        row, column = number * 7 % 40, number * 11 % 40
        return (image // 2 * 2 + NOISE[row : row + HEIGHT, column : column + WIDTH]).clip(0, 255).astype(np.uint8)


@dataclass
class Opinion:
    """A passive model that says the same of every frame."""

    says: float | None = 0.95
    threshold: float = 0.8
    model: str = "opinion"

    def score(self, image: Image, face: Face) -> float | None:  # noqa: ARG002 - PassiveCheck's
        """What it was told to."""
        return self.says


def first(of: Sequence[T]) -> T:
    """Chance, held still."""
    return of[0]


def last(of: Sequence[T]) -> T:
    return of[-1]


@pytest.fixture(scope="module")
def real() -> InsightFaceEngine:
    return face_engine()


@pytest.fixture
def engine(real: InsightFaceEngine) -> Watched:
    return Watched(real)


@pytest.fixture(scope="module")
def known(real: InsightFaceEngine) -> dict[str, Template]:
    """The templates of two members: of Lan from another portrait than the one that comes to the gate."""
    made = {}
    for holder, portrait in (("lan", "person_b_1"), ("deng", "person_a_1")):
        vector = real.portrait_vector((PORTRAITS / f"{portrait}.jpg").read_bytes())
        assert not isinstance(vector, PortraitProblem)
        made[holder] = Template(real.model, vector[None])
    return made


def at_gate(
    engine: Watched, street: Street, known: dict[str, Template], passive: Opinion | None = None, fpir: float = 0.01
) -> FaceAtGate:
    gallery = Gallery(engine.model)
    for holder, template in known.items():
        gallery.put(holder, template)
    patience = Patience(0.8, Rules(look=0.8, move=1.5, back=1.5, attempt=3.0, frames=3))
    return FaceAtGate(
        street, engine, gallery, SFACE, lambda: fpir, first, Refusals(StillClock()), passive, patience=patience
    )


def subject(name: str) -> Subject:
    return people().subject(name)


def gone(engine: Watched, street: Street) -> None:
    """No picture and no vector is left, the camera is closed."""
    gc.collect()
    assert not [each for each in engine.made if each() is not None]
    assert not [each for each in street.shown if each() is not None]
    assert not street.open


@pytest.mark.parametrize("passive", [Opinion(), None], ids=["passive model", "one move"])
def test_a_member_is_found_and_nothing_of_the_look_is_kept(
    engine: Watched, known: dict[str, Template], passive: Opinion | None
) -> None:
    """By another picture than the one that comes to the gate, years apart."""
    street = Street(subject("live:lan"))
    assert at_gate(engine, street, known, passive).look(Event(), street.hear) == FaceOf("lan")
    assert street.opened == 1
    assert (Instruction.TURN_LEFT in street.said) == (passive is None)
    assert len(engine.made) == 2 if passive else len(engine.made) > 6
    gone(engine, street)


@pytest.mark.parametrize("passive", [Opinion(), None], ids=["passive model", "one move"])
def test_a_stranger_is_nobody(engine: Watched, known: dict[str, Template], passive: Opinion | None) -> None:
    street = Street(subject("live:impostor_2"))
    assert at_gate(engine, street, known, passive).look(Event(), street.hear) == NoMatch()
    gone(engine, street)


def test_without_a_question_nobody_is_looked_at(engine: Watched, known: dict[str, Template]) -> None:
    """Members come and go, the target is drawn, people walk past: no frame is fetched and no model runs. After the
    answer it is so again."""
    street = Street(subject("live:lan"))
    gate = at_gate(engine, street, known, Opinion())
    for number in range(50):
        gate.gallery.put(f"holder-{number}", Template(engine.model, np.eye(128, dtype=np.float32)[number][None]))
        assert not isinstance(gate.offer(), NotOffered)
    gate.gallery.remove("holder-7")
    assert (street.opened, len(street.shown), engine.found, len(engine.made)) == (0, 0, 0, 0)
    assert gate.look(Event(), street.hear) == FaceOf("lan")
    seen = (street.opened, len(street.shown), engine.found, len(engine.made))
    assert seen[0] == 1
    gate.gallery.remove("holder-8")
    assert not isinstance(gate.offer(), NotOffered)
    assert seen == (street.opened, len(street.shown), engine.found, len(engine.made))


@pytest.mark.parametrize(
    ("fpir", "members", "measured", "why"),
    [(0.01, 0, SFACE, Why.NOBODY), (0.01, 1, None, Why.NO_POINTS), (0.000001, 2, SFACE, Why.TOO_MANY)],
)
def test_where_a_face_is_not_offered_a_question_opens_no_camera(
    engine: Watched, known: dict[str, Template], fpir: float, members: int, measured: object, why: Why
) -> None:
    street = Street(subject("live:lan"))
    few = dict(list(known.items())[:members])
    gate = replace(at_gate(engine, street, few, fpir=fpir), measured=SFACE if measured else None)
    assert gate.offer() == gate.look(Event(), street.hear) == NotOffered(why)
    assert (street.opened, engine.found) == (0, 0)


def test_a_gallery_that_has_grown_too_large_is_no_longer_searched(engine: Watched, known: dict[str, Template]) -> None:
    """With one member more than the measured rates reach; and again with one less."""
    street = Street(subject("live:lan"))
    gate = at_gate(engine, street, known, Opinion(), fpir=2e-5)
    assert gate.look(Event(), street.hear) == FaceOf("lan")
    gate.gallery.put("third", Template(engine.model, np.eye(128, dtype=np.float32)[:1]))
    assert gate.look(Event(), street.hear) == NotOffered(Why.TOO_MANY)
    gate.gallery.remove("third")
    assert gate.look(Event(), street.hear) == FaceOf("lan")


def test_after_ten_strangers_faces_rest_for_a_while(engine: Watched, known: dict[str, Template]) -> None:
    """A rate is one of an ask, and a door could be shown a hundred faces. Who stood badly is not counted."""
    clock = StillClock()
    street = Street(subject("live:impostor_2"))
    gate = replace(at_gate(engine, street, known, Opinion()), refusals=Refusals(clock, most=2, seconds=600))
    for _ in range(2):
        assert gate.look(Event(), street.hear) == NoMatch()
        clock.pass_by(100)
    assert gate.look(Event(), street.hear) == gate.offer() == NotOffered(Why.RESTING)
    assert street.opened == 2
    clock.pass_by(400)
    street.subject = subject("nobody")
    for _ in range(3):
        assert gate.look(Event(), street.hear) == NoFace(Instruction.NO_FACE)
    street.subject = subject("live:lan")
    assert gate.look(Event(), street.hear) == FaceOf("lan")


def test_who_is_like_two_members_is_taken_for_neither(engine: Watched, known: dict[str, Template]) -> None:
    """A pass would stand in somebody else's record."""
    street = Street(subject("live:lan"))
    gate = at_gate(engine, street, known | {"twin": known["lan"]}, Opinion())
    assert gate.look(Event(), street.hear) == NoMatch()


@pytest.mark.parametrize("says", [0.5, 0.0])
def test_what_the_passive_model_takes_for_paper_is_nobody(
    engine: Watched, known: dict[str, Template], says: float
) -> None:
    street = Street(subject("live:lan"))
    assert at_gate(engine, street, known, Opinion(says)).look(Event(), street.hear) == NoMatch()
    gone(engine, street)


def test_a_face_that_the_passive_model_can_t_judge_is_asked_to_step_back(
    engine: Watched, known: dict[str, Template]
) -> None:
    street = Street(subject("live:lan"))
    assert at_gate(engine, street, known, Opinion(None)).look(Event(), street.hear) == NoFace(Instruction.STEP_BACK)
    gone(engine, street)


@pytest.mark.parametrize("obeys", [True, False], ids=["tilted as told", "held still"])
def test_without_a_passive_model_a_printed_picture_of_a_member_opens_nothing(
    engine: Watched, known: dict[str, Template], *, obeys: bool
) -> None:
    """It would, if no move were asked for: its likeness is the member's."""
    street = Street(subject("still:lan"), obeys=obeys)
    found = at_gate(engine, street, known).look(Event(), street.hear)
    assert found == NoMatch()
    assert at_gate(engine, street, known, Opinion()).look(Event(), street.hear) == FaceOf("lan")
    gone(engine, street)


@pytest.mark.parametrize(
    ("who", "place", "said"),
    [
        ("live:lan", Place(x=150), Instruction.TO_THE_MIDDLE),
        ("live:lan", PLACES["far"], Instruction.COME_CLOSER),
        ("live:lan", Place(scale=0.7, x=-90), Instruction.ONE_PERSON),
        ("live:lan", PLACES["aside"], Instruction.NO_FACE),
        ("nobody", PLAIN, Instruction.NO_FACE),
    ],
    ids=["half on the spot", "behind it", "two on it", "beside it", "nobody"],
)
@pytest.mark.parametrize("passive", [Opinion(), None], ids=["passive model", "one move"])
def test_who_does_not_stand_well_is_told_one_thing_and_judged_by_nothing(
    engine: Watched,
    known: dict[str, Template],
    who: str,
    place: Place,
    said: Instruction,
    passive: Opinion | None,
) -> None:
    helper = (subject("live:impostor_2"), Place(scale=0.7, x=90)) if said is Instruction.ONE_PERSON else None
    street = Street(subject(who), place=place, helper=helper)
    assert at_gate(engine, street, known, passive).look(Event(), street.hear) == NoFace(said)
    gone(engine, street)


def test_who_stands_beside_the_spot_is_not_looked_for(engine: Watched, known: dict[str, Template]) -> None:
    """As near, as large: the picture is cut to the spot before anything looks for faces in it."""
    street = Street(subject("live:lan"), helper=(subject("live:impostor_2"), Place(x=260)))
    assert at_gate(engine, street, known, Opinion()).look(Event(), street.hear) == FaceOf("lan")
    gone(engine, street)


def test_whoever_leaves_is_not_looked_at_any_longer(engine: Watched, known: dict[str, Template]) -> None:
    street, cancel = Street(subject("nobody")), Event()
    for passive in (Opinion(), None):
        cancel.clear()

        def hear(instruction: Instruction, _progress: float) -> None:
            assert instruction is Instruction.NO_FACE
            cancel.set()

        with pytest.raises(DeviceCancelledError):
            at_gate(engine, street, known, passive).look(cancel, hear)
    gone(engine, street)


@pytest.mark.parametrize("passive", [Opinion(), None], ids=["passive model", "one move"])
def test_a_camera_that_fails_midway_leaves_nothing_behind(
    engine: Watched, known: dict[str, Template], passive: Opinion | None
) -> None:
    street = Street(subject("live:lan"), fails_at=1)
    with pytest.raises(DeviceTimeoutError) as raised:
        at_gate(engine, street, known, passive).look(Event(), street.hear)
    assert engine.made
    raised.value.__traceback__ = None  # pytest's hold on the frames of the call
    del raised
    gone(engine, street)


@pytest.mark.parametrize("choose", [first, last])
def test_a_template_made_at_the_gate_opens_it(engine: Watched, known: dict[str, Template], choose: Choose) -> None:
    """After two or three moves of one living face; then the same person is found, and nobody else."""
    street = Street(subject("live:lan"))
    gate = replace(at_gate(engine, street, {"deng": known["deng"]}, Opinion()), choose=choose)
    made = gate.make_template(Event(), street.hear)
    assert isinstance(made, Template)
    assert made.rows.shape == (1, 128)
    assert (made.model, repr(made)) == (engine.model, "Template(***)")
    moves = {POSES[said] for said in street.said if said in POSES}
    assert moves == {move.value.split("-")[1] for move in (SEQUENCES[0] if choose is first else SEQUENCES[-1])}
    assert "lan" not in gate.gallery
    gone(engine, street)
    gate.gallery.put("lan", Template.from_bytes(made.to_bytes()))
    assert gate.look(Event(), street.hear) == FaceOf("lan")
    street.subject = subject("live:impostor_2")
    assert gate.look(Event(), street.hear) == NoMatch()


def test_no_template_is_made_of_a_picture_nor_of_nobody(engine: Watched, known: dict[str, Template]) -> None:
    street = Street(subject("still:lan"))
    assert at_gate(engine, street, known).make_template(Event(), street.hear) == NoTemplate(
        Outcome.NOT_LIVE, Instruction.TURN_LEFT
    )
    gone(engine, street)
    assert Move.TURN_LEFT is SEQUENCES[0][0]
