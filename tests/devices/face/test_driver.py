"""The engine on real portraits: who is whom, and what a pack or a portrait can be wrong in."""

import itertools
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.errors import DeviceMisconfiguredError
from devices.face.api import PortraitProblem, Threshold, Vector, similarity
from devices.face.challenge import Rules
from devices.face.driver import InsightFaceEngine, alignment, pitch_of, roll_of, yaw_of
from devices.face.passive import InsightFacePassiveCheck
from devices.health import Level
from simulators.held_picture import StillPicture
from tests.support.camera import MODELS, PACK, PORTRAITS

NAMES = sorted(path.stem for path in PORTRAITS.glob("*.jpg"))
SAME = {("person_a_1", "person_a_2"), ("person_b_1", "person_b_2")}


@pytest.fixture(scope="module")
def vectors(engine: InsightFaceEngine) -> dict[str, Vector]:
    found = {name: engine.portrait_vector((PORTRAITS / f"{name}.jpg").read_bytes()) for name in NAMES}
    return {name: vector for name, vector in found.items() if not isinstance(vector, PortraitProblem)}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(NAMES, 2)))
def test_each_pair_of_portraits_is_told_apart_or_together(
    engine: InsightFaceEngine, vectors: dict[str, Vector], one: str, other: str
) -> None:
    """Two pictures of one person lie above the threshold, two persons well below it."""
    likeness = similarity(vectors[one], vectors[other])
    if (one, other) in SAME:
        assert likeness >= engine.threshold.similarity + 0.1
    else:
        assert likeness < engine.threshold.similarity - 0.1


def test_vectors_have_unit_length(vectors: dict[str, Vector]) -> None:
    """So that a dot product is a cosine."""
    for vector in vectors.values():
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_portrait_that_can_t_be_compared_says_why(engine: InsightFaceEngine) -> None:
    """Nothing is raised: records hold what they hold."""
    one, other = (cv2.imread(str(PORTRAITS / f"person_{who}_2.jpg")) for who in "ab")
    assert one is not None
    assert other is not None
    both = np.hstack([cv2.resize(one, (300, 400)), cv2.resize(other, (300, 400))])
    assert engine.portrait_vector(b"") is PortraitProblem.UNREADABLE
    assert engine.portrait_vector(b"\xff\xd8\xff not a picture") is PortraitProblem.UNREADABLE
    wall = np.full((200, 200, 3), 90, np.uint8)
    assert engine.portrait_vector(cv2.imencode(".png", wall)[1].tobytes()) is PortraitProblem.NO_FACE
    assert engine.portrait_vector(cv2.imencode(".png", both)[1].tobytes()) is PortraitProblem.SEVERAL_FACES


def test_yaw_is_positive_to_the_picture_s_right() -> None:
    """In eye distances along the line of the eyes, so that a tilted head does not count as a turned one."""
    straight = np.array([[0, 0], [60, 0], [30, 35], [10, 70], [50, 70]], np.float32)
    turned = straight + np.array([[0, 0], [0, 0], [24, 0], [0, 0], [0, 0]], np.float32)
    assert yaw_of(straight) == pytest.approx(0)
    assert yaw_of(turned) == pytest.approx(0.4)
    quarter = np.array([[0, 1], [-1, 0]], np.float32)
    assert yaw_of(turned @ quarter) == pytest.approx(0.4)


def test_pitch_is_the_nose_s_way_from_the_eyes_to_the_mouth() -> None:
    """Less looking up; a head that leans, or a flat picture that is tilted, shows the same."""
    straight = np.array([[0, 0], [60, 0], [30, 35], [10, 70], [50, 70]], np.float32)
    raised = straight - np.array([[0, 0], [0, 0], [0, 14], [0, 0], [0, 0]], np.float32)
    assert pitch_of(straight) == pytest.approx(0.5)
    assert pitch_of(raised) == pytest.approx(0.3)
    lean = np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32)
    assert pitch_of(raised @ lean) == pytest.approx(0.3, abs=1e-4)
    assert pitch_of(raised * np.array([1, 0.5], np.float32)) == pytest.approx(0.3, abs=1e-4)
    assert pitch_of(np.zeros((5, 2), np.float32)) == 0


