"""What a strip printer offers: its truthful state, and a strip followed until the paper is cut, or taken."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError
from devices.health import Health
from devices.printing import Printed, PrintStage

__all__ = ["NotPrinted", "PrintStage", "Printed", "Progress", "Strip", "StripPrinter", "StripReason"]

Strip = NDArray[np.bool_]
"""Rows of dots, top first: shape (height, width), True is black."""


class StripReason(StrEnum):
    """The closed set of what a strip printer can be."""

    OK = "ok"
    BUSY = "busy"  # another strip, its feed button, or rests of a strip that was given up
    UNREACHABLE = "unreachable"
    PAPER_NEAR_END = "paper-near-end"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER_ERROR = "cutter-error"
    OVERHEATED = "overheated"
    PAPER_LEFT_IN_PRESENTER = "paper-left-in-presenter"
    STATUS_UNKNOWN = "status-unknown"  # reached by a wire that carries no answers
    OTHER = "other"


class UnprintableStripError(DeviceError):
    """The printer can't print this at all: a strip wider than the paper, a character that its ROM does not have."""

    code = "strip-unprintable"
    temporary = False


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """The strip did not come out whole, or was not taken. ``paper_may_be_out`` is False only when nothing of the strip
    was sent. The reason OK means that ``cancel`` ended it, with nothing wrong."""

    reason: StripReason
    paper_may_be_out: bool


Progress = Callable[[PrintStage, StripReason], None]


class StripPrinter(Protocol):
    """Blocking; thread-safe. The strip exists in RAM and on the wire only."""

    def health(self) -> Health:
        """Ask the printer itself. Never raises. Reasons: the values of StripReason."""

    def print_strip(self, strip: Strip, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """Print a strip, and follow it until the printer has finished (and, with a presenter, until it is taken).

        A strip that is given up is cleared from the printer, so that refilled paper prints nothing stale. One strip at
        a time: a second is refused as busy. Expected faults are results; raises UnprintableStripError only.
        """

    def print_text(self, text: str, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """Lines in the printer's own type, for when no picture can be made. Raises UnprintableStripError, before
        anything is sent, for a character that the printer's ROM can't have."""
