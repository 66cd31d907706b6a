"""Who is said to be here: a card, a travel document or a typed number, until records have answered.

Everything that moves this part of identification stands here; it is the same for every service. Diagram:
docs/flows/claim.md, drawn from this file.
"""

from dataclasses import dataclass, replace

from civic.document import DocumentKind
from civic.mrz import MrzKey
from civic.mrz_entry import MrzEntry
from civic.number_entry import NumberEntry
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event, State, Step

CARD_TRIES = 3
DOCUMENT_TRIES = 3

_PERMANENT_CARD_PROBLEMS = frozenset({"unknown-card", "refused"})
_TRY_AGAIN = frozenset({"moved", "silent"})  # what laying the same document again may cure
_TYPE_AGAIN = frozenset({"wrong-key", "page-differs"})


@dataclass(frozen=True, slots=True)
class ChoosingWay(State):
    """What was brought. Whether an officer is on duty is said here, before anything is typed. ``failed``: the way whose
    reader has just failed, so that another one is asked for."""

    offers: who.Offers
    failed: who.Way | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere(State):
    """Another office serves this kind of document: which, where and when. ``kind`` None: asked before anything is
    shown."""

    offers: who.Offers
    office: str
    kind: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class LookingAtReader(State):
    """Whether a card lies there that nobody laid for this question."""

    offers: who.Offers
    tries: int = 0


@dataclass(frozen=True, slots=True)
class LiftingCard(State):
    """The card that lies there identifies nobody until it is lifted and laid again."""

    offers: who.Offers
    tries: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AwaitingCard(State):
    """A card is to be laid on the reader."""

    offers: who.Offers
    tries: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EnteringNumber(State):
    """The citizen number is being typed."""

    offers: who.Offers
    entry: NumberEntry


@dataclass(frozen=True, slots=True)
class Waiting(State):
    """Numbers were tried too often lately; a card or an officer need not wait."""

    offers: who.Offers
    entry: NumberEntry
    seconds: int


@dataclass(frozen=True, slots=True)
class ShowingPage(State):
    """The page with the photograph is held before the camera."""

    offers: who.Offers
    tries: int = 0
    instruction: str = "show-page"


@dataclass(frozen=True, slots=True)
class TypingPage(State):
    """What stands on the page is typed. ``problem``: why (the camera could not read it, or the chip did not open)."""

    offers: who.Offers
    entry: MrzEntry
    tries: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LayingDocument(State):
    """The document is to lie on the reader, closed, until it is read. ``stage`` "": nothing lies there yet."""

    offers: who.Offers
    typed: MrzKey | None
    tries: int = 0
    stage: str = ""
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class DocumentFailed(State):
    """The document was not read, or not believed: one sentence, and what can be done."""

    offers: who.Offers
    typed: MrzKey | None
    tries: int
    problem: str


@dataclass(frozen=True, slots=True)
class Identifying(State):
    """Records look for whoever is claimed."""

    offers: who.Offers
    entry: NumberEntry | None = None


@dataclass(frozen=True, slots=True)
class AtWindow(State):
    """Only the staffed window can go on: where, when. ``because``: the problem of a card or a travel document, or
    "not-served": the policy has no rule for its kind."""

    offers: who.Offers
    because: str
    way: who.Way = who.Way.CARD


@dataclass(frozen=True, slots=True)
class Claimed(State):
    """Records have answered; it is to be proven now."""

    offers: who.Offers
    claim: who.Claim


