"""Looking at a page that somebody holds before the camera, until it was read the same twice. No frame is kept."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from threading import Event

from civic.mrz import MrzKey
from devices.camera.api import Camera, Frame
from devices.errors import DeviceCancelledError, DeviceTimeoutError
from devices.mrz.api import MrzEngine, PageInstruction, PageRead

PATIENCE = 30.0  # seconds from the first frame on


def scan(
    camera: Camera,
    engine: MrzEngine,
    cancel: Event,
    on_instruction: Callable[[PageInstruction], None],
    on_frame: Callable[[Frame], None],
) -> PageRead:
    """Read the zone. Blocks; ``on_instruction`` is told what to do now whenever that changes, ``on_frame`` gets each
    frame for the preview, both on this thread.

    Raises DeviceCancelledError (``cancel`` was set), DeviceTimeoutError (nothing was read for PATIENCE), what
    Camera.frames raises, and DeviceMisconfiguredError (no model).
    """
    frames = camera.frames(cancel)
    try:
        return _read(frames, _Attempt(engine, on_instruction), on_frame)
    finally:
        if isinstance(frames, Generator):
            frames.close()  # now, not when memory is next tidied: the camera's light goes out with it


def _read(frames: Iterable[Frame], attempt: "_Attempt", on_frame: Callable[[Frame], None]) -> PageRead:
    began: float | None = None
    for frame in frames:
        began = frame.at if began is None else began
        if frame.at - began > PATIENCE:
            raise DeviceTimeoutError(f"no zone was read in {PATIENCE:.0f} s")
        on_frame(frame)
        if page := attempt.look(frame):
            return page
    raise DeviceCancelledError


@dataclass(slots=True, eq=False, repr=False)
class _Attempt:
    """What was read last, and what was last said. One odd frame changes no instruction: two alike are needed."""

    engine: MrzEngine
    on_instruction: Callable[[PageInstruction], None]
    key: MrzKey | None = None
    wanted: PageInstruction = PageInstruction.SHOW_PAGE
    said: PageInstruction | None = None

    def look(self, frame: Frame) -> PageRead | None:
        """The page, once a second frame says the same as one before."""
        seen = self.engine.read(frame.image)
        if isinstance(seen, PageInstruction):
            self._say(seen)
            return None
        if seen == self.key:
            return PageRead(seen)
        self.key = seen
        self._say(PageInstruction.HOLD_STILL)
        return None

    def _say(self, instruction: PageInstruction) -> None:
        if instruction is self.wanted and instruction is not self.said:
            self.said = instruction
            self.on_instruction(instruction)
        self.wanted = instruction
