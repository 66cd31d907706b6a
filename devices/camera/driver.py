"""A camera through OpenCV: a video device of this machine (/dev/video0, /dev/v4l/by-path/…) or an MJPEG stream.

OpenCV's calls block in C for as long as the camera is silent. So one thread per open stream makes them, and keeps only
the newest frame; whoever asks for frames waits for that thread no longer than stated. A picture never leaves RAM, and
each frame is an array of its own. In production the device is bound to its USB socket (devices.camera.binding).
"""

import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import numpy as np

from devices.camera.api import Frame, Image
from devices.camera.binding import Plugged, UsbBinding
from devices.errors import DeviceError, DeviceTimeoutError, DeviceUnavailableError
from devices.health import Health, Level

if TYPE_CHECKING:
    import cv2

_POLL = 0.1  # seconds within which a cancel is noticed
_CONNECT = 0.3
_DISTRUST = 10.0  # after a stall: so long nobody is sent to this camera
_SLACK = 1.0  # OpenCV gives up this much later than we do
_BLACK = 8.0  # mean brightness (0 to 255) below which a lens is covered
_BLACK_FRAMES = 10


class OpenCvCamera:
    """``source``: a device's path or an http address. ``width``, ``height``: what a device is asked for, in pixels.

    ``stall_after``: seconds without a new frame after which the camera counts as stalled; ``opens_within``: until the
    first, which on a small machine takes longer than a stalled camera may.
    ``binding``: the socket that the picture has to come from; None: any (demonstrations).
    """

    def __init__(
        self,
        source: str,
        width: int = 640,
        height: int = 480,
        stall_after: float = 2.0,
        binding: UsbBinding | None = None,
        opens_within: float = 6.0,
    ) -> None:
        self._source = _Source(source, width, height, max(stall_after, opens_within) + _SLACK)
        self._binding = binding
        self._stall_after, self._opens_within = stall_after, opens_within
        self._reader: _Reader | None = None
        self._one_at_a_time = threading.Lock()
        self._failed, self._failed_at = "", 0.0
        self._dark = 0

    def health(self) -> Health:
        """Whether the camera is there, without opening its picture. Never raises.

        Reasons: ok; unplugged; another-camera (facts say which socket, camera and mismatch); stalled (down for ten
        seconds after the stall, then worth a try); dark (the last picture was black: a covered lens).
        """
        found = self._binding.look() if self._binding else None
        facts = self._binding.facts(found) if self._binding and found else ()
        level, reason = self._judge(found)
        return Health("camera", level, reason, (("source", self._source.name), *facts))

    def _judge(self, found: Plugged | None) -> tuple[Level, str]:
        if not self._source.is_there() or (self._binding and not found):
            return Level.DOWN, "unplugged"
        if self._binding and found and self._binding.mismatch(found):
            return Level.DOWN, "another-camera"
        if self._failed == "stalled":
            distrusted = time.monotonic() - self._failed_at < _DISTRUST
            return Level.DOWN if distrusted else Level.DEGRADED, "stalled"
        if self._dark >= _BLACK_FRAMES:
            return Level.DEGRADED, "dark"
        return Level.READY, "ok"

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """Open the camera and yield its newest frame each time, until ``cancel`` is set. Closes on exit.

        A caller that is slower than the camera misses frames (their numbers have gaps), and never sees old ones.
        Raises DeviceUnavailableError (not there, or gone), AnotherCameraError (not the one at the socket, or no longer)
        and DeviceTimeoutError (no new frame for ``stall_after``).
        """
        with self._one_at_a_time:
            try:
                yield from self._read(cancel)
            except DeviceError as error:
                self._failed = "stalled" if isinstance(error, DeviceTimeoutError) else ""
                self._failed_at = time.monotonic()
                raise

    def _read(self, cancel: Event) -> Iterator[Frame]:
        until = time.monotonic() + self._source.timeout
        while self._reader is not None and self._reader.join(_POLL):
            if cancel.is_set():
                return
            if time.monotonic() > until:  # a call into the driver that never returns: nobody waits for it
                raise DeviceTimeoutError("the camera is not closed yet")
        held = self._binding.hold() if self._binding else None
        reader = self._reader = _Reader(self._source)
        number, deadline = 0, time.monotonic() + self._opens_within
        try:
            while not cancel.is_set():
                try:
                    frame = reader.newer_than(number, _POLL)
                except DeviceUnavailableError:
                    if number or time.monotonic() > deadline or not self._source.is_there():
                        raise
                    cancel.wait(_POLL)  # it is there and did not open: busy for a moment, as right after a close
                    reader = self._reader = _Reader(self._source)
                    continue
                if frame is not None:
                    self._believe(held)
                    number, self._failed = frame.number, ""
                    self._dark = self._dark + 1 if _is_black(frame.image) else 0
                    yield frame
                    deadline = frame.at + self._stall_after
                elif time.monotonic() > deadline:
                    waited = self._stall_after if number else self._opens_within
                    raise DeviceTimeoutError(f"no frame for {waited:.0f} s")
        finally:
            reader.stop()

    def _believe(self, held: Plugged | None) -> None:
        """Every frame anew, the first one included: what was looked up may not have been what was opened."""
        if self._binding and held:
            self._binding.still(held)


