"""What page and strip printers have in common: how far a job is, and that it is done."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer itself says the job is complete, with this many sheets."""

    sheets: int


class PrintStage(StrEnum):
    """What is true of a job now."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    PRINTING = "printing"
    WAITING = "waiting"  # the printer holds the job for a reason (paper out, jam), or a person's hand for the paper
