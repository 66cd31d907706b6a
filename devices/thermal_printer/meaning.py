"""What the answers to DLE EOT 1 to 4 mean, as one reason.

Source: Epson, ESC/POS Command Reference, DLE EOT.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.thermal_printer.api import StripReason
from devices.thermal_printer.wire import Status

TICKET_OUT = 0x20  # in the first byte of DLE EOT 20: a strip lies in the presenter

_STOPPING = (  # the worst first: which answer, which bits, what it is
    (Status.OFFLINE, 0x04, StripReason.COVER_OPEN),
    (Status.PAPER, 0x60, StripReason.PAPER_OUT),
    (Status.OFFLINE, 0x20, StripReason.PAPER_OUT),
    (Status.ERROR, 0x08, StripReason.CUTTER_ERROR),
    (Status.ERROR, 0x24, StripReason.OTHER),  # mechanical, or beyond recovery
    (Status.ERROR, 0x40, StripReason.OVERHEATED),  # it recovers by itself when it has cooled
    (Status.OFFLINE, 0x40, StripReason.OTHER),
    (Status.PRINTER, 0x08, StripReason.BUSY),  # offline without a cause: the feed button, a start
)
_NEAR_END = 0x0C


@dataclass(frozen=True, slots=True)
class Condition:
    """How the printer is, and whether it prints so. ``answers``: its four bytes, for the technician."""

    reason: StripReason
    stops: bool
    answers: str


def condition(answers: Mapping[Status, int]) -> Condition:
    """``answers``: to Status.PRINTER, OFFLINE, ERROR and PAPER, each one byte."""
    shown = " ".join(f"{answer:02x}" for answer in answers.values())
    for status, bits, reason in _STOPPING:
        if answers[status] & bits:
            return Condition(reason, stops=True, answers=shown)
    near = answers[Status.PAPER] & _NEAR_END
    return Condition(StripReason.PAPER_NEAR_END if near else StripReason.OK, stops=False, answers=shown)
