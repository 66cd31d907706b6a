"""One attempt at the real stream, with the real models; somebody before the camera who does as told, or does not.

The scene goes four times quicker than life, and so does the clock that the frames carry.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from devices.camera.api import Frame
from devices.camera.driver import OpenCvCamera
from devices.face.api import Instruction, PassiveCheck
from devices.face.capture import Capture, capture
from devices.face.challenge import Challenge, Move
from devices.face.comparison import Comparison, compare
from devices.face.driver import InsightFaceEngine
from tests.support.camera import PORTRAITS, Paced, Stage

PACE = 4.0
CAST = ("live:lan", "live:deng", "live:impostor_1", "live:impostor_2", "still:lan", "eyes:lan")
POSES = {
    Instruction.TURN_LEFT: "left",
    Instruction.TURN_RIGHT: "right",
    Instruction.LOOK_UP: "up",
    Instruction.LOOK_DOWN: "down",
}


@dataclass
class Booth:
    """``obeys``: poses follow the instructions. ``on``: what else to do, once, when an instruction is heard for the
    n-th time: ``(instruction, n)``."""

    engine: InsightFaceEngine
    wire: Stage
    obeys: bool = True
    on: dict[tuple[Instruction, int], Callable[[], object]] = field(default_factory=dict)
    said: list[Instruction] = field(default_factory=list)
    progress: list[float] = field(default_factory=list)
    frames: int = 0
    cancel: threading.Event = field(default_factory=threading.Event)
    seconds: float = 0.0
    stall_after: float = 2.0

    def attempt(self, *moves: Move, passive: PassiveCheck | None = None, challenge: Challenge | None = None) -> Capture:
        """Ask for these moves."""
        camera = Paced(OpenCvCamera(self.wire.url, stall_after=self.stall_after), PACE)
        begun = time.monotonic()
        try:
            asked = challenge or Challenge(moves)
            return capture(camera, self.engine, asked, self.cancel, self._hear, self._look, passive)
        finally:
            self.seconds = (time.monotonic() - begun) * PACE

    def compare(self, seen: Capture, portrait: str) -> Comparison | None:
        """With a portrait, if there is a live face."""
        encoded = (PORTRAITS / f"{portrait}.jpg").read_bytes()
        return None if seen.face is None else compare(self.engine, seen.face, encoded)

    def _look(self, _frame: Frame) -> None:
        self.frames += 1

    def _hear(self, instruction: Instruction, progress: float) -> None:
        self.progress.append(progress)
        if instruction in self.said[-1:]:
            return
        self.said.append(instruction)
        if self.obeys:
            self.wire.turn(POSES.get(instruction, "front"))
        act = self.on.pop((instruction, self.said.count(instruction)), None)
        if act is not None:
            act()
