"""The far end of the camera's wire: motion JPEG over HTTP, on loopback, at a camera's own pace.

``var/sim/camera.json`` says what stands before it (subject: nobody, live:NAME, still:NAME, eyes:NAME, where NAME is a
resident's key or a portrait's file stem; page:NAME, one of simulators.travel_page.pages; lease:NAME, as
simulators.lease_page says; paper:FILE, a picture of a sheet), which way it looks (pose: front, left and right as the
person sees it, up, down), what is around it (scene: simulators.scenery.SCENES), what a cheat does to the stream
(cheat), and what is wrong with it (stalled, drops, dark, unplugged).
"""

import argparse
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import numpy as np

from simulators.cast import Cast
from simulators.living_picture import HEIGHT, WIDTH
from simulators.scene import Direction, Scene, encoded
from simulators.state import DEFAULT_FOLDER, SimulatedState

HOST = "127.0.0.1"
PORT = 8081
DEVICE = "camera"
_FRAME_SECONDS = 1 / 25
_TICK = 0.1
_BOUNDARY = "frame"


class SimulatedCamera:
    """A context manager: the stream is at ``url`` inside, unless the state says unplugged.

    One thread follows the state file and opens and closes the port; each viewer is served by a thread of its own.
    """

    def __init__(self, folder: Path, port: int, cast_: Cast, pace: float = 1.0) -> None:
        """``pace``: how many times quicker than life frames come and heads move, for tests."""
        self._state = SimulatedState(folder)
        self._frame_seconds = _FRAME_SECONDS / pace
        self._port = port
        self._stop, self._ready = Event(), Event()
        self._unplugged = Event()
        self._scene = Scene(cast_, pace)
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
        """Until it was told to stop; not in one sleep, which a signal that comes just before would not end."""
        while self._thread.is_alive():
            self._thread.join(_TICK)

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
                self._scene.direct(Direction(values["subject"], values["pose"], values["scene"], values["cheat"]))
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
            due += self._frame_seconds * (random.choice((1, 1, 4, 12)) if self._fault == "drops" else 1)
            due = max(due, time.monotonic())
            if self._unplugged.wait(due - time.monotonic()):
                return
            if self._fault != "stalled":
                yield self._dark if self._fault == "dark" else self._scene.jpeg()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the viewers: one that still encodes would hang the process at its end
    allow_reuse_address = True


class _StreamHandler(BaseHTTPRequestHandler):
    camera: SimulatedCamera
    timeout = 1.0  # seconds a viewer may leave a frame unread

    def do_GET(self) -> None:
        with suppress(OSError):  # the viewer left, or looks away
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
