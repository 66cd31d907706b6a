"""A simulated camera on a free port, with the portraits of the set-up before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.camera import Cast, SimulatedCamera
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

    def put(self, subject: str, pose: str = "front") -> None:
        """Put somebody before it."""
        self.state.set(DEVICE, subject=subject, pose=pose)

    def turn(self, pose: str) -> None:
        """Turn their head."""
        self.state.set(DEVICE, pose=pose)


@contextmanager
def stage(folder: Path, subject: str = "nobody") -> Iterator[Stage]:
    """Whoever is named stands there from the first frame on."""
    state = SimulatedState(folder)
    state.set(DEVICE, subject=subject, pose="front")
    people = Cast(ASSETS / "demo" / "residents.toml", PORTRAITS, MODELS / "yunet.onnx")
    with SimulatedCamera(folder, 0, people) as camera:
        yield Stage(camera.url, state)
