"""户籍证明 (household certificate): purpose, notice, card, face, own data, paper.

Everything that moves this service stands here. Diagram: docs/flows/household_certificate.md, drawn from this file.
"""

from dataclasses import dataclass, replace

from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step

CARD_TRIES = 3
FACE_TRIES = 3

_PERMANENT_CARD_PROBLEMS = frozenset({"unknown-card", "refused"})


@dataclass(frozen=True, slots=True)
class ChoosingPurpose(State):
    """What the paper is for."""

    purposes: tuple[h.Purpose, ...]


@dataclass(frozen=True, slots=True)
class BookIsEnough(State):
    """The household book proves it already; the paper is made all the same for who wants it."""

    purposes: tuple[h.Purpose, ...]
    purpose: h.Purpose


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """Who reads what, why, for how long; before anything is read."""

    purposes: tuple[h.Purpose, ...]
    purpose: h.Purpose


@dataclass(frozen=True, slots=True)
class Errand:
    """What the resident wants, carried through identification: the purpose, and the tries used up."""

    purpose: h.Purpose
    card_tries: int = 0
    face_tries: int = 0


@dataclass(frozen=True, slots=True)
class LookingAtReader(State):
    """Whether a card lies there that nobody laid for this question."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class LiftingCard(State):
    """The card that lies there identifies nobody until it is lifted and laid again."""

    errand: Errand
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AwaitingCard(State):
    """A card is to be laid on the reader."""

    errand: Errand
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Identifying(State):
    """Records look for the card's holder."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class ConsentingToFace(State):
    """Just before the camera: face, or another way, of equal rank."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class ShowingOtherWay(State):
    """The staffed window and its hours. ``because``: chosen, face, card, no-portrait."""

    errand: Errand
    because: str


@dataclass(frozen=True, slots=True)
class FacingCamera(State):
    """One short instruction at a time."""

    errand: Errand
    instruction: str = "look-straight"
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceNotConfirmed(State):
    """Said without blame. ``tries_left`` 0: only the other way remains."""

    errand: Errand
    result: h.FaceResult
    tries_left: int


@dataclass(frozen=True, slots=True)
class OpeningRecord(State):
    """The own row is on its way."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class ConfirmingData(State):
    """The resident reads what the paper will say."""

    errand: Errand
    own: h.OwnData


@dataclass(frozen=True, slots=True)
class Issuing(State):
    """The paper is being made. ``again``: in place of one that did not reach the resident."""

    errand: Errand
    stage: h.Stage = h.Stage.RESERVING
    waiting_for: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakingPaper(State):
    """纸拿到了吗? Did you get your paper."""

    errand: Errand
    serial: str


@dataclass(frozen=True, slots=True)
class Voiding(State):
    """The paper that did not reach the resident becomes void before a new one is made."""

    errand: Errand
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
    | LookingAtReader
    | LiftingCard
    | AwaitingCard
    | Identifying
    | ConsentingToFace
    | ShowingOtherWay
    | FacingCamera
    | FaceNotConfirmed
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


