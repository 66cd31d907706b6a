"""What issuing says on the way and in the end, and what it must be told of the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.page_printer.api import PrinterReason
from devices.printing import PrintStage
from forms.paper import Medium
from kiosk.services.draft import PaperWords
from kiosk.services.printers import Reason


class PaperMedia(Protocol):
    """What the policy of the hour says of a service's paper."""

    def media(self, service: str) -> tuple[Medium, ...]:
        """What it may be printed on, the first preferred."""

    def receipt_media(self, service: str) -> tuple[Medium, ...]:
        """The same of the receipt that may come in its stead."""

    def words(self, service: str) -> PaperWords | None:
        """What it says besides somebody's own data; None: it is not offered."""


class IssueStage(StrEnum):
    """What is being done for the resident now."""

    RESERVING = "reserving"
    RENDERING = "rendering"
    SEALING = "sealing"
    PRINTING = "printing"


@dataclass(frozen=True, slots=True)
class IssueProgress:
    """``device``: the printer that it is, or will be, printed with. ``print_stage`` and ``reason`` say more while
    PRINTING."""

    stage: IssueStage
    device: str
    print_stage: PrintStage | None = None
    reason: Reason = PrinterReason.OK


Report = Callable[[IssueProgress], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """The printer says that the paper is out. Ask the resident, then ``confirm`` or ``reject``.

    ``receipt``: it says when and where the answer can be collected.
    """

    serial: str
    medium: Medium = Medium.PAGE
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class NotIssued:
    """No paper counts. ``reason``: an error's code, ``cancelled``, or ``printer-`` and the printer's reason.

    ``serial`` is None when none was reserved. ``paper_may_be_out``: a paper may lie where people take it, and it is
    void.
    """

    reason: str
    serial: str | None
    paper_may_be_out: bool
