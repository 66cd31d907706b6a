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

import numpy as np
import pytest

from devices.camera.api import Frame, Image
from devices.camera.driver import OpenCvCamera
from simulators.camera import Cast, live_pictures
from simulators.living_picture import LivingPicture, Nobody, NoFaceError, StillPicture
from simulators.state import SimulatedState
from tests.support.camera import ASSETS, MODELS, PORTRAITS, Stage, stage

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
    people = Cast(ASSETS / "demo" / "residents.toml", PORTRAITS, YUNET)
    assert isinstance(people.subject("live:impostor_2"), LivingPicture)
    assert isinstance(people.subject("still:deng"), StillPicture)
    assert isinstance(people.subject("nobody"), Nobody)


def test_a_living_head_turns_and_a_still_picture_does_not(living: LivingPicture) -> None:
    """The living one hides its far cheek: left and right are no mirror images of front."""
    to_left, to_right = living.turns
    assert to_left <= -25
    assert to_right >= 25
    assert difference(living.at(0), living.at(to_right)) > 5
    assert difference(living.at(to_left), living.at(to_right)) > 5
    assert difference(living.at(0), living.at(0, breath=1)) > 0.3


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
