"""Whose face it is: two looks against one portrait."""

from pathlib import Path

import numpy as np
import pytest

from devices.face.api import LiveFace, PortraitProblem, Vector
from devices.face.comparison import PortraitUnusableError, compare
from devices.face.driver import InsightFaceEngine
from tests.devices.face.chip import TABLE, Row, chip_portrait
from tests.support.camera import ASSETS, PORTRAITS


def looks(engine: InsightFaceEngine, name: str) -> LiveFace:
    face = vector(engine, PORTRAITS / f"{name}.jpg")
    return LiveFace(face, face)


def vector(engine: InsightFaceEngine, path: Path) -> Vector:
    found = engine.portrait_vector(path.read_bytes())
    assert not isinstance(found, PortraitProblem)
    return found


def test_the_lower_look_counts(engine: InsightFaceEngine) -> None:
    """A stranger in either look is a stranger."""
    owner, stranger = (vector(engine, PORTRAITS / f"{name}.jpg") for name in ("person_b_2", "impostor_1"))
    portrait = (PORTRAITS / "person_b_1.jpg").read_bytes()
    same = compare(engine, LiveFace(owner, owner), portrait)
    assert same.passed
    assert same.threshold == engine.threshold.similarity
    for first, last in ((owner, stranger), (stranger, owner)):
        mixed = compare(engine, LiveFace(first, last), portrait)
        assert not mixed.passed
        assert mixed.score < 0.2


@pytest.mark.parametrize("portrait", [b"", b"no picture"])
def test_a_portrait_that_can_t_be_compared_says_why(engine: InsightFaceEngine, portrait: bytes) -> None:
    """It is neither the resident's fault nor the camera's."""
    nobody = np.zeros(128, np.float32)
    with pytest.raises(PortraitUnusableError) as caught:
        compare(engine, LiveFace(nobody, nobody), portrait)
    assert caught.value.detail == "unreadable"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.owner}-{row.kind}-{row.most}")
def test_a_chip_s_portrait_scores_as_docs_face_accuracy_says(engine: InsightFaceEngine, row: Row) -> None:
    """102 x 126 pixels, eyes 28 apart. At 2 kB of JPEG it is its owner's; harder codecs cost the owner, never admit a
    stranger."""
    chip = chip_portrait(PORTRAITS / f"{row.owner}.jpg", row.kind, row.most)
    assert len(chip) <= row.most
    compared = [compare(engine, looks(engine, name), chip) for name in (row.live, "impostor_1", "impostor_2")]
    owner, *strangers = compared
    assert owner.score == pytest.approx(row.score, abs=0.02)
    assert owner.passed is row.passed
    assert not any(stranger.passed or stranger.score > 0.3 for stranger in strangers)


def test_the_table_of_docs_is_this_one() -> None:
    """Each row stands there, to the second digit."""
    page = (ASSETS.parent / "docs" / "face-accuracy.md").read_text("utf-8")
    for row in TABLE:
        decision = "**one person**" if row.passed else "not enough"
        line = f"| {row.owner} | {row.live} | {row.kind} | {row.most:,} | {row.score:.2f} | {decision} |"
        assert line in page
