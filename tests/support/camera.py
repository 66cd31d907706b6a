"""A simulated camera on a free port, with the portraits of the set-up before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Event

from devices.camera.api import Camera, Frame
from devices.health import Health
from simulators.camera import SimulatedCamera
from simulators.cast import Cast
from simulators.state import SimulatedState

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
THIRD_PARTY = ASSETS / "third_party"
PORTRAITS = THIRD_PARTY / "portraits"
MODELS = THIRD_PARTY / "models"
PACK = THIRD_PARTY / "face_pack"
DEVICE = "camera"


@dataclass(frozen=True, slots=True)
class Stage:
    """A running camera and the state that directs it."""

    url: str
    state: SimulatedState

    def fault(self, state: str) -> None:
        """Make the camera be stalled, dark, … or ok."""
        self.state.set(DEVICE, state=state)

    def put(self, subject: str, pose: str = "front", scene: str = "plain", cheat: str = "none") -> None:
        """Put somebody before it."""
        self.state.set(DEVICE, subject=subject, pose=pose, scene=scene, cheat=cheat)

    def turn(self, pose: str) -> None:
        """Turn their head."""
        self.state.set(DEVICE, pose=pose)


@dataclass(frozen=True, slots=True)
class Paced:
    """A camera whose frames carry the time of a scene that goes ``pace`` times quicker than life."""

    camera: Camera
    pace: float

    def health(self) -> Health:
        """The camera's."""
        return self.camera.health()

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """The camera's, with the scene's time."""
        for frame in self.camera.frames(cancel):
            yield replace(frame, at=frame.at * self.pace)


@cache
def people() -> Cast:
    """Whoever has been made ready stays so."""
    return Cast(ASSETS / "demo" / "residents.toml", PORTRAITS, MODELS / "yunet.onnx")


@contextmanager
def stage(folder: Path, subject: str = "nobody", pace: float = 1.0, ready: tuple[str, ...] = ()) -> Iterator[Stage]:
    """Whoever is named stands there from the first frame on. ``ready``: others who will come, at once when called."""
    for other in ready:
        people().subject(other)
    state = SimulatedState(folder)
    state.set(DEVICE, subject=subject, pose="front")
    with SimulatedCamera(folder, 0, people(), pace) as camera:
        yield Stage(camera.url, state)