def begin(purposes: tuple[h.Purpose, ...]) -> Step[Here]:
    """The first screen."""
    return Step(ChoosingPurpose(purposes))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ChoosingPurpose(purposes), h.PurposeChosen(purpose_id):
            return _chosen(purposes, purpose_id)
        case ChoosingPurpose(), h.WentBack():
            return Step(Left())
        case BookIsEnough(purposes, purpose), h.WentOnAnyway():
            return Step(ReadingNotice(purposes, purpose))
        case BookIsEnough(), h.WentOn():
            return _part(served=True)
        case BookIsEnough(purposes) | ReadingNotice(purposes), h.WentBack():
            return Step(ChoosingPurpose(purposes))
        case ReadingNotice(_, purpose), h.NoticeAccepted():
            return Step(LookingAtReader(Errand(purpose)), (h.LookAtReader(),))

        case LookingAtReader(errand), h.CardLying():
            return Step(LiftingCard(errand), (h.WaitForLift(),))
        case LookingAtReader(errand), h.ReaderEmpty():
            return Step(AwaitingCard(errand), (h.ReadNextCard(),))
        case LiftingCard(errand, problem), h.CardLifted():
            return Step(AwaitingCard(errand, problem), (h.ReadNextCard(),))
        case AwaitingCard(errand), h.CardRead():
            return Step(Identifying(errand), (h.Identify(),))
        case AwaitingCard(errand), h.CardNotRead(problem):
            return _card_not_read(errand, problem)
        case ((LiftingCard(errand) | AwaitingCard(errand)), h.OtherWayChosen()):
            return Step(ShowingOtherWay(errand, "card"), (h.StopJobs(),))
        case ((LookingAtReader() | LiftingCard() | AwaitingCard()), h.WentBack()):
            return Step(Left(), (h.StopJobs(),))
        case ((LookingAtReader() | LiftingCard() | AwaitingCard()), (h.ReaderFailed() | h.JobFailed())):
            return Step(Ended("reader-failed"))

        case Identifying(errand), h.Identified(has_portrait):
            return Step(ConsentingToFace(errand) if has_portrait else ShowingOtherWay(errand, "no-portrait"))
        case Identifying(), h.NotIdentified(code):
            return Step(Ended(code))
        case ConsentingToFace(errand), h.FaceChosen():
            return Step(FacingCamera(errand), (h.VerifyFace(),))
        case ((ConsentingToFace(errand) | FaceNotConfirmed(errand)), h.OtherWayChosen()):
            return Step(ShowingOtherWay(errand, "chosen"))
        case FacingCamera(), h.FaceInstructed(instruction, progress):
            return Step(replace(state, instruction=instruction, progress=progress))
        case FacingCamera(errand), h.FaceDecided(result):
            return _face_decided(errand, result)
        case FacingCamera(errand), h.JobFailed():
            return _face_decided(errand, h.FaceResult.NO_CAMERA)
        case FacingCamera(errand), (h.WentBack() | h.OtherWayChosen()):
            return Step(ShowingOtherWay(errand, "chosen"), (h.StopJobs(),))
        case FaceNotConfirmed(errand, _, tries_left), h.FaceChosen() if tries_left:
            return Step(FacingCamera(errand), (h.VerifyFace(),))
        case ShowingOtherWay(errand, because), h.WentBack() if can_go_back(state):
            return _card_or_face_again(errand, because)
        case ShowingOtherWay(), (h.WentOn() | h.WentBack()):
            return _part(served=False)

        case OpeningRecord(errand), h.RecordOpened(own):
            return Step(ConfirmingData(errand, own))
        case OpeningRecord(), h.RecordNotOpened(code):
            return Step(Ended(code))
        case ConfirmingData(errand), h.DataConfirmed():
            return Step(Issuing(errand), (h.MakePaper(errand.purpose.paper, errand.purpose.id),))
        case ConfirmingData(), h.MistakeReported():
            return Step(Ended("mistake"))
        case ConfirmingData(), h.WentBack():
            return _part(served=False)

        case Issuing(), h.IssueAdvanced(stage, waiting_for):
            return Step(replace(state, stage=stage, waiting_for=waiting_for))
        case Issuing(errand), h.PaperPrinted(serial):
            return Step(TakingPaper(errand, serial))
        case Issuing(), h.PaperNotPrinted(code, void, maybe_out):
            return Step(Ended(code, void, maybe_out))
        case TakingPaper(_, serial), h.PaperTaken():
            return _part(served=True, first=(h.ConfirmPaper(serial),))
        case TakingPaper(errand, serial), h.PaperMissed(unreadable):
            return Step(Voiding(errand, serial), (h.RejectPaper(serial, unreadable),))
        case Voiding(errand, serial), h.PaperRejected():
            again = h.MakePaper(errand.purpose.paper, errand.purpose.id, replaces=serial)
            return Step(Issuing(errand, again=True), (again,))
        case Ended(), (h.WentOn() | h.WentBack()):
            return _part(served=False)

        case Parting(served), h.CardLying():
            return Step(TakingCard(served), (h.WaitForLift(),))
        case ((Identifying() | OpeningRecord() | Issuing() | Voiding()), h.JobFailed()):
            return Step(Ended("unexpected", void=isinstance(state, Issuing | Voiding)))
        case Parting(served), (h.ReaderEmpty() | h.ReaderFailed() | h.JobFailed()):
            return Step(Over(served))
        case TakingCard(served), (h.CardLifted() | h.ReaderFailed() | h.JobFailed()):
            return Step(Over(served))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def can_go_back(state: ShowingOtherWay) -> bool:
    """Whether the other way was the resident's own choice, so that a slip of the finger costs nothing."""
    return state.because == "card" or (state.because == "chosen" and state.errand.face_tries < FACE_TRIES)


def _card_or_face_again(errand: Errand, because: str) -> Step[Here]:
    if because == "card":
        return Step(LookingAtReader(errand), (h.LookAtReader(),))
    return Step(ConsentingToFace(errand))


def _chosen(purposes: tuple[h.Purpose, ...], purpose_id: str) -> Step[Here]:
    for purpose in purposes:
        if purpose.id == purpose_id:
            enough = purpose.book_is_enough
            return Step(BookIsEnough(purposes, purpose) if enough else ReadingNotice(purposes, purpose))
    return Step(ChoosingPurpose(purposes))


def _card_not_read(errand: Errand, problem: str) -> Step[Here]:
    tried = replace(errand, card_tries=errand.card_tries + 1)
    if tried.card_tries >= CARD_TRIES or problem in _PERMANENT_CARD_PROBLEMS:
        return Step(ShowingOtherWay(tried, problem))
    return Step(LiftingCard(tried, problem), (h.WaitForLift(),))


def _face_decided(errand: Errand, result: h.FaceResult) -> Step[Here]:
    if result is h.FaceResult.PASSED:
        return Step(OpeningRecord(errand), (h.OpenRecord(),))
    if result is h.FaceResult.NO_PORTRAIT:
        return Step(ShowingOtherWay(errand, "no-portrait"))
    tried = replace(errand, face_tries=errand.face_tries + 1)
    no_use = result in (h.FaceResult.NO_CAMERA, h.FaceResult.NO_LINK)
    return Step(FaceNotConfirmed(tried, result, 0 if no_use else max(FACE_TRIES - tried.face_tries, 0)))


def _part(*, served: bool, first: tuple[Command, ...] = ()) -> Step[Here]:
    return Step(Parting(served), (*first, h.LookAtReader()))
