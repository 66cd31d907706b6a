"""What a camera offers: a stream of frames, in RAM only."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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


class Camera(Protocol):
    """Opened only after the resident's tap, closed when the visit leaves the camera's screen."""

    def health(self) -> Health:
        """Whether the camera is there, without opening its picture. Never raises. Reasons: ok, unplugged, dark,
        stalled. The last stream's failure stays the answer until the device is seen again."""

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """Open the camera and yield frames until ``cancel`` is set (then return) or the stream fails: raises
        DeviceUnavailableError (gone) or DeviceTimeoutError (no new frame for the stated time). Closes on exit."""