class _Reader:
    """Reads until told to stop, in a thread of its own, and keeps the newest frame only."""

    def __init__(self, source: "_Source") -> None:
        self._source = source
        self._stop = Event()
        self._changed = Condition()
        self._newest: Frame | None = None
        self._ended = False
        self._thread = Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def newer_than(self, number: int, timeout: float) -> Frame | None:
        """The newest frame if it is newer, at most ``timeout`` seconds from now. Raises DeviceUnavailableError."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or (self._newest and self._newest.number > number), timeout)
            if self._newest is not None and self._newest.number > number:
                return self._newest
            if self._ended:
                raise DeviceUnavailableError("no picture")
            return None

    def stop(self) -> None:
        """Close the camera as soon as the running call returns, and keep no frame."""
        self._stop.set()
        with self._changed:
            self._newest = None
        self.join(_POLL)

    def join(self, timeout: float) -> bool:
        """Wait for the camera to be closed. True: it still is not, a silent one being closed once OpenCV gives up."""
        self._thread.join(timeout)
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            capture = self._source.open()
            try:
                self._read(capture)
            finally:
                capture.release()
        finally:
            self._end()  # however it came to that

    def _read(self, capture: "cv2.VideoCapture") -> None:
        number = 0
        while not self._stop.is_set():
            there, image = capture.read()  # False at once, too, when it could not be opened
            if not there:
                return
            number += 1
            self._keep(Frame(cast("Image", image), number, time.monotonic()))

    def _keep(self, frame: Frame) -> None:
        with self._changed:
            if not self._stop.is_set():
                self._newest = frame
                self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class _Source:
    address: str
    width: int
    height: int
    timeout: float

    @property
    def name(self) -> str:
        """What the technician reads: no user name or password that an address may hold."""
        parts = urlsplit(self.address)
        return f"{parts.hostname}:{parts.port or 80}" if self._is_stream else self.address

    @property
    def _is_stream(self) -> bool:
        return self.address.startswith(("http://", "https://"))

    def is_there(self) -> bool:
        """Whether the device's node exists, or the stream's host accepts a connection."""
        try:
            if not self._is_stream:
                return stat.S_ISCHR(Path(self.address).stat().st_mode)
            parts = urlsplit(self.address)
            socket.create_connection((parts.hostname or "", parts.port or 80), _CONNECT).close()
        except (OSError, ValueError):
            return False
        return True

    def open(self) -> "cv2.VideoCapture":
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")  # what it would print, we raise
        import cv2  # noqa: PLC0415 - it takes a moment, and the screen should not wait for it

        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        if self._is_stream:
            milliseconds = int(1000 * self.timeout)
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds, cv2.CAP_PROP_READ_TIMEOUT_MSEC, milliseconds]
            return cv2.VideoCapture(self.address, cv2.CAP_FFMPEG, limits)
        capture = cv2.VideoCapture(self.address, cv2.CAP_V4L2)
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # raw frames fill a USB 2 bus
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self.height)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture


def _is_black(image: Image) -> bool:
    return float(np.mean(image[::16, ::16])) < _BLACK
