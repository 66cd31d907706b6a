"""InsightFace's liveness adapter, with models so small that their answer tells exactly what they were fed."""

import socket
from pathlib import Path
from typing import Any, NoReturn

import cv2
import numpy as np
import onnx
import pytest
from insightface.addons.liveness import DESTINATION_LANDMARKS

from devices.errors import DeviceMisconfiguredError
from devices.face.api import Face, PassiveCheck
from devices.face.driver import InsightFaceEngine
from devices.face.passive import InsightFacePassiveCheck, passive_facts
from devices.health import Level
from tests.support.camera import PACK, PORTRAITS
from tests.support.tiny_liveness import write_mean_of, write_pixel

TEMPLATE = np.array([[32.03, 38.06], [47.89, 37.98], [40.01, 47.08], [33.50, 56.36], [46.63, 56.29]], np.float32)
BLUE, GREEN, RED = 0, 1, 2  # in our pictures; the model's order is the other way round


def face_at(landmarks: np.ndarray[Any, Any]) -> Face:
    """A face of which nothing but its landmarks counts."""
    return Face((0, 0, 1, 1), landmarks.astype(np.float32), 1.0, 0.0, 0.58, 0.0)


def plain(blue: int, green: int, red: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    image = np.empty((480, 640, 3), np.uint8)
    image[:] = (blue, green, red)
    return image


CENTRED = face_at(TEMPLATE * 3 + (200, 100))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever opens a connection, or asks for an address, fails; InsightFace's own folder is empty and stays so."""

    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("something wanted the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(("channel", "value"), [(0, 51), (1, 102), (2, 204)])
def test_a_model_is_fed_red_green_blue_from_0_to_1(tmp_path: Path, channel: int, value: int) -> None:
    """Our pictures are blue, green, red, 0 to 255."""
    model = write_mean_of(tmp_path / "m.onnx", channel)
    score = InsightFacePassiveCheck(model).score(plain(blue=204, green=102, red=51), CENTRED)
    assert score == pytest.approx(value / 255, abs=1e-5)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("degrees", [0, 25])
def test_a_face_is_aligned_by_its_five_landmarks(tmp_path: Path, number: int, degrees: int) -> None:
    """A white spot on each landmark of a turned, large face comes to lie where the contract says."""
    turn = np.array([[np.cos(np.radians(degrees)), np.sin(np.radians(degrees))],
                     [-np.sin(np.radians(degrees)), np.cos(np.radians(degrees))]])  # fmt: skip
    landmarks = (TEMPLATE - 40) @ turn * 3 + (320, 240)
    image = plain(0, 0, 0)
    cv2.circle(image, tuple(round(float(value)) for value in landmarks[number]), 8, (255, 255, 255), -1)
    column, row = (round(float(value)) for value in TEMPLATE[number])
    score = InsightFacePassiveCheck(write_pixel(tmp_path / "m.onnx", row, column, 0)).score(image, face_at(landmarks))
    assert score is not None
    assert score > 0.9
    np.testing.assert_allclose(DESTINATION_LANDMARKS, TEMPLATE)


def test_a_real_face_is_scored_from_the_crop_of_its_own_landmarks(tmp_path: Path, engine: InsightFaceEngine) -> None:
    """From the detector's points to the model, nothing in between is mixed up: the crop is a face's, in skin's
    colours, where the picture itself has others."""
    image = np.asarray(cv2.imread(str(PORTRAITS / "person_b_1.jpg")), np.uint8)
    face = engine.find_faces(image)[0]
    red, blue = (InsightFacePassiveCheck(write_mean_of(tmp_path / f"{c}.onnx", c)).score(image, face) for c in (0, 2))
    matrix = cv2.estimateAffinePartial2D(face.landmarks, TEMPLATE, method=cv2.LMEDS)[0]
    crop = cv2.warpAffine(image, matrix, (80, 80), borderMode=cv2.BORDER_REPLICATE)
    assert red == pytest.approx(crop[..., RED].mean() / 255, abs=0.03)
    assert blue == pytest.approx(crop[..., BLUE].mean() / 255, abs=0.03)
    assert red != pytest.approx(blue, abs=0.03)


def test_a_face_that_is_cut_by_the_picture_s_edge_can_t_be_judged(tmp_path: Path) -> None:
    """More than three tenths of the crop would be invented."""
    check = InsightFacePassiveCheck(write_mean_of(tmp_path / "m.onnx", 0))
    assert check.score(plain(9, 9, 9), face_at(TEMPLATE * 3 + (-110, 100))) is None
    assert check.score(plain(9, 9, 9), face_at(TEMPLATE * 3 + (-40, 100))) is not None


@pytest.mark.parametrize("landmarks", [np.full((5, 2), 100.0), np.full((5, 2), np.nan)])
def test_landmarks_that_align_nothing_can_t_be_judged(tmp_path: Path, landmarks: np.ndarray[Any, Any]) -> None:
    """That is the frame's fault, and not the model's."""
    check = InsightFacePassiveCheck(write_mean_of(tmp_path / "m.onnx", 0))
    assert check.score(plain(9, 9, 9), face_at(landmarks)) is None


def _missing(path: Path) -> None:
    assert not path.exists()


def _no_model(path: Path) -> None:
    path.write_bytes(b"no model at all")


def _empty(path: Path) -> None:
    path.touch()


def _folder(path: Path) -> None:
    path.mkdir()


def _another_size(path: Path) -> None:
    write_mean_of(path, 0, size=128)


def _logits(path: Path) -> None:
    write_mean_of(path, 0, scale=40)


def _two_classes(path: Path) -> None:
    model = onnx.load(str(write_mean_of(path, 0)))
    model.graph.output[0].type.tensor_type.shape.dim.add().dim_value = 2
    onnx.save_model(model, str(path))


@pytest.mark.parametrize("spoil", [_missing, _no_model, _empty, _folder, _another_size, _logits, _two_classes])
def test_a_model_that_breaks_the_contract_is_named_when_it_is_loaded(
    tmp_path: Path, spoil: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Before anybody stands before the camera; put right, it is loaded. Nothing is printed, and nothing is fetched."""
    path = tmp_path / "liveness.onnx"
    spoil(path)
    check = InsightFacePassiveCheck(path)
    with pytest.raises(DeviceMisconfiguredError) as raised:
        check.load()
    assert raised.value.detail == "broken-passive-model"
    with pytest.raises(DeviceMisconfiguredError):
        check.score(plain(9, 9, 9), CENTRED)
    if path.is_dir():
        path.rmdir()
    write_mean_of(path, 0)
    assert check.score(plain(9, 9, 51), CENTRED) == pytest.approx(0.2, abs=1e-5)
    assert not (tmp_path / "home").exists()
    assert capfd.readouterr() == ("", "")


def test_a_model_that_answers_no_probability_later_is_broken_too(tmp_path: Path) -> None:
    """It answered well on the trial picture; the frame that shows it is not judged by it."""
    check = InsightFacePassiveCheck(write_mean_of(tmp_path / "m.onnx", 0, scale=1.5))
    check.load()
    with pytest.raises(DeviceMisconfiguredError, match="broken-passive-model"):
        check.score(plain(255, 255, 255), CENTRED)


def test_the_technician_reads_which_model_there_is_or_that_there_is_none(tmp_path: Path) -> None:
    check: PassiveCheck = InsightFacePassiveCheck(tmp_path / "bureau-2026.onnx", 0.75)
    assert passive_facts(check) == (("passive", "bureau-2026"), ("passive-threshold", "0.75"))
    assert passive_facts(None) == (("passive", "no model"),)


def test_a_kiosk_with_a_broken_passive_model_verifies_nobody(tmp_path: Path) -> None:
    """The operator wants that check: leaving it out in silence would be worse than a grey tile. Put right, it loads."""
    path = tmp_path / "liveness.onnx"
    engine = InsightFaceEngine(PACK, passive=InsightFacePassiveCheck(path))
    with pytest.raises(DeviceMisconfiguredError, match="broken-passive-model"):
        engine.load()
    assert (engine.health().level, engine.health().reason) == (Level.DOWN, "broken-passive-model")
    write_mean_of(path, 0)
    engine.load()
    assert (engine.health().level, engine.health().reason) == (Level.READY, "ok")
    assert dict(engine.health().facts)["passive"] == "liveness"


def test_a_kiosk_without_a_passive_model_says_so(engine: InsightFaceEngine) -> None:
    """Its pack was loaded without a network; the model that InsightFace offers was not fetched."""
    again = InsightFaceEngine(PACK)
    again.load()
    assert dict(again.health().facts)["passive"] == dict(engine.health().facts)["passive"] == "no model"