@dataclass(frozen=True, slots=True)
class Stopped(State):
    """It can't go on; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class GivenUp(State):
    """Ends without a claim. ``back``: to the home screen, nothing having been given."""

    back: bool


Here = (
    ChoosingWay
    | Elsewhere
    | LookingAtReader
    | LiftingCard
    | AwaitingCard
    | EnteringNumber
    | Waiting
    | ShowingPage
    | TypingPage
    | LayingDocument
    | DocumentFailed
    | Identifying
    | AtWindow
    | Claimed
    | Stopped
    | GivenUp
)


def begin(offers: who.Offers) -> Step[Here]:
    """The first screen."""
    return Step(ChoosingWay(offers))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ChoosingWay(offers), who.WayChosen(way) if offers.finishes(way) and not offers.reason(way):
            return _asked_for(offers, way)
        case ChoosingWay(offers), who.ElsewhereAsked(office):
            return Step(Elsewhere(offers, office))
        case ChoosingWay(), h.WentBack():
            return Step(GivenUp(back=True))
        case Elsewhere(offers, _, kind), h.WentBack() if kind is None:
            return Step(ChoosingWay(offers))
        case ((Elsewhere() | AtWindow()), h.WentOn()):
            return Step(GivenUp(back=False))
        case _ if not isinstance(state, ChoosingWay | Identifying) and isinstance(event, who.OtherDocumentChosen):
            return _another(state)
        case ((LookingAtReader() | LiftingCard() | AwaitingCard()), _):
            return _at_reader(state, event)
        case ((EnteringNumber() | Waiting()), _):
            return _at_keypad(state, event)
        case ((ShowingPage() | TypingPage()), _):
            return _at_page(state, event)
        case ((LayingDocument() | DocumentFailed()), _):
            return _at_chip(state, event)
        case Identifying(offers), who.Identified(claim):
            return Step(Claimed(offers, claim))
        case Identifying(), who.NotIdentified(code):
            return Step(Stopped(code))
        case Identifying(offers, entry), who.Slowed(seconds) if entry is not None:
            return Step(Waiting(offers, entry, seconds), (who.WaitOut(seconds),))
        case Identifying(), h.JobFailed():
            return Step(Stopped("unexpected"))
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _asked_for(offers: who.Offers, way: who.Way) -> Step[Here]:
    match way:
        case who.Way.CARD:
            return Step(LookingAtReader(offers), (h.LookAtReader(),))
        case who.Way.TRAVEL:
            return Step(ShowingPage(offers), (who.ReadPage(),))
        case who.Way.NUMBER:
            return Step(EnteringNumber(offers, NumberEntry()))


def _another(state: Here) -> Step[Here]:
    """Back to the first question; whatever runs is stopped."""
    return Step(state) if isinstance(state, Claimed | Stopped | GivenUp) else _to_the_ways(state.offers)


def _without(offers: who.Offers, way: who.Way, code: str) -> Step[Here]:
    """A reader that fails in the middle ends no visit that can go on another way: its answer is grey from now on."""
    left = offers.without(way)
    able = any(left.finishes(each) and not left.reason(each) for each in who.Way)
    return Step(ChoosingWay(left, way) if able else Stopped(code))


def _to_the_ways(offers: who.Offers) -> Step[Here]:
    return Step(ChoosingWay(offers), (h.StopJobs(),))


def _at_reader(state: LookingAtReader | LiftingCard | AwaitingCard, event: Event) -> Step[Here]:
    offers, tries = state.offers, state.tries
    match state, event:
        case LookingAtReader(), h.CardLying():
            return Step(LiftingCard(offers, tries), (h.WaitForLift(),))
        case LookingAtReader(), h.ReaderEmpty():
            return Step(AwaitingCard(offers, tries), (h.ReadNextCard(),))
        case LiftingCard(problem=problem), h.CardLifted():
            return Step(AwaitingCard(offers, tries, problem), (h.ReadNextCard(),))
        case AwaitingCard(), h.CardRead(kind):
            return _read(offers, kind, who.Way.CARD)
        case AwaitingCard(), h.CardNotRead(problem):
            return _card_not_read(offers, tries + 1, problem)
        case _, h.ReaderFailed():
            return _without(offers, who.Way.CARD, "reader-failed")
        case _, h.JobFailed():
            return Step(Stopped("reader-failed"))
        case _, h.WentBack():
            return _to_the_ways(offers)
        case _:
            return Step(state)


def _read(offers: who.Offers, kind: DocumentKind, way: who.Way) -> Step[Here]:
    office = offers.office_for(kind)
    if office is None:
        return Step(AtWindow(offers, "not-served", way))
    return Step(Elsewhere(offers, office, kind)) if office else Step(Identifying(offers), (who.Identify(),))


def _card_not_read(offers: who.Offers, tries: int, problem: str) -> Step[Here]:
    if tries >= CARD_TRIES or problem in _PERMANENT_CARD_PROBLEMS:
        return Step(AtWindow(offers, problem))
    return Step(LiftingCard(offers, tries, problem), (h.WaitForLift(),))


def _at_keypad(state: EnteringNumber | Waiting, event: Event) -> Step[Here]:
    offers, entry = state.offers, state.entry
    match state, event:
        case EnteringNumber(), who.KeyPressed(key):
            return Step(replace(state, entry=entry.press(key.reveal(), offers.today)))
        case EnteringNumber(), who.KeyErased():
            return Step(replace(state, entry=entry.erase()))
        case EnteringNumber(), who.EntryFinished() if number := entry.number:
            return Step(Identifying(offers, entry), (who.IdentifyByNumber(number),))
        case Waiting(), who.Slowed(seconds):
            return Step(replace(state, seconds=seconds))
        case Waiting(), (who.WaitedOut() | h.JobFailed()):
            return Step(EnteringNumber(offers, entry))
        case _, h.WentBack():
            return _to_the_ways(offers)
        case _:
            return Step(state)


def _at_page(state: ShowingPage | TypingPage, event: Event) -> Step[Here]:
    offers, tries = state.offers, state.tries
    match state, event:
        case ShowingPage(), who.PageInstructed(instruction):
            return Step(replace(state, instruction=instruction))
        case ShowingPage(), who.PageRead():
            return Step(LayingDocument(offers, None, tries), (who.ReadDocument(),))
        case ShowingPage(), who.PageNotRead(code):
            return Step(TypingPage(offers, MrzEntry(), tries, code))
        case ShowingPage(), h.JobFailed():
            return Step(TypingPage(offers, MrzEntry(), tries, "no-camera"))
        case ShowingPage(), who.TypingChosen():
            return Step(TypingPage(offers, MrzEntry(), tries), (h.StopJobs(),))
        case TypingPage(entry=entry), who.KeyPressed(key):
            return Step(replace(state, entry=entry.press(key.reveal(), offers.today)))
        case TypingPage(entry=entry), who.KeyErased():
            return Step(replace(state, entry=entry.erase()))
        case TypingPage(entry=entry), who.PermitToggled():
            return Step(replace(state, entry=entry.toggle_permit()))
        case TypingPage(entry=entry), who.EntryFinished():
            if typed := entry.key:
                return Step(LayingDocument(offers, typed, tries), (who.ReadDocument(typed),))
            return Step(replace(state, entry=entry.next_field()))
        case TypingPage(entry=entry), h.WentBack() if not entry.at_first_field:
            return Step(replace(state, entry=entry.previous_field()))
        case _, h.WentBack():
            return _to_the_ways(offers)
        case _:
            return Step(state)


def _at_chip(state: LayingDocument | DocumentFailed, event: Event) -> Step[Here]:
    offers, typed, tries = state.offers, state.typed, state.tries
    match state, event:
        case LayingDocument(), who.DocumentFound(stage, progress):
            return Step(replace(state, stage=stage, progress=progress))
        case LayingDocument(), who.DocumentRead(kind):
            return _read(offers, kind, who.Way.TRAVEL)
        case LayingDocument(), who.DocumentNotRead(problem):
            return _document_not_read(offers, typed, tries + 1, problem)
        case LayingDocument(), h.ReaderFailed():
            return _without(offers, who.Way.TRAVEL, "document-reader-failed")
        case LayingDocument(), h.JobFailed():
            return Step(Stopped("document-reader-failed"))
        case DocumentFailed(), h.WentOn():
            return Step(LayingDocument(offers, typed, tries), (who.ReadDocument(typed),))
        case DocumentFailed(), who.TypingChosen():
            return Step(TypingPage(offers, MrzEntry(), tries))
        case _, h.WentBack():
            return _to_the_ways(offers)
        case _:
            return Step(state)


def can_lay_again(problem: str) -> bool:
    """Whether laying the same document again may cure it."""
    return problem in _TRY_AGAIN


def can_type_again(problem: str) -> bool:
    """Whether what was read or typed from the page is the likely cause."""
    return problem in _TYPE_AGAIN


def _document_not_read(offers: who.Offers, typed: MrzKey | None, tries: int, problem: str) -> Step[Here]:
    curable = can_lay_again(problem) or can_type_again(problem)
    if tries >= DOCUMENT_TRIES or not curable:
        return Step(AtWindow(offers, problem, who.Way.TRAVEL))
    return Step(DocumentFailed(offers, typed, tries, problem))
