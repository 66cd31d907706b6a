"""What a page printer offers: its truthful state, and a job followed to an honest end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Protocol

from devices.health import Health
from devices.printing import Printed, PrintStage

__all__ = ["NotPrinted", "PagePrinter", "PrintStage", "Printed", "PrinterReason", "Progress"]


class PrinterReason(StrEnum):
    """The closed set of what a page printer can be; which of its words mean which, keywords.py says."""

    OK = "ok"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    JAM = "jam"
    COVER_OPEN = "cover-open"
    TONER_LOW = "toner-low"
    TONER_OUT = "toner-out"
    OUTPUT_FULL = "output-full"
    PAUSED = "paused"
    WRONG_PAPER = "wrong-paper"  # no A4 loaded
    TRAY_MISSING = "tray-missing"  # a tray, for paper or for what is printed
    PART_MISSING = "part-missing"  # toner cartridge, drum, fuser, waste box
    WASTE_FULL = "waste-full"
    PART_WORN_OUT = "part-worn-out"
    FUSER_FAULT = "fuser-fault"
    MEMORY_FULL = "memory-full"
    NEEDS_REPAIR = "needs-repair"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """The job ended without success. ``paper_may_be_out`` is False only when it is certain that no sheet was begun
    (refused at submission, or never accepted)."""

    reason: PrinterReason
    paper_may_be_out: bool


Progress = Callable[[PrintStage, PrinterReason], None]


class PagePrinter(Protocol):
    """Blocking; thread-safe. The document exists in RAM and on the wire only."""

    def health(self) -> Health:
        """Ask the printer itself. Never raises. Reasons: the values of PrinterReason."""

    def print_pdf(self, pdf: bytes, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """Send an A4 document and follow the job to its end (neutral job name, print-scaling none).

        A job that waits longer than the driver's patience, or whose ``cancel`` is set, is cancelled at the printer and
        its end is awaited, so that refilled paper prints nothing stale. Expected faults are results, not exceptions.
        """
