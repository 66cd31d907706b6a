"""Making a paper, and handing it over: the same for every paper on every medium, and for a receipt in its place.

What is said of a receipt depends on nothing but that it is one. Diagram: docs/flows/issuing.md, drawn from this file.
"""

from dataclasses import dataclass, replace

from kiosk.flows import happenings as h
from kiosk.flows.base import Event, State, Step


@dataclass(frozen=True, slots=True)
class Issuing(State):
    """The paper is being made. ``again``: in place of one that did not reach the resident."""

    application: h.Application
    stage: h.Stage = h.Stage.RESERVING
    waiting_for: str = ""
    printer: str = "page_printer"
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakingPaper(State):
    """纸拿到了吗? Did you get your paper. ``called``: how often it has been called out."""

    application: h.Application
    serial: str
    medium: str = "page"
    receipt: bool = False
    called: int = 0


@dataclass(frozen=True, slots=True)
class Voiding(State):
    """The paper that did not reach the resident becomes void before a new one is made."""

    application: h.Application
    serial: str


@dataclass(frozen=True, slots=True)
class Ended(State):
    """No paper: one sentence why, what is true now, what to do next."""

    code: str
    void: bool = False
    maybe_out: bool = False


@dataclass(frozen=True, slots=True)
class Finished(State):
    """The paper is in the resident's hand (``served``), or they know why there is none."""

    served: bool


Here = Issuing | TakingPaper | Voiding | Ended | Finished


def begin(application: h.Application, *, replaces: str = "") -> Step[Here]:
    """The first screen. ``replaces``: the serial of a paper that did not reach the resident."""
    return Step(Issuing(application, again=bool(replaces)), (h.MakePaper(application, replaces),))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case Issuing(), h.IssueAdvanced(stage, waiting_for, printer):
            return Step(replace(state, stage=stage, waiting_for=waiting_for, printer=printer))
        case Issuing(application), h.PaperPrinted(serial, medium, receipt):
            return Step(TakingPaper(application, serial, medium, receipt))
        case Issuing(), h.PaperNotPrinted(code, void, maybe_out):
            return Step(Ended(code, void, maybe_out))
        case TakingPaper(serial=serial), h.PaperTaken():
            return Step(Finished(served=True), (h.ConfirmPaper(serial),))
        case TakingPaper(application, serial), h.PaperMissed(unreadable):
            return Step(Voiding(application, serial), (h.RejectPaper(serial, unreadable),))
        case TakingPaper(serial=serial, called=called), h.PaperUntaken():
            return Step(replace(state, called=called + 1), (h.NotePaperUntaken(serial),))
        case Voiding(application, serial), h.PaperRejected():
            return begin(application, replaces=serial)
        case ((Issuing() | Voiding()), h.JobFailed()):
            return Step(Ended("unexpected", void=True))
        case Ended(), (h.WentOn() | h.WentBack()):
            return Step(Finished(served=False))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen
