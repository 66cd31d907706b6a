"""The far end of the camera's wire: motion JPEG over HTTP, on loopback, at a camera's own pace.

``var/sim/camera.json`` says what stands before it (nobody, live:NAME, still:NAME; NAME is a resident's key or a
portrait's file stem; page:NAME, one of simulators.travel_page.PAGES), which way it looks (pose: front, or left and
right as the person sees it), and what is wrong with it (stalled, drops, dark, unplugged).
"""

import argparse
import math
import random
import signal
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np

from simulators.living_picture import HEIGHT, WIDTH, LivingPicture, Nobody, NoFaceError, StillPicture, Subject
from simulators.state import DEFAULT_FOLDER, SimulatedState
from simulators.travel_page import PAGES, TravelPage

HOST = "127.0.0.1"
PORT = 8081
DEVICE = "camera"
_FRAME_SECONDS = 1 / 25
_TICK = 0.1
_DEGREES_PER_SECOND = 70.0
_STEP = 3  # degrees; pictures are kept per step, so a head that has turned once costs nothing more
_BREATH_SECONDS, _BREATH_STEPS = 4.0, 4
_BOUNDARY = "frame"
_KINDS: dict[str, type[LivingPicture | StillPicture]] = {"live": LivingPicture, "still": StillPicture}


class Cast:
    """Who may stand before the camera: the ``live`` pictures of the residents, and every portrait by its stem."""

    def __init__(self, residents: Path, portraits: Path, detector: Path) -> None:
        self._portraits = portraits
        self._detector = detector
        self._pictures = live_pictures(residents)

    def subject(self, name: str) -> Subject | TravelPage:
        """``nobody``, ``live:``, ``still:`` or ``page:NAME``. Nobody, too, if there is no such picture: it says so."""
        return self._subject(name)

    @lru_cache(maxsize=8)  # noqa: B019 - there is one cast per process
    def _subject(self, name: str) -> Subject | TravelPage:
        kind, _, who = name.partition(":")
        if kind == "page" and who in PAGES:
            return TravelPage(who)
        if kind not in _KINDS:
            return Nobody()
        try:
            return _KINDS[kind](self._portraits / self._pictures.get(who, f"{who}.jpg"), self._detector)
        except NoFaceError as error:
            print(f"simulated camera: {error}", flush=True)
            return Nobody()


def live_pictures(residents: Path) -> dict[str, str]:
    """Each resident's key and the file name of their ``live`` picture. Empty without the file."""
    if not residents.is_file():
        return {}
    entries: dict[str, dict[str, str]] = tomllib.loads(residents.read_text("utf-8"))
    return {key: entry["live"] for key, entry in entries.items() if entry.get("live")}


class Scene:
    """What the camera sees now. The head moves towards the pose at a head's speed."""

    def __init__(self, cast_: Cast) -> None:
        self._cast = cast_
        self._who, self._pose, self._angle, self._at = "nobody", "front", 0.0, time.monotonic()
        self._encoded = lru_cache(maxsize=400)(self._encode)

    def direct(self, who: str, pose: str) -> None:
        """Put somebody before the camera, looking somewhere."""
        if who != self._who:
            self._who, self._angle = "nobody", 0.0  # the last one has left; the next needs a moment to get ready
            self._cast.subject(who)
            self._who = who
        self._pose = pose

    def jpeg(self) -> bytes:
        """The picture of this moment."""
        now = time.monotonic()
        to_left, to_right = self._cast.subject(self._who).turns
        target = {"left": to_right, "right": to_left}.get(self._pose, 0)  # their left is the picture's right
        reach = _DEGREES_PER_SECOND * min(now - self._at, 1.0)
        self._angle += max(-reach, min(reach, target - self._angle))
        self._at = now
        breath = round(_BREATH_STEPS * math.sin(now * math.tau / _BREATH_SECONDS))
        return self._encoded(self._who, round(self._angle / _STEP), breath)

    def _encode(self, who: str, steps: int, breath: int) -> bytes:
        return encoded(self._cast.subject(who).at(steps * _STEP, breath / _BREATH_STEPS))


def encoded(image: np.ndarray[Any, Any]) -> bytes:
    """The picture as JPEG."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


class SimulatedCamera:
    """A context manager: the stream is at ``url`` inside, unless the state says unplugged.

    One thread follows the state file and opens and closes the port; each viewer is served by a thread of its own.
    """

    def __init__(self, folder: Path, port: int, cast_: Cast) -> None:
        self._state = SimulatedState(folder)
        self._port = port
        self._stop, self._ready = Event(), Event()
        self._unplugged = Event()
        self._scene = Scene(cast_)
        self._dark = encoded(np.zeros((HEIGHT, WIDTH, 3), np.uint8))
        self._fault = "ok"
        self._server: ThreadingHTTPServer | None = None
        self._thread = Thread(target=self._run, name="simulated camera", daemon=True)

    @property
    def url(self) -> str:
        """Where the stream is, once entered."""
        return f"http://{HOST}:{self._port}/stream"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Until it was told to stop."""
        self._thread.join()

    def stop(self) -> None:
        """End soon; safe in a signal handler."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(_TICK if self._ready.is_set() else 0):
            values = self._state.read(DEVICE)
            self._fault = values["state"]
            if self._fault == "unplugged":
                self._unplug()
            else:
                self._scene.direct(values["subject"], values["pose"])
                self._plug()
            self._ready.set()
        self._unplug()

    def _plug(self) -> None:
        if self._server is not None:
            return
        handler = type("Handler", (_StreamHandler,), {"camera": self})
        server = _Server((HOST, self._port), handler)
        self._port = server.server_address[1]
        self._server = server
        self._unplugged.clear()
        Thread(target=server.serve_forever, args=(_TICK,), name="simulated camera port", daemon=True).start()

    def _unplug(self) -> None:
        self._unplugged.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def frames(self) -> Iterator[bytes]:
        """JPEG after JPEG, each when it is due, until the plug is pulled."""
        due = time.monotonic()
        while True:
            due += _FRAME_SECONDS * (random.choice((1, 1, 4, 12)) if self._fault == "drops" else 1)
            due = max(due, time.monotonic())
            if self._unplugged.wait(due - time.monotonic()):
                return
            if self._fault != "stalled":
                yield self._dark if self._fault == "dark" else self._scene.jpeg()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


class _StreamHandler(BaseHTTPRequestHandler):
    camera: SimulatedCamera

    def do_GET(self) -> None:
        with suppress(ConnectionError):  # the viewer left
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            self.end_headers()
            for jpeg in self.camera.frames():
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode("ascii") + jpeg + b"\r\n")

    def log_message(self, *_words: object) -> None:
        """Nothing: a request per visit is not news."""


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.camera", description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--residents", type=Path, default=Path("assets/demo/residents.toml"))
    parser.add_argument("--portraits", type=Path, default=Path("assets/third_party/portraits"))
    parser.add_argument("--detector", type=Path, help="YuNet's ONNX file (../models/yunet.onnx from the portraits)")
    chosen = parser.parse_args()
    detector = chosen.detector or chosen.portraits.parent / "models" / "yunet.onnx"
    camera = SimulatedCamera(chosen.folder, chosen.port, Cast(chosen.residents, chosen.portraits, detector))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: camera.stop())
    with camera:
        print(f"simulated camera: {camera.url}", flush=True)
        camera.wait()


if __name__ == "__main__":
    main()
