"""A face is made of who consented, came in by their slip and says yes again; of a passer-by there is never a vector."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from devices.errors import DeviceTimeoutError
from devices.face.api import Instruction
from devices.face.challenge import Outcome
from devices.face.gallery import Gallery
from devices.face.template import Template as Face
from gate.flows.admission import Admitted, Code, Kind, Rules
from gate.services.admit import Admit
from gate.services.enrol_face import Consent, EnrolFace
from gate.services.face import NoTemplate, Tell
from gate.services.known_faces import KnownFaces
from gate.store.opened import GateStore
from tests.gate.made_up import TODAY, Still, grant, moment, number, snapshot, store_at, way
from tests.gate.site import MODEL, face, holder, right
from tests.support.clocks import NOW

MADE = Face(MODEL, np.eye(64, dtype=np.float32)[:1])


@dataclass
class Camera:
    """Who stands before the gate. ``while_looking``: what happens meanwhile."""

    sees: Face | NoTemplate = MADE
    looked: int = 0
    while_looking: Callable[[], object] = lambda: None

    def make_template(self, cancel: Event, tell: Tell) -> Face | NoTemplate:  # noqa: ARG002 - FaceAtGate's
        self.looked += 1
        tell(Instruction.TURN_LEFT, 0.5)
        self.while_looking()
        return self.sees


@dataclass
class Desk:
    """A gate with its store."""

    store: GateStore
    time: Still
    camera: Camera = field(default_factory=Camera)
    gallery: Gallery = field(default_factory=lambda: Gallery(MODEL))
    made: int = 0
    enrol: EnrolFace = field(init=False)

    def __post_init__(self) -> None:
        templates = self.store.templates
        self.enrol = EnrolFace(self.camera, templates, self.time.moment, self.gallery.__contains__, self._made)

    def came_in(self, kind: Kind = Kind.SLIP, of: int = 1) -> Admitted:
        return Admitted(number(of), holder(of), number(1000 + of), kind)

    def makes(self, consent: Consent | None) -> bool:
        assert consent is not None
        return self.enrol.make(consent, Event(), lambda _instruction, _progress: None)

    def kinds(self) -> list[ReportKind]:
        return [each.kind for each in self.store.reports.waiting()]

    def _made(self) -> None:
        self.made += 1
        KnownFaces(self.store.templates, self.gallery).refresh()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Lan (1) has consented, Deng (2) has not."""
    time = Still()
    with store_at(tmp_path / "gate.sqlite", time) as store:
        store.grants.restart(snapshot(right(1), right(2, consent=0)))
        yield Desk(store, time)


def test_who_consented_and_comes_in_by_their_slip_gives_a_face(desk: Desk) -> None:
    """The slip opens by itself first."""
    admitted = Admit(desk.store, desk.time.moment, Rules).present(Code("slip1"))
    assert isinstance(admitted, Admitted)
    consent = desk.enrol.consent(desk.came_in())
    assert consent == Consent(holder(1), number(3001))
    assert (desk.camera.looked, desk.store.templates.all()) == (0, []), "asked, and no more"
    assert desk.makes(consent)
    (kept,) = desk.store.templates.all()
    assert (kept.holder, kept.vector, kept.credential, kept.maker) == (holder(1), MADE.to_bytes(), number(3001), "")
    assert (desk.made, desk.kinds(), holder(1) in desk.gallery) == (1, [ReportKind.TEMPLATE_MADE], True)
    assert desk.enrol.consent(desk.came_in()) is None, "there is one now"
    assert holder(1) not in repr(consent)


@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.SLIP])
def test_whoever_comes_in_otherwise_is_not_asked(desk: Desk, kind: Kind) -> None:
    """Least of all by a card that somebody lost."""
    assert desk.enrol.consent(desk.came_in(kind)) is None


def test_who_has_not_consented_at_a_kiosk_is_not_asked_and_not_looked_at(desk: Desk) -> None:
    assert desk.enrol.consent(desk.came_in(of=2)) is None
    assert desk.enrol.consent(desk.came_in(of=77)) is None
    for nobodys in (Consent(holder(2), number(3001)), Consent(holder(1), number(3002)), Consent(holder(77), "")):
        assert not desk.makes(nobodys)
    assert (desk.camera.looked, desk.store.templates.all(), desk.kinds()) == (0, [], [])


@pytest.mark.parametrize("when", ["before the second yes", "while the camera looks"])
def test_a_consent_that_is_withdrawn_meanwhile_leaves_no_face(desk: Desk, when: str) -> None:
    consent = desk.enrol.consent(desk.came_in())

    def withdraw() -> None:
        desk.store.grants.restart(snapshot(right(1, consent=0, revision=2), cursor="c2"))

    if when == "before the second yes":
        withdraw()
    else:
        desk.camera.while_looking = withdraw
    assert not desk.makes(consent)
    assert desk.camera.looked == (when != "before the second yes")
    assert (desk.store.templates.all(), desk.kinds(), desk.made) == ([], [], 0)


def test_a_try_that_fails_or_is_left_keeps_nothing(desk: Desk) -> None:
    consent = desk.enrol.consent(desk.came_in())
    assert consent is not None
    desk.camera.sees = NoTemplate(Outcome.NOT_LIVE, Instruction.TURN_LEFT)
    assert not desk.makes(consent)
    desk.camera.sees, cancel = MADE, Event()
    desk.camera.while_looking = cancel.set
    assert not desk.enrol.make(consent, cancel, lambda _instruction, _progress: None)

    def fails() -> None:
        raise DeviceTimeoutError("no new frame")

    desk.camera.while_looking = fails
    with pytest.raises(DeviceTimeoutError):
        desk.makes(consent)
    assert (desk.store.templates.all(), desk.kinds(), desk.made) == ([], [], 0)


@pytest.mark.parametrize("moved", [timedelta(days=-2), timedelta(0), timedelta(minutes=3)])
def test_a_face_made_anew_is_newer_than_the_one_before_whatever_the_clock_says(desk: Desk, moved: timedelta) -> None:
    """Else the other gates would refuse it."""
    consent = desk.enrol.consent(desk.came_in())
    assert desk.makes(consent)
    before = _made_at(desk)
    desk.time.at = moment(NOW + moved)
    assert desk.makes(consent)
    assert _made_at(desk) > before


def _made_at(desk: Desk) -> datetime:
    found = desk.store.templates.made_at(holder(1))
    assert found is not None
    return found


def test_of_two_consents_the_one_that_holds_longer_is_taken(desk: Desk) -> None:
    """Of somebody with two flats: the face goes with the consent that it was made by."""
    ends = [TODAY + timedelta(days=days) for days in (5, 90, -30)]
    faces = [way(3000 + of, WayKind.FACE) for of in (1, 2, 3)]
    both = [grant(of, faces[of - 1], ends_on=ends[of - 1], holder=500_001, revision=2) for of in (1, 2, 3)]
    desk.store.grants.restart(snapshot(*both, cursor="c2"))
    assert desk.enrol.consent(desk.came_in()) == Consent(holder(1), number(3002))


def test_a_face_that_another_pack_made_is_asked_for_again(desk: Desk) -> None:
    desk.store.templates.put(replace(face(1), vector=face(1, model="model-2").vector))
    assert KnownFaces(desk.store.templates, desk.gallery).refresh() == 1
    assert desk.enrol.consent(desk.came_in()) is not None
