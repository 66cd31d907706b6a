"""From the second yes at one gate to the door of another: the real engine, two stores, real sockets.

The engine and the living pictures are real; the camera is a list of frames that follows what it hears.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from devices.face.driver import InsightFaceEngine
from gate.flows.admission import Admitted, Code, FaceOf, Rules
from gate.services.admit import Admit
from gate.services.enrol_face import EnrolFace
from gate.services.known_faces import KnownFaces
from tests.gate.services.test_face import Opinion, Street, Watched, at_gate, gone, subject
from tests.gate.site import GateThere, holder, right, site
from tests.support.engines import face_engine

LAN, PASSER = 1, 2


@pytest.fixture(scope="module")
def real() -> InsightFaceEngine:
    return face_engine()


@pytest.fixture
def gates(tmp_path: Path, real: InsightFaceEngine) -> Iterator[tuple[GateThere, GateThere]]:
    """Both know Lan, who has consented, and somebody who has not."""
    with site(tmp_path, "south", "unit-5") as (south, five):
        for each in (south, five):
            each.model = real.model
            each.hears(right(LAN), right(PASSER, consent=0))
        yield south, five.up()


def test_a_face_that_was_given_at_the_compound_opens_the_unit(
    gates: tuple[GateThere, GateThere], real: InsightFaceEngine
) -> None:
    south, five = gates
    here, there = Watched(real), Watched(real)
    street = Street(subject("live:lan"))
    faces = at_gate(here, street, {}, Opinion())
    known = KnownFaces(south.store.templates, faces.gallery)
    made = EnrolFace(faces, south.store.templates, south.time.moment, faces.gallery.__contains__, south.sharing.wake)
    admitted = Admit(south.store, south.time.moment, Rules).present(Code("slip1"))
    assert isinstance(admitted, Admitted)
    consent = made.consent(admitted)
    assert consent is not None
    assert made.make(consent, Event(), street.hear)
    gone(here, street)
    assert known.refresh() == 0
    south.sharing.tick()
    outside = at_gate(there, Street(subject("live:lan")), {}, Opinion())
    assert KnownFaces(five.store.templates, outside.gallery).refresh() == 0
    found = outside.look(Event(), lambda _instruction, _progress: None)
    assert found == FaceOf(holder(LAN))
    assert isinstance(Admit(five.store, five.time.moment, Rules).present(found), Admitted)
    five.hears(right(LAN, consent=0, revision=2))
    assert five.faces() == []
