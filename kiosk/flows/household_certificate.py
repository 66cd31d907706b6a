"""户籍证明 (household certificate): purpose, notice, who one is, own data, paper.

Everything that moves this service stands here; who it is, is found out by the two flows that all services share, claim
and proof. Diagram: docs/flows/household_certificate.md, drawn from this file.
"""

from dataclasses import dataclass, replace

from kiosk.flows import claim, proof
from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.identity import Offers


@dataclass(frozen=True, slots=True)
class ChoosingPurpose(State):
    """What the paper is for."""

    purposes: tuple[h.Purpose, ...]
    offers: Offers


@dataclass(frozen=True, slots=True)
class BookIsEnough(State):
    """The household book proves it already; the paper is made all the same for who wants it."""

    before: ChoosingPurpose
    purpose: h.Purpose


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """Who reads what, why, for how long; before anything is read."""

    before: ChoosingPurpose
    purpose: h.Purpose


@dataclass(frozen=True, slots=True)
class Claiming(State):
    """Who is said to be here (kiosk.flows.claim)."""

    purpose: h.Purpose
    at: claim.Here


@dataclass(frozen=True, slots=True)
class Proving(State):
    """That it is them (kiosk.flows.proof)."""

    purpose: h.Purpose
    at: proof.Here


@dataclass(frozen=True, slots=True)
class OpeningRecord(State):
    """The own row is on its way."""

    purpose: h.Purpose


@dataclass(frozen=True, slots=True)
class ConfirmingData(State):
    """The resident reads what the paper will say."""

    purpose: h.Purpose
    own: h.OwnData


@dataclass(frozen=True, slots=True)
class Issuing(State):
    """The paper is being made. ``again``: in place of one that did not reach the resident."""

    purpose: h.Purpose
    stage: h.Stage = h.Stage.RESERVING
    waiting_for: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakingPaper(State):
    """纸拿到了吗? Did you get your paper."""

    purpose: h.Purpose
    serial: str


@dataclass(frozen=True, slots=True)
class Voiding(State):
    """The paper that did not reach the resident becomes void before a new one is made."""

    purpose: h.Purpose
    serial: str


@dataclass(frozen=True, slots=True)
class Ended(State):
    """No paper: one sentence why, what is true now, what to do next."""

    code: str
    void: bool = False
    maybe_out: bool = False


@dataclass(frozen=True, slots=True)
class Parting(State):
    """Whether the card still lies there. ``served``: a paper was made, or nothing was owed."""

    served: bool


@dataclass(frozen=True, slots=True)
class TakingCard(State):
    """The card still lies on the reader."""

    served: bool


@dataclass(frozen=True, slots=True)
class Over(State):
    """The service is done; the visit says goodbye."""

    served: bool


@dataclass(frozen=True, slots=True)
class Left(State):
    """The resident went back to the home screen before giving anything."""


Here = (
    ChoosingPurpose
    | BookIsEnough
    | ReadingNotice
    | Claiming
    | Proving
    | OpeningRecord
    | ConfirmingData
    | Issuing
    | TakingPaper
    | Voiding
    | Ended
    | Parting
    | TakingCard
    | Over
    | Left
)


def begin(purposes: tuple[h.Purpose, ...], offers: Offers) -> Step[Here]:
    """The first screen."""
    return Step(ChoosingPurpose(purposes, offers))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ChoosingPurpose(), h.PurposeChosen(purpose_id):
            return _chosen(state, purpose_id)
        case ChoosingPurpose(), h.WentBack():
            return Step(Left())
        case BookIsEnough(before, purpose), h.WentOnAnyway():
            return Step(ReadingNotice(before, purpose))
        case BookIsEnough(), h.WentOn():
            return _part(served=True)
        case BookIsEnough(before) | ReadingNotice(before), h.WentBack():
            return Step(before)
        case ReadingNotice(before, purpose), h.NoticeAccepted():
            return _claim(purpose, claim.begin(before.offers))
        case Claiming(purpose, at), _:
            return _claim(purpose, claim.advance(at, event))
        case Proving(purpose, at), _:
            return _prove(purpose, proof.advance(at, event))

        case OpeningRecord(purpose), h.RecordOpened(own):
            return Step(ConfirmingData(purpose, own))
        case OpeningRecord(), h.RecordNotOpened(code):
            return Step(Ended(code))
        case ConfirmingData(purpose), h.DataConfirmed():
            return Step(Issuing(purpose), (h.MakePaper(h.Application(purpose.paper, purpose.id)),))
        case ConfirmingData(), h.MistakeReported():
            return Step(Ended("mistake"))
        case ConfirmingData(), h.WentBack():
            return _part(served=False)

        case Issuing(), h.IssueAdvanced(stage, waiting_for):
            return Step(replace(state, stage=stage, waiting_for=waiting_for))
        case Issuing(purpose), h.PaperPrinted(serial):
            return Step(TakingPaper(purpose, serial))
        case Issuing(), h.PaperNotPrinted(code, void, maybe_out):
            return Step(Ended(code, void, maybe_out))
        case TakingPaper(_, serial), h.PaperTaken():
            return _part(served=True, first=(h.ConfirmPaper(serial),))
        case TakingPaper(purpose, serial), h.PaperMissed(unreadable):
            return Step(Voiding(purpose, serial), (h.RejectPaper(serial, unreadable),))
        case Voiding(purpose, serial), h.PaperRejected():
            again = h.MakePaper(h.Application(purpose.paper, purpose.id), replaces=serial)
            return Step(Issuing(purpose, again=True), (again,))
        case Ended(), (h.WentOn() | h.WentBack()):
            return _part(served=False)

        case Parting(served), h.CardLying():
            return Step(TakingCard(served), (h.WaitForLift(),))
        case ((OpeningRecord() | Issuing() | Voiding()), h.JobFailed()):
            return Step(Ended("unexpected", void=isinstance(state, Issuing | Voiding)))
        case Parting(served), (h.ReaderEmpty() | h.ReaderFailed() | h.JobFailed()):
            return Step(Over(served))
        case TakingCard(served), (h.CardLifted() | h.ReaderFailed() | h.JobFailed()):
            return Step(Over(served))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _chosen(state: ChoosingPurpose, purpose_id: str) -> Step[Here]:
    for purpose in state.purposes:
        if purpose.id == purpose_id:
            enough = purpose.book_is_enough
            return Step(BookIsEnough(state, purpose) if enough else ReadingNotice(state, purpose))
    return Step(state)


def _claim(purpose: h.Purpose, step: Step[claim.Here]) -> Step[Here]:
    match step.state:
        case claim.Claimed(offers, claimed):
            begun = proof.begin(claimed, offers)
            return Step(Proving(purpose, begun.state), (*step.commands, *begun.commands))
        case claim.Stopped(code):
            return Step(Ended(code), step.commands)
        case claim.GivenUp(back):
            return Step(Left(), (*step.commands, h.StopJobs())) if back else _part(served=False, first=step.commands)
        case at:
            return Step(Claiming(purpose, at), step.commands)


def _prove(purpose: h.Purpose, step: Step[proof.Here]) -> Step[Here]:
    match step.state:
        case proof.Proven():
            return Step(OpeningRecord(purpose), (*step.commands, h.OpenRecord()))
        case proof.Unproven():
            return _part(served=False, first=step.commands)
        case at:
            return Step(Proving(purpose, at), step.commands)


def _part(*, served: bool, first: tuple[Command, ...] = ()) -> Step[Here]:
    return Step(Parting(served), (*first, h.LookAtReader()))
