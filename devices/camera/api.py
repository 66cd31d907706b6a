"""What a camera offers: a stream of frames, in RAM only."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceUnavailableError
from devices.health import Health

Image = NDArray[np.uint8]  # height x width x 3, BGR


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture. ``number`` counts from the stream's start; ``at`` is monotonic, in seconds."""

    image: Image
    number: int
    at: float

    def __repr__(self) -> str:
        height, width = self.image.shape[:2]
        return f"Frame(#{self.number}, {width}x{height})"


class AnotherCameraError(DeviceUnavailableError):
    """A camera is there, and it is not the kiosk's own: another socket, another piece, or none of hardware at all.
    ``detail`` says which (devices.camera.binding.Mismatch). Temporary: the right one, plugged in again, is accepted."""

    code = "another-camera"


class Camera(Protocol):
    """Opened only after the resident's tap, closed when the visit leaves the camera's screen."""

    def health(self) -> Health:
        """Whether the camera is there, without opening its picture. Never raises. Reasons: ok, unplugged, dark,
        stalled, another-camera. The last stream's failure stays the answer until the device is seen again."""

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """Open the camera and yield frames until ``cancel`` is set (then return) or the stream fails: raises
        DeviceUnavailableError (gone), AnotherCameraError (not, or no longer, the kiosk's own) or DeviceTimeoutError
        (no new frame for the stated time). Closes on exit. A stream that failed is never taken up again."""
