"""The pack builder: the same weights, in the form that InsightFace loads."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from devices.camera.api import Image
from devices.face.driver import InsightFaceEngine
from devices.face.operating_points import MODEL_ID
from devices.face.pack import PackError, build
from tests.support.camera import MODELS, PORTRAITS


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pack") / "face_pack"
    assert build(MODELS, target)
    return target


def test_building_again_changes_nothing(pack: Path) -> None:
    """A second set-up is quick."""
    before = {path.name: path.stat().st_mtime_ns for path in pack.iterdir()}
    assert not build(MODELS, pack)
    assert {path.name: path.stat().st_mtime_ns for path in pack.iterdir()} == before


def test_two_builds_are_the_same_byte_for_byte(pack: Path, tmp_path: Path) -> None:
    """So the hashes in the manifest name the pack."""
    build(MODELS, tmp_path / "other")
    for path in pack.iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


@pytest.mark.parametrize("damage", ["detection.onnx", "manifest.json"])
def test_a_damaged_pack_is_built_anew(pack: Path, damage: str) -> None:
    """One wrong byte is enough; nothing of the old pack or of the work is left beside it."""
    (pack / damage).write_bytes((pack / damage).read_bytes()[:-2])
    assert build(MODELS, pack)
    assert not build(MODELS, pack)
    assert [path.name for path in pack.parent.iterdir()] == [pack.name]


def test_the_manifest_names_model_origin_and_licence(pack: Path) -> None:
    """Whoever finds the pack knows what it is, and what may be done with it."""
    manifest = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert manifest["model_id"] == MODEL_ID
    assert manifest["sources"]["yunet.onnx"]["licence"] == "MIT"
    assert manifest["sources"]["sface.onnx"]["licence"] == "Apache-2.0"
    assert {task["preprocessing"] for task in manifest["tasks"].values()} == {"embedded"}


def test_a_missing_source_leaves_the_old_pack_alone(pack: Path, tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(PackError, match=r"yunet\.onnx: No such file"):
        build(tmp_path, pack)
    assert (pack / "manifest.json").is_file()


def test_a_source_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Another detector under the same name would be misread."""
    (tmp_path / "sface.onnx").write_bytes((MODELS / "sface.onnx").read_bytes())
    (tmp_path / "yunet.onnx").write_bytes((MODELS / "sface.onnx").read_bytes())
    with pytest.raises(PackError, match="not the YuNet"):
        build(tmp_path, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    """Set-up shows one sentence, no traceback."""
    words = [sys.executable, "-m", "devices.face.pack", str(tmp_path), str(tmp_path / "pack")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "The face pack can't be built: yunet.onnx: No such file or directory\n"


def portrait(side: int) -> Image:
    image = cv2.imread(str(PORTRAITS / "person_b_2.jpg"))
    assert image is not None
    return cv2.resize(image, (side, side)).astype(np.uint8)


def test_the_wrapped_detector_sees_what_yunet_sees(engine: InsightFaceEngine) -> None:
    """Boxes and points agree with OpenCV's own reading of the published file to a fraction of a pixel."""
    image = portrait(320)
    expected = cv2.FaceDetectorYN.create(str(MODELS / "yunet.onnx"), "", (320, 320)).detect(image)[1][0]
    found = engine.find_faces(image)[0]
    left, top, width, height = expected[:4]
    np.testing.assert_allclose(found.box, (left, top, left + width, top + height), atol=0.1)
    np.testing.assert_allclose(found.landmarks.ravel(), expected[4:14], atol=0.1)
    assert found.confidence == pytest.approx(expected[14], abs=1e-3)


def test_the_folded_recogniser_computes_what_the_published_one_does(pack: Path) -> None:
    """The published file asks for weights that it does not use: given zeros for them, it answers the same."""
    published = onnxruntime.InferenceSession(MODELS / "sface.onnx", providers=["CPUExecutionProvider"])
    folded = onnxruntime.InferenceSession(pack / "recognition.onnx", providers=["CPUExecutionProvider"])
    values = {asked.name: np.zeros(asked.shape, np.float32) for asked in published.get_inputs()}
    values["data"] = cv2.dnn.blobFromImage(portrait(112), swapRB=True)
    (expected,) = published.run(None, values)
    (found,) = folded.run(None, {"data": values["data"]})
    assert np.abs(expected).max() > 0.5
    np.testing.assert_allclose(found, expected, atol=1e-3)
