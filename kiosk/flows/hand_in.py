"""Handing something in that records decide later: kept on this kiosk's disk first, then said to be received, then a
slip. Diagram: docs/flows/hand_in.md, drawn from this file.

The number on the screen is the receipt: a slip that does not come out loses nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from civic.masking import Personal
from kiosk.flows import contents, declarant
from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.dwelling_entry import DwellingEntry

Declarant = declarant.Declarant


@dataclass(frozen=True, slots=True)
class Residence:
    """居住登记: I live behind this door since that day."""

    who: Declarant
    door: DwellingEntry
    since: date = field(repr=False)
    kind: str = "residence"  # backend_client.contract.intakes.IntakeKind


@dataclass(frozen=True, slots=True)
class Correction:
    """信息有误: these lines of my row are wrong."""

    who: Declarant
    fields: tuple[str, ...]
    kind: str = "correction"


Tenancies = contents.Lease | contents.Joining | contents.Departure | contents.Answer | contents.Ways
Content = Residence | Correction | Tenancies


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the resident keeps. ``number``: as civic.slip_number has it; ``name``: masks itself, and stays masked.
    ``stays``: of whom from abroad a receipt of its own is printed."""

    kind: str
    number: str = field(repr=False)
    name: Personal
    at: datetime
    stays: tuple[contents.Stay, ...] = ()


class Slip(StrEnum):
    """How far the slip is."""

    PRINTING = "printing"
    STRIP = "strip"  # out, at the printer of strips
    PAGE = "page"  # out, at the page printer
    NONE = "none"  # no printer can


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keeping(State):
    """It is being sealed and written down."""

    content: Content


@dataclass(frozen=True, slots=True)
class Received(State):
    """已收到: it is on the disk. Its number stands on the screen until the resident goes on."""

    receipt: Receipt
    slip: Slip = Slip.PRINTING


@dataclass(frozen=True, slots=True)
class NotKept(State):
    """It was not taken; nothing of it is left. ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Done(State):
    """The resident goes on."""

    served: bool


Here = Keeping | Received | NotKept | Done


# --- what the kiosk answered -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandedIn(Event):
    """It is on the disk."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NotHandedIn(Event):
    """It is not, and nothing of it is left; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class SlipEnded(Event):
    """The slip is out, or there is none."""

    slip: Slip


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandIn(Command):
    """-> HandedIn | NotHandedIn. On the disk when it answers."""

    content: Content


@dataclass(frozen=True, slots=True)
class PrintSlip(Command):
    """-> SlipEnded."""

    receipt: Receipt


def begin(content: Content) -> Step[Here]:
    """What was read over and is handed in."""
    return Step(Keeping(content), (HandIn(content),))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case Keeping(), HandedIn(receipt):
            return Step(Received(receipt), (PrintSlip(receipt),))
        case Keeping(), NotHandedIn(code):
            return Step(NotKept(code))
        case Keeping(), h.JobFailed():
            return Step(NotKept("unexpected"))
        case Received(receipt, Slip.PRINTING), SlipEnded(slip):
            return Step(Received(receipt, slip))
        case Received(receipt, Slip.PRINTING), h.JobFailed():
            return Step(Received(receipt, Slip.NONE))
        case Received(slip=slip), h.WentOn() if slip is not Slip.PRINTING:
            return Step(Done(served=True))
        case NotKept(), h.WentOn():
            return Step(Done(served=False))
        case _:
            return Step(state)  # pressed twice, late or stray
