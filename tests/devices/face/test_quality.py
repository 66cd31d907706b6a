"""Whether a frame is good enough, as tables; and what the measures say of real portraits under a bad light."""

from collections.abc import Callable
from copy import copy
from functools import cache

import cv2
import numpy as np
import pytest

from devices.camera.api import Image
from devices.face import quality
from devices.face.api import Face, Instruction
from devices.face.driver import InsightFaceEngine
from devices.face.quality import Measures, Rules, Sighting
from simulators.living_picture import LivingPicture
from simulators.scenery import LIGHTS, PLACES, WORN, placed
from tests.support.camera import MODELS, PORTRAITS

RULES = Rules()
NAMES = ("person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2")
GOOD = {"brightest": 190, "beside": 180, "glare": 0.0, "sharpness": 0.25, "eyes": 0.9, "mouth": 0.8, "confidence": 0.93}


def box(left: float = 0.35, top: float = 0.2, width: float = 0.3, height: float = 0.5) -> Sighting:
    return Sighting(left, top, left + width, top + height)


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        (box(), None),
        (box(top=0.48), None),
        (box(top=0.0), None),
        (box(top=0.6), Instruction.TO_THE_MIDDLE),
        (box(left=0.02, width=0.3), Instruction.TO_THE_MIDDLE),
        (box(left=0.66, width=0.3), Instruction.TO_THE_MIDDLE),
        (box(left=0.45, width=0.1, height=0.2), Instruction.COME_CLOSER),
        (box(left=0.2, width=0.6, height=0.9), Instruction.STEP_BACK),
        (box(left=0.25, top=-0.1, width=0.5, height=1.2), Instruction.STEP_BACK),
    ],
    ids=["well", "seated: low", "tall: high", "chin cut", "left", "right", "far", "near", "overflowing"],
)
def test_framing(face: Sighting, expected: Instruction | None) -> None:
    """Where in the picture; how high is nobody's business as long as the face is whole."""
    assert quality.framing(face, RULES) is expected


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll", "expected"),
    [
        (0.15, 0.58, -10.0, None),
        (0.0, 0.45, 0.0, None),
        (0.3, 0.58, 0.0, Instruction.LOOK_STRAIGHT),
        (-0.3, 0.58, 0.0, Instruction.LOOK_STRAIGHT),
        (0.0, 0.3, 0.0, Instruction.LOOK_STRAIGHT),
        (0.0, 0.85, 0.0, Instruction.LOOK_STRAIGHT),
        (0.0, 0.58, 20.0, Instruction.LEVEL_HEAD),
        (0.3, 0.58, -20.0, Instruction.LEVEL_HEAD),
    ],
)
def test_posture(yaw: float, pitch: float, roll: float, expected: Instruction | None) -> None:
    """Level first: a head that lies on a shoulder can't be told to look anywhere."""
    assert quality.posture(Sighting(0.35, 0.2, 0.65, 0.7, yaw, pitch, roll), RULES) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"brightest": 30, "beside": 40}, Instruction.TOO_DARK),
        ({"brightest": 60, "beside": 240}, Instruction.TOO_BRIGHT),
        ({"brightest": 100, "beside": 250}, None),
        ({"brightest": 255, "glare": 0.5}, Instruction.TOO_BRIGHT),
        ({"mouth": 0.1}, Instruction.UNCOVER_FACE),
        ({"eyes": 0.2}, Instruction.UNCOVER_FACE),
        ({"confidence": 0.65}, Instruction.UNCOVER_FACE),
        ({"sharpness": 0.1}, Instruction.HOLD_STILL),
        ({"brightest": 30, "beside": 40, "sharpness": 0.1, "eyes": 0.1}, Instruction.TOO_DARK),
        ({"sharpness": 0.1, "mouth": 0.1}, Instruction.UNCOVER_FACE),
    ],
)
def test_picture(changes: dict[str, float], expected: Instruction | None) -> None:
    """One thing at a time, light first."""
    assert quality.picture(Measures(**(GOOD | changes)), RULES) is expected


def seen(engine: InsightFaceEngine, image: Image) -> Instruction | None:
    return quality.picture(quality.measure(image, engine.find_faces(image)[0]), RULES)


@cache
def living(name: str) -> LivingPicture:
    """Looking straight on: nobody needs to know how far they turn."""
    return LivingPicture(PORTRAITS / f"{name}.jpg", MODELS / "yunet.onnx")


def wearing(who: LivingPicture, thing: str) -> LivingPicture:
    other = copy(who)
    other.put_on(WORN[thing])
    return other


def scenes() -> list[tuple[str, Callable[[LivingPicture], Image], Instruction | None]]:
    return [
        ("plain", lambda who: who.at(0), None),
        ("seated", lambda who: placed(who.at(0), PLACES["seated"]), None),
        ("dim", lambda who: LIGHTS["dim"](who.at(0)), Instruction.TOO_DARK),
        ("glare", lambda who: LIGHTS["glare"](who.at(0)), Instruction.TOO_BRIGHT),
        ("backlit", lambda who: LIGHTS["backlit"](who.at(0)), Instruction.TOO_BRIGHT),
        ("blurred", lambda who: LIGHTS["blurred"](who.at(0)), Instruction.HOLD_STILL),
        ("mask", lambda who: wearing(who, "mask").at(0), Instruction.UNCOVER_FACE),
        ("cap", lambda who: wearing(who, "cap").at(0), Instruction.UNCOVER_FACE),
    ]


@pytest.mark.parametrize(("scene", "picture", "expected"), scenes(), ids=[name for name, *_ in scenes()])
@pytest.mark.parametrize("name", NAMES)
def test_measures_of_portraits(
    engine: InsightFaceEngine, name: str, scene: str, picture: Callable[[LivingPicture], Image], expected: Instruction
) -> None:
    """The same limits for every skin: six people of three, none told anything in a good light."""
    noise = np.random.default_rng(1).normal(0, 1.3, (480, 640, 3)).astype(np.int16)
    image = cv2.add(picture(living(name)), noise, dtype=cv2.CV_8U).astype(np.uint8)
    assert seen(engine, image) is expected, scene


def test_a_face_at_the_rim_is_measured_too() -> None:
    """As far as it is in the picture; nothing is raised for a box that reaches out of it."""
    image = np.full((480, 640, 3), 128, np.uint8)
    points = np.array([[2, 10], [40, 10], [20, 30], [5, 50], [35, 50]], np.float32)
    for at in ((-90.0, -90.0, -10.0, -10.0), (-20.0, -20.0, 60.0, 80.0), (600.0, 440.0, 700.0, 520.0)):
        assert quality.measure(image, Face(at, points, 0.9, 0.0, 0.58, 0.0)).glare == 0


def test_the_room_s_light_is_told_without_a_face() -> None:
    """Of some of its pixels."""
    assert quality.light(np.zeros((480, 640, 3), np.uint8)) == 0
    assert quality.light(np.full((480, 640, 3), 200, np.uint8)) == 200
