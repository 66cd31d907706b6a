"""The simulated camera: what it shows, seen through the wire, and its faults."""

import itertools
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.camera.driver import OpenCvCamera
from simulators.cast import Cast, live_pictures
from simulators.held_picture import CutOutEyes, StillPicture
from simulators.living_picture import LivingPicture, Nobody, NoFaceError
from simulators.scene import Direction, Scene
from simulators.scenery import SCENES, WORN
from simulators.state import SimulatedState
from tests.support.camera import ASSETS, MODELS, PORTRAITS, Stage, people, stage

YUNET = MODELS / "yunet.onnx"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("sim")) as running:
        yield running


@pytest.fixture(scope="module")
def living() -> LivingPicture:
    return LivingPicture(PORTRAITS / "person_b_2.jpg", YUNET)


def shown(wire: Stage, count: int = 1) -> list[Frame]:
    """Frames from half a second on: by then the state file is followed."""
    time.sleep(0.5)
    return list(itertools.islice(OpenCvCamera(wire.url).frames(threading.Event()), count))


def difference(one: Image, other: Image) -> float:
    return float(np.abs(one[:400].astype(int) - other[:400]).mean())


def decoded(jpeg: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.astype(np.uint8)


def test_nobody_stands_there_until_somebody_is_put(wire: Stage) -> None:
    """The empty room, marked as simulated in its corner."""
    wire.put("nobody")
    image = shown(wire)[0].image
    assert image.shape == (480, 640, 3)
    assert difference(image, Nobody.at(0)) < 2
    assert image[450:480, :120].std() > 10


def test_an_unknown_name_is_nobody(wire: Stage) -> None:
    """The stream goes on."""
    wire.put("live:who")
    assert difference(shown(wire)[0].image, Nobody.at(0)) < 2


def test_frames_come_25_times_a_second(wire: Stage) -> None:
    """A camera's pace, not a file's."""
    wire.put("nobody")
    frames = shown(wire, 26)
    assert 12 < (frames[-1].number - frames[0].number) / (frames[-1].at - frames[0].at) < 27


def test_a_dark_camera_shows_black(wire: Stage) -> None:
    """As with a hand over the lens."""
    wire.fault("dark")
    assert shown(wire)[0].image.max() < 10
    wire.fault("ok")


def test_an_unplugged_camera_refuses_connections_until_plugged_in(wire: Stage) -> None:
    """The port itself goes and comes."""
    address = urlsplit(wire.url)
    where = (address.hostname or "", address.port or 0)
    wire.fault("unplugged")
    time.sleep(0.4)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where)
    wire.fault("ok")
    time.sleep(0.4)
    socket.create_connection(where).close()


def test_residents_are_known_by_key_and_portraits_by_file() -> None:
    """``live:deng`` is the second picture of the portrait's owner."""
    assert live_pictures(ASSETS / "demo" / "residents.toml") == {"deng": "person_a_2.jpg", "lan": "person_b_2.jpg"}
    assert live_pictures(ASSETS / "no-such-file.toml") == {}
    cast = Cast(ASSETS / "demo" / "residents.toml", PORTRAITS, YUNET)
    assert isinstance(cast.subject("live:impostor_2"), LivingPicture)
    assert isinstance(cast.subject("still:deng"), StillPicture)
    assert isinstance(cast.subject("eyes:deng"), CutOutEyes)
    assert isinstance(cast.subject("nobody"), Nobody)


def test_a_living_head_turns_and_a_still_picture_does_not(living: LivingPicture) -> None:
    """The living one hides its far cheek: left and right are no mirror images of front."""
    to_left, to_right = living.turns
    assert to_left <= -25
    assert to_right >= 25
    assert difference(living.at(0), living.at(to_right)) > 5
    assert difference(living.at(to_left), living.at(to_right)) > 5
    assert difference(living.at(0), living.at(0, breath=1)) > 0.3


def test_a_living_head_nods(living: LivingPicture) -> None:
    """Up and down are poses of their own."""
    down, up = living.nods
    assert down < 0 < up
    assert difference(living.at(0), living.at(0, pitch=up)) > 3
    assert difference(living.at(0, pitch=down), living.at(0, pitch=up)) > 3


def test_what_somebody_wears_turns_with_the_head(living: LivingPicture) -> None:
    """And the bare head stays bare."""
    masked = living.wearing(WORN["mask"])
    assert difference(living.at(0), masked.at(0)) > 1
    assert difference(masked.at(0), masked.at(living.turns[1])) > 5
    assert difference(living.at(0), LivingPicture(PORTRAITS / "person_b_2.jpg", YUNET).at(0)) == 0


def test_no_frame_comes_twice(wire: Stage) -> None:
    """A sensor's noise is never the same; so a copied frame can be told."""
    wire.put("nobody")
    frames = shown(wire, 20)
    assert len({frame.image.tobytes() for frame in frames}) == 20


@pytest.mark.parametrize(("cheat", "different"), [("frozen", 1), ("looped", 30)])
def test_a_cheat_s_film_comes_again_and_again(wire: Stage, cheat: str, different: int) -> None:
    """To the bit."""
    wire.put("nobody", cheat=cheat)
    frames = shown(wire, 40)
    wire.put("nobody")
    assert 1 <= len({frame.image.tobytes() for frame in frames}) <= different


@pytest.mark.parametrize("scene", SCENES[1:])
def test_each_scene_looks_different(scene: str, living: LivingPicture) -> None:
    """From the same person who just stands there."""
    stage_ = Scene(people())
    stage_.direct(Direction("live:lan", "front", scene))
    assert difference(living.at(0), decoded(stage_.jpeg())) > 2


def test_a_recording_does_not_listen() -> None:
    """It moves, whatever pose is asked for."""
    stage_ = Scene(people(), pace=1000)
    stage_.direct(Direction("live:lan", "front", cheat="replay"))
    pictures = [decoded(stage_.jpeg()) for _ in range(40)]
    assert max(difference(pictures[0], other) for other in pictures) > 5


def test_the_background_does_not_turn_with_the_head(living: LivingPicture) -> None:
    """Only the head moves."""
    assert difference(living.at(0)[:, :40], living.at(living.turns[1])[:, :40]) < 1


def test_a_picture_without_a_face_can_t_live(tmp_path: Path) -> None:
    """Neither one that is not there."""
    with pytest.raises(NoFaceError):
        LivingPicture(tmp_path / "none.jpg", YUNET)


def test_the_process_serves_and_ends_when_told(tmp_path: Path) -> None:
    """As the demonstration starts it; a terminate signal ends it cleanly."""
    SimulatedState(tmp_path).set("camera", subject="nobody")
    words = [sys.executable, "-m", "simulators.camera", "--folder", str(tmp_path), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        assert OpenCvCamera(url).health().works
        process.terminate()
        assert process.wait(5) == 0
