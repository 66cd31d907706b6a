"""Photographing a page of paper that somebody holds before the camera: what is asked of them, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from civic.masking import PersonalBytes
from devices.camera.api import Image
from devices.errors import DeviceMisconfiguredError, DeviceTimeoutError

LEAST_DPI = 150
"""Dots per inch of the paper, at its worst corner: small print (8 points) is then some 16 dots high."""
MOST_DPI = 200  # more shows nothing more of a printed text
LARGEST = 600_000  # bytes of a page

Signature = NDArray[np.float32]  # where ink is on a page, coarsely; of use only to know the page again


class PageInstruction(StrEnum):
    """The one thing to do now, while a page is held before the camera."""

    SHOW_PAGE = "show-page"  # none is seen
    WHOLE_PAGE = "whole-page"  # an edge lies outside the picture
    FLATTER = "flatter"
    COME_CLOSER = "come-closer"  # its text is too small in the picture
    TOO_DARK = "too-dark"
    GLARE = "glare"
    BLURRED = "blurred"
    FAINT = "faint"  # sharp, and its ink hardly differs from its paper
    BLANK = "blank"  # nothing stands on it: the other side, perhaps
    KNOWN = "known"  # this one was taken already
    HOLD_STILL = "hold-still"  # well seen, and still moving


@dataclass(frozen=True, slots=True, eq=False)
class PhotographedPage:
    """One page, upright as it was held. ``jpeg``: grey, at most LARGEST bytes, nothing but the page on it; ``dpi``: of
    it, both ways; ``signature``: to know the same page again."""

    jpeg: PersonalBytes
    dpi: int
    signature: Signature = field(repr=False)


class NoPageError(DeviceTimeoutError):
    """Nobody held up a page that could be taken, for as long as it is waited for."""

    code = "no-page"


class CoarseCameraError(DeviceMisconfiguredError):
    """The camera's pictures are too coarse for any page (LEAST_DPI)."""

    code = "camera-too-coarse"


class PageCamera(Protocol):
    """A camera before which pages are held. Opened only after the resident's tap."""

    def photograph(
        self,
        known: tuple[Signature, ...],
        cancel: Event,
        on_instruction: Callable[[PageInstruction], None],
        on_frame: Callable[[Image], None],
    ) -> PhotographedPage:
        """Take one page that is none of ``known``. Blocks; ``on_instruction`` is told what to do now whenever that
        changes, ``on_frame`` gets a small picture for the preview, both on this thread. No frame is kept.

        Raises DeviceCancelledError (``cancel`` was set), NoPageError, CoarseCameraError and what Camera.frames raises.
        """

    def shown(self, page: PhotographedPage) -> Image:
        """The page on a grey ground for the preview, which mirrors: made the other way round."""
