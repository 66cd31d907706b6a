"""The real stream, bound to a socket of a made-up sysfs: what an attempt does when the camera changes under it."""

import threading
import time
from pathlib import Path

import pytest

from devices.camera.api import AnotherCameraError
from devices.camera.binding import UsbBinding
from devices.camera.driver import OpenCvCamera
from devices.errors import DeviceUnavailableError
from devices.health import Level
from tests.support.camera import Stage
from tests.support.fake_sysfs import FakeSysfs


@pytest.fixture
def sysfs(tmp_path: Path) -> FakeSysfs:
    return FakeSysfs(tmp_path)


@pytest.fixture
def camera(wire: Stage, sysfs: FakeSysfs) -> OpenCvCamera:
    return OpenCvCamera(wire.url, stall_after=3, binding=UsbBinding(str(sysfs.node()), "1-1.4", sysfs=sysfs.root))


def state(camera: OpenCvCamera) -> tuple[Level, str]:
    health = camera.health()
    return health.level, health.reason


def see(camera: OpenCvCamera, count: int = 2) -> None:
    """Look at a few frames and leave."""
    cancel = threading.Event()
    for seen, _ in enumerate(camera.frames(cancel), start=1):
        if seen == count:
            cancel.set()


def test_the_right_camera_shows_its_picture_and_its_place(camera: OpenCvCamera, sysfs: FakeSysfs) -> None:
    sysfs.plug_in("1-1.4")
    see(camera)
    assert state(camera) == (Level.READY, "ok")
    assert dict(camera.health().facts)["usb-path"] == "1-1.4"
    assert dict(camera.health().facts)["usb-id"] == "046d:0825"


def test_a_wrong_camera_is_never_opened_and_the_right_one_recovers(camera: OpenCvCamera, sysfs: FakeSysfs) -> None:
    """Grey before the first touch; nothing has to be restarted."""
    sysfs.plug_in("1-1.3")
    assert state(camera) == (Level.DOWN, "another-camera")
    assert dict(camera.health().facts)["mismatch"] == "camera-at-another-socket"
    with pytest.raises(AnotherCameraError) as raised:
        see(camera)
    assert camera._reader is None
    assert isinstance(raised.value, DeviceUnavailableError)
    assert raised.value.temporary
    sysfs.unplug()
    assert state(camera) == (Level.DOWN, "unplugged")
    with pytest.raises(DeviceUnavailableError, match="not plugged in"):
        see(camera)
    sysfs.plug_in("1-1.4")
    assert state(camera) == (Level.READY, "ok")
    see(camera)


@pytest.mark.parametrize(("socket", "usb_id"), [("1-1.4", "046d:0825"), ("1-1.4", "1e4e:0102"), ("1-2", "046d:0825")])
def test_a_camera_changed_in_the_pause_of_a_stream_shows_no_further_frame(
    camera: OpenCvCamera, sysfs: FakeSysfs, wire: Stage, socket: str, usb_id: str
) -> None:
    """Frames stop and go on: by then it was pulled out, and whatever came instead is not believed in this attempt."""
    sysfs.plug_in("1-1.4")
    frames = camera.frames(threading.Event())
    next(frames)
    wire.fault("stalled")
    time.sleep(0.3)
    sysfs.unplug()
    sysfs.plug_in(socket, usb_id=usb_id)
    wire.fault("ok")
    with pytest.raises(AnotherCameraError):
        next(frames)


def test_a_camera_swapped_while_it_was_opened_shows_no_frame(
    camera: OpenCvCamera, sysfs: FakeSysfs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked up may not be what was opened: the first frame is checked like any other."""
    sysfs.plug_in("1-1.4")
    source = type(camera._source)
    really_open = source.open

    def swapped(self: object) -> object:
        sysfs.unplug()
        sysfs.plug_in("1-1.4")
        return really_open(self)  # type: ignore[arg-type]

    monkeypatch.setattr(source, "open", swapped)
    with pytest.raises(AnotherCameraError, match="plugged in anew"):
        next(camera.frames(threading.Event()))


def test_a_replaced_camera_keeps_the_service_grey(camera: OpenCvCamera, sysfs: FakeSysfs) -> None:
    """Down, not degraded: at the same socket, of another make, until the technician starts the kiosk again."""
    sysfs.plug_in("1-1.4")
    assert state(camera) == (Level.READY, "ok")
    sysfs.unplug()
    sysfs.plug_in("1-1.4", usb_id="1e4e:0102")
    assert state(camera) == (Level.DOWN, "another-camera")
    assert dict(camera.health().facts)["mismatch"] == "camera-replaced"
    assert dict(camera.health().facts)["expected-usb-id"] == "046d:0825"
