"""Reading the machine-readable zone from a picture of the page."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from civic.mrz import MrzKey
from devices.camera.api import Image
from devices.health import Health


class PageInstruction(StrEnum):
    """The one thing to do now, while a page is held before the camera."""

    SHOW_PAGE = "show-page"  # no zone is seen yet
    COME_CLOSER = "come-closer"  # seen, too small to be read
    HOLD_STILL = "hold-still"  # seen, and not yet read the same twice
    TOO_DARK = "too-dark"
    GLARE = "glare"


@dataclass(frozen=True, slots=True)
class PageRead:
    """The zone was read: every check digit holds, and more than one frame says the same."""

    key: MrzKey


class MrzEngine(Protocol):
    """A text recogniser, loaded once. Calls block for tens of milliseconds; thread-safe."""

    def health(self) -> Health:
        """Never raises. Device ``mrz``. Reasons: ok, loading, no-model, broken-model."""

    def load(self) -> None:
        """Load the model. Raises DeviceMisconfiguredError when it is missing or broken."""

    def read(self, image: Image) -> MrzKey | PageInstruction:
        """The zone in one frame, or what is to be done about it."""
