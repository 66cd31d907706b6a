"""The camera driver at the real stream: what it yields, and how it ends when the stream does."""

import threading
import time

import cv2
import numpy as np
import pytest

from devices.camera.api import Frame
from devices.camera.driver import OpenCvCamera, _Source
from devices.errors import DeviceTimeoutError, DeviceUnavailableError
from devices.health import Level
from tests.support.camera import Stage

STALL = 0.6


@pytest.fixture
def camera(wire: Stage) -> OpenCvCamera:
    return OpenCvCamera(wire.url, stall_after=STALL, opens_within=STALL)


def until_failure(camera: OpenCvCamera, wire: Stage, fault: str) -> float:
    """Seconds from the fault to the error that the caller is to see."""
    at = 0.0
    try:
        for frame in camera.frames(threading.Event()):
            if frame.number >= 5 and not at:
                wire.fault(fault)
                at = time.monotonic()
    except (DeviceTimeoutError, DeviceUnavailableError):
        return time.monotonic() - at
    pytest.fail("the stream did not fail")


def some(camera: OpenCvCamera, count: int) -> list[Frame]:
    cancel, frames = threading.Event(), []
    for frame in camera.frames(cancel):
        frames.append(frame)
        if len(frames) == count:
            cancel.set()
    return frames


def test_frames_come_at_the_camera_s_pace_each_in_an_array_of_its_own(camera: OpenCvCamera) -> None:
    """Twenty frames of 25 a second take about 0.8 seconds; none is older, or the same memory, as another."""
    frames = some(camera, 20)
    assert frames[0].image.shape == (480, 640, 3)
    assert frames[0].image.dtype == np.uint8
    assert [frame.number for frame in frames] == sorted({frame.number for frame in frames})
    assert 0.5 < frames[-1].at - frames[0].at < 2
    assert not np.shares_memory(frames[0].image, frames[1].image)


def newest(camera: OpenCvCamera, after: int) -> int:
    """The number of the frame that waits to be fetched, once it is higher than ``after``."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        frame = camera._reader and camera._reader._newest
        if frame and frame.number > after:
            return frame.number
        time.sleep(0.02)
    pytest.fail("no more frames came")


def test_a_slow_reader_gets_the_newest_frame(camera: OpenCvCamera) -> None:
    """Frames that nobody fetched are gone: the picture is never older than the last one that came."""
    cancel = threading.Event()
    frames = camera.frames(cancel)
    last = next(frames).number
    for _ in range(2):
        waiting = newest(camera, last + 2)
        last = next(frames).number
        assert last >= waiting
    cancel.set()
    assert list(frames) == []


def test_cancelling_ends_the_stream_soon(camera: OpenCvCamera) -> None:
    """Leaving is noticed at once, closes the camera, and no frame stays behind."""
    cancel = threading.Event()
    frames = camera.frames(cancel)
    next(frames)
    cancel.set()
    at = time.monotonic()
    assert list(frames) == []
    assert time.monotonic() - at < 0.4
    assert camera._reader is not None
    assert camera._reader._newest is None


def test_cancelling_is_noticed_while_the_camera_is_silent(camera: OpenCvCamera, wire: Stage) -> None:
    """Even if not one frame ever came."""
    wire.fault("stalled")
    time.sleep(0.25)
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    at = time.monotonic()
    assert list(camera.frames(cancel)) == []
    assert time.monotonic() - at < STALL


def test_a_camera_that_does_not_open_at_once_is_tried_again(
    camera: OpenCvCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was just closed may be busy for a moment; nobody is told that there is no camera."""
    opened, answers = _Source.open, iter((cv2.VideoCapture(), cv2.VideoCapture()))
    monkeypatch.setattr(_Source, "open", lambda source: next(answers, None) or opened(source))
    assert len(some(camera, 2)) == 2


def test_a_camera_that_never_opens_is_unavailable(camera: OpenCvCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time in which a first frame should have come."""
    monkeypatch.setattr(_Source, "open", lambda _: cv2.VideoCapture())
    at = time.monotonic()
    with pytest.raises(DeviceUnavailableError):
        some(camera, 1)
    assert STALL <= time.monotonic() - at < STALL + 1


def test_a_stalled_stream_is_a_timeout(camera: OpenCvCamera, wire: Stage) -> None:
    """The connection is open and silent: an error after the stated time, and the camera rests a while."""
    assert STALL <= until_failure(camera, wire, "stalled") < STALL + 1
    assert (camera.health().level, camera.health().reason) == (Level.DOWN, "stalled")


def test_a_call_that_never_returns_is_a_timeout_of_the_next_visit_too(camera: OpenCvCamera) -> None:
    """The thread inside the camera's driver can't be ended; who comes next hears of it instead of waiting for ever."""
    some(camera, 1)
    never = threading.Event()
    assert camera._reader is not None
    camera._reader._thread = stuck = threading.Thread(target=never.wait)
    stuck.start()
    try:
        with pytest.raises(DeviceTimeoutError):
            some(camera, 1)
    finally:
        never.set()
        stuck.join()


def test_a_stalled_camera_that_shows_pictures_again_is_well(camera: OpenCvCamera, wire: Stage) -> None:
    """The first frame ends the distrust."""
    until_failure(camera, wire, "stalled")
    wire.fault("ok")
    some(camera, 1)
    assert camera.health().reason == "ok"


def test_a_pulled_plug_is_noticed_at_once(camera: OpenCvCamera, wire: Stage) -> None:
    """The stream ends: no waiting for a timeout."""
    assert until_failure(camera, wire, "unplugged") < STALL
    time.sleep(0.2)
    assert (camera.health().level, camera.health().reason) == (Level.DOWN, "unplugged")
    with pytest.raises(DeviceUnavailableError):
        next(camera.frames(threading.Event()))


def test_a_camera_plugged_in_again_works_again(camera: OpenCvCamera, wire: Stage) -> None:
    """Hot-plug: health sees it without opening the picture, and the next stream runs."""
    until_failure(camera, wire, "unplugged")
    wire.fault("ok")
    time.sleep(0.3)
    assert camera.health().works
    assert some(camera, 2)


def test_irregular_frames_are_no_fault(camera: OpenCvCamera, wire: Stage) -> None:
    """Gaps of up to half a second happen on a bad cable."""
    wire.fault("drops")
    assert len(some(camera, 10)) == 10


def test_a_covered_lens_is_told_afterwards(camera: OpenCvCamera, wire: Stage) -> None:
    """Black frames are frames; the technician reads why nobody was found in them."""
    wire.fault("dark")
    time.sleep(0.2)
    some(camera, 15)
    assert (camera.health().level, camera.health().reason) == (Level.DEGRADED, "dark")


def test_a_missing_device_is_unplugged() -> None:
    """A path that is not there, and a file that is no device."""
    for path in ("/dev/video-not-there", __file__):
        camera = OpenCvCamera(path)
        assert camera.health().reason == "unplugged"
    with pytest.raises(DeviceUnavailableError):
        next(OpenCvCamera("/dev/video-not-there").frames(threading.Event()))


def test_a_password_in_the_address_is_not_shown() -> None:
    """The technician's page names the host only."""
    camera = OpenCvCamera("http://someone:secret@127.0.0.1:9/stream")
    assert camera.health().facts == (("source", "127.0.0.1:9"),)