def test_roll_is_positive_clockwise() -> None:
    """In degrees, of the line of the eyes."""
    level = np.array([[0, 0], [60, 0], [30, 35], [10, 70], [50, 70]], np.float32)
    lean = np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32)
    assert roll_of(level) == pytest.approx(0)
    assert roll_of(level @ lean) == pytest.approx(36.87, abs=0.01)


def test_portraits_look_straight(engine: InsightFaceEngine) -> None:
    """All six, so the limits of a straight look hold for them."""
    for name in NAMES:
        image = cv2.imread(str(PORTRAITS / f"{name}.jpg"))
        assert image is not None
        face = engine.find_faces(image.astype(np.uint8))[0]
        assert 0.5 <= face.pitch <= 0.63
        assert abs(face.roll) <= 11
        assert abs(face.yaw) <= 0.2


@pytest.mark.parametrize("name", NAMES)
def test_a_flat_picture_makes_no_move_however_it_is_tilted(engine: InsightFaceEngine, name: str) -> None:
    """By up to 45 degrees about either axis; a picture tilted further is hardly a face any more."""
    photo = StillPicture(PORTRAITS / f"{name}.jpg", MODELS / "yunet.onnx")
    rules = Rules()
    straight = engine.find_faces(photo.at(0))[0]
    for tilt in range(-45, 46, 15):
        sideways, upward = (engine.find_faces(photo.at(*pose))[0] for pose in ((tilt, 0, 0), (0, 0, tilt)))
        for face in (sideways, upward):
            assert abs(face.yaw - straight.yaw) < 0.7 * rules.turned
            assert abs(face.pitch - straight.pitch) < 0.9 * rules.nodded


def test_alignment_finds_the_turn_scale_and_shift() -> None:
    """A template that was moved is brought back."""
    template = np.array([[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]], np.float32)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    points = (template @ turn.T * 2 + (100, 50)).astype(np.float32)
    matrix = alignment(points, template)
    np.testing.assert_allclose(points @ matrix[:, :2].T + matrix[:, 2], template, atol=1e-3)


def test_a_missing_pack_is_never_fetched(tmp_path: Path) -> None:
    """InsightFace would download a pack of that name; here it is an error, told on the technician's page."""
    engine = InsightFaceEngine(tmp_path / "buffalo_l")
    assert (engine.health().level, engine.health().reason) == (Level.DOWN, "no-pack")
    with pytest.raises(DeviceMisconfiguredError, match="no-pack"):
        engine.load()


def test_a_broken_pack_is_reported_and_can_be_mended(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A changed model is refused by its hash; put right, the same engine loads it. Nothing is printed either way."""
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    with (pack / "detection.onnx").open("ab") as model:
        model.write(b"!")
    engine = InsightFaceEngine(pack)
    assert (engine.health().level, engine.health().reason) == (Level.UNKNOWN, "loading")
    with pytest.raises(DeviceMisconfiguredError, match="broken-pack"):
        engine.load()
    assert (engine.health().level, engine.health().reason) == (Level.DOWN, "broken-pack")
    shutil.copy(PACK / "detection.onnx", pack)
    engine.load()
    assert engine.health().works
    assert capfd.readouterr() == ("", "")


def test_the_threshold_and_its_source_stand_on_the_technician_s_page(engine: InsightFaceEngine) -> None:
    """A number without its origin is no number."""
    facts = dict(engine.health().facts)
    assert facts["threshold"] == "0.461"
    assert facts["false-match-rate"] == "1e-04"
    assert "unmeasured" in facts["threshold-source"]
    assert facts["model"] == "yunet-2023mar_sface-2021dec"


def test_the_technician_s_page_names_the_passive_check_or_says_that_there_is_none() -> None:
    """Silence would look like safety."""
    assert dict(InsightFaceEngine(PACK).health().facts)["passive"] == "no model"
    assert (
        dict(InsightFaceEngine(PACK, passive=InsightFacePassiveCheck(Path("minifasnet.onnx"))).health().facts)[
            "passive"
        ]
        == "minifasnet"
    )


def test_an_operator_s_own_threshold_stands_with_its_rate_and_source() -> None:
    """As the settings say it."""
    facts = dict(InsightFaceEngine(PACK, Threshold(0.52, 1e-5, "own report 7")).health().facts)
    assert (facts["threshold"], facts["false-match-rate"]) == ("0.520", "1e-05")
    assert facts["threshold-source"] == "own report 7"
