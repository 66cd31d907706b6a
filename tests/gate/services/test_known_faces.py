"""What the store holds is what is searched, from one change to the next."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import GrantChange
from devices.face.gallery import Gallery
from devices.face.template import Template
from gate.services.known_faces import KnownFaces
from gate.store.opened import GateStore
from gate.store.templates import Template as Kept
from tests.gate.made_up import TODAY, Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW

MODEL = "model-1"
FACES = np.eye(8, dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GateStore]:
    """Five rights with a consent each."""
    with store_at(tmp_path / "gate.db", Still()) as opened:
        opened.grants.restart(snapshot(*(right(of) for of in range(1, 6))))
        yield opened


def right(of: int, revision: int = 1, *, consent: bool = True) -> Grant:
    ways = (way(of, WayKind.CARD, f"card{of}="), *((way(of + 100, WayKind.FACE),) if consent else ()))
    return grant(of, *ways, ends_on=TODAY + timedelta(days=30), revision=revision, holder=of)


def keep(store: GateStore, of: int, face: int, model: str = MODEL, minutes: int = 0) -> None:
    vector = Template(model, FACES[face : face + 1]).to_bytes()
    store.templates.put(Kept(number(of), vector, NOW + timedelta(minutes=minutes), number(of + 100)))


def test_the_gallery_follows_the_store(store: GateStore) -> None:
    """Who gives a face is found, who makes it anew is found by the new one, who withdraws is found no more."""
    gallery = Gallery(MODEL)
    known = KnownFaces(store.templates, gallery)
    assert known.refresh() == 0
    assert len(gallery) == 0
    for of in (1, 2, 3):
        keep(store, of, of)
    assert known.refresh() == 0
    assert [found(gallery, face) for face in range(5)] == ["", number(1), number(2), number(3), ""]
    keep(store, 2, 4, minutes=5)
    store.templates.delete(number(3))
    assert known.refresh() == 0
    assert [found(gallery, face) for face in range(5)] == ["", number(1), "", "", number(2)]


def test_a_withdrawn_consent_ends_the_search_for_it(store: GateStore) -> None:
    """The right goes on by its card."""
    gallery = Gallery(MODEL)
    known = KnownFaces(store.templates, gallery)
    keep(store, 1, 1)
    keep(store, 2, 2)
    known.refresh()
    store.grants.apply([GrantChange(number(1), right(1, 2, consent=False))], "c2", NOW)
    assert known.refresh() == 0
    assert (found(gallery, 1), found(gallery, 2)) == ("", number(2))


def test_templates_of_another_pack_or_of_none_are_counted_and_not_searched(store: GateStore) -> None:
    """They stay in the store: the right pack may come back."""
    gallery = Gallery(MODEL)
    known = KnownFaces(store.templates, gallery)
    keep(store, 1, 1)
    keep(store, 2, 2, "model-2")
    store.templates.put(Kept(number(3), b"nothing", NOW, number(103)))
    assert known.refresh() == known.refresh() == 2
    assert len(gallery) == 1
    keep(store, 1, 5, "model-2", minutes=1)
    assert known.refresh() == 3
    assert len(gallery) == 0


def found(gallery: Gallery, face: int) -> str:
    best = gallery.search(FACES[face])
    return best.holder if best and best.score > 0.9 else ""
