"""Values, events and commands of identification: what is brought, who is claimed, how it is proven.

Nothing here holds a document, a portrait or a code of a face: those live in the visit's memory at the services. What is
typed is the exception, because the resident reads what they type: it masks itself.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import Personal
from civic.mrz import MrzKey
from kiosk.flows.base import Command, Event


class Way(StrEnum):
    """How one shows who one is, as the first screen offers it."""

    CARD = "card"  # any identity card with a SAM-V chip
    TRAVEL = "travel"  # a passport or a permit to travel
    NUMBER = "number"  # nothing was brought


_DEVICES = {Way.CARD: "id_card.failed", Way.TRAVEL: "travel_document.failed", Way.NUMBER: ""}

CARDS = frozenset(
    {
        DocumentKind.RESIDENT_CARD,
        DocumentKind.HMT_PERMIT,
        DocumentKind.FOREIGNER_CARD,
        DocumentKind.FOREIGNER_CARD_2017,
    }
)
TRAVEL_DOCUMENTS = frozenset({DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT})
_KINDS = {Way.CARD: CARDS, Way.TRAVEL: TRAVEL_DOCUMENTS, Way.NUMBER: frozenset({DocumentKind.NUMBER})}


@dataclass(frozen=True, slots=True)
class Offers:
    """What this service accepts and what works here now, as it was when the service was chosen.

    ``documents``: each kind and the id of the office that serves it instead ("" here). ``broken``: ways whose device
    does not work, with the reason's code. ``face``: camera and models work. ``officer``: somebody is on duty.
    ``today``: local date. ``correction``: 信息有误 is taken in.
    """

    documents: tuple[tuple[DocumentKind, str], ...]
    today: date
    broken: tuple[tuple[Way, str], ...] = ()
    face: bool = True
    officer: bool = False
    correction: bool = False

    def office_for(self, kind: DocumentKind) -> str | None:
        """The id of the office for a kind, "" for this kiosk, None where the policy says nothing of it."""
        return dict(self.documents).get(kind)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways by which somebody can finish here, in the policy's order."""
        here = (kind for kind, office in self.documents if not office)
        return tuple(dict.fromkeys(way for kind in here for way in Way if kind in _KINDS[way]))

    def finishes(self, way: Way) -> bool:
        """Whether somebody with this way can finish here."""
        return way in self.ways

    def without(self, way: Way) -> "Offers":
        """The same, but for a way whose device has just failed."""
        return replace(self, broken=(*self.broken, (way, _DEVICES[way])))

    def reason(self, way: Way) -> str:
        """Why a way does not work now; "" when it does."""
        return dict(self.broken).get(way, "")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is said to be here, as far as a screen needs it. ``minor``: below the age from which a face is asked for.
    ``unclear``: records want an officer to look, whatever the reason. ``abroad``: by a document of somebody from
    abroad, or from Hong Kong, Macao or Taiwan, whom the register of citizens need not know."""

    kind: DocumentKind
    has_portrait: bool = True
    minor: bool = False
    unclear: bool = False
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Tries:
    """Others' tries at this person's number, told to the person themselves."""

    count: int
    last_at: datetime


class FaceResult(StrEnum):
    """How a try before the camera ended."""

    PASSED = "passed"
    NOT_CONFIRMED = "not-confirmed"  # another person, no live one, or a number nobody has: said in the same words
    TIMED_OUT = "timed-out"
    NO_CAMERA = "no-camera"
    NO_LINK = "no-link"
    NO_PORTRAIT = "no-portrait"  # the portrait can't be compared with


class OfficerAnswer(StrEnum):
    """What became of asking an officer."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SEEN = "seen"  # they know, and await the person at the window
    NO_ANSWER = "no-answer"  # the code ran out
    NOBODY = "nobody"  # nobody is on duty
    NO_LINK = "no-link"


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WayChosen(Event):
    """Which document was brought, or none."""

    way: Way


@dataclass(frozen=True, slots=True)
class ElsewhereAsked(Event):
    """Has a document of a kind that another office serves; ``office`` is its id."""

    office: str


@dataclass(frozen=True, slots=True)
class KeyPressed(Event):
    """One key of the keypad."""

    key: Personal


@dataclass(frozen=True, slots=True)
class KeyErased(Event):
    """The last character is taken back."""


@dataclass(frozen=True, slots=True)
class EntryFinished(Event):
    """What was typed is complete."""


@dataclass(frozen=True, slots=True)
class TypingChosen(Event):
    """Would rather type what stands on the page than hold it before the camera."""


@dataclass(frozen=True, slots=True)
class PermitToggled(Event):
    """The typed document is a permit to travel and no passport, or the other way round."""


@dataclass(frozen=True, slots=True)
class OtherDocumentChosen(Event):
    """Back to the question what was brought."""


@dataclass(frozen=True, slots=True)
class FaceChosen(Event):
    """Agrees to face verification, this once."""


@dataclass(frozen=True, slots=True)
class OfficerChosen(Event):
    """Would rather be confirmed by an officer."""


# --- what devices and records answered -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageInstructed(Event):
    """What to do with the page before the camera (a progress, not a job's end)."""

    instruction: str


@dataclass(frozen=True, slots=True)
class PageRead(Event):
    """The page's zone was read; it is in the visit's memory."""


@dataclass(frozen=True, slots=True)
class PageNotRead(Event):
    """The camera could not read the page: it can be typed. ``code``: timed-out, or what the camera reports."""

    code: str


@dataclass(frozen=True, slots=True)
class DocumentFound(Event):
    """A chip lies on the reader and is being read (a progress, not a job's end). ``stage``: a Stage's value."""

    stage: str
    progress: float


@dataclass(frozen=True, slots=True)
class DocumentRead(Event):
    """The document was read and believed; it is in the visit's memory."""

    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class DocumentNotRead(Event):
    """It was not; ``problem`` is a DocumentProblem's value."""

    problem: str


@dataclass(frozen=True, slots=True)
class Identified(Event):
    """Records answered; what can be asked next stands in the claim."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class NotIdentified(Event):
    """Nothing can go on with this document; ``code`` says why (card-expired, card-not-yet-valid, rare-character,
    records-unreachable, records-refused)."""

    code: str


@dataclass(frozen=True, slots=True)
class Slowed(Event):
    """Too many tries with numbers lately: ``seconds`` until the next. Nothing is locked."""

    seconds: int


@dataclass(frozen=True, slots=True)
class WaitedOut(Event):
    """The wait is over."""


@dataclass(frozen=True, slots=True)
class FaceInstructed(Event):
    """What the person before the camera is to do now (a progress, not a job's end)."""

    instruction: str
    progress: float


@dataclass(frozen=True, slots=True)
class FaceDecided(Event):
    """A try before the camera ended. ``tries``: what the person is to be told, once proven."""

    result: FaceResult
    tries: Tries | None = None


@dataclass(frozen=True, slots=True)
class OfficerAsked(Event):
    """Records gave a code for the officer (a progress, not a job's end)."""

    code: str


@dataclass(frozen=True, slots=True)
class OfficerOpened(Event):
    """The officer has the case before them (a progress, not a job's end)."""


@dataclass(frozen=True, slots=True)
class OfficerDecided(Event):
    """The officer's answer, or why there is none."""

    answer: OfficerAnswer
    tries: Tries | None = None


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadPage(Command):
    """Open the camera and look for the page's zone. -> PageRead | PageNotRead (PageInstructed on the way)."""


@dataclass(frozen=True, slots=True)
class ReadDocument(Command):
    """Wait for a chip on the reader and read it, with the typed key or else the one in memory.
    -> DocumentRead | DocumentNotRead | ReaderFailed (DocumentFound on the way)."""

    typed: MrzKey | None = None


@dataclass(frozen=True, slots=True)
class Identify(Command):
    """Ask records about the document in memory. -> Identified | NotIdentified."""


@dataclass(frozen=True, slots=True)
class IdentifyByNumber(Command):
    """Ask records about a typed number. -> Identified | NotIdentified | Slowed."""

    number: IdNumber


@dataclass(frozen=True, slots=True)
class WaitOut(Command):
    """-> WaitedOut after so many seconds (Slowed on the way, once a second, with what is left)."""

    seconds: int


@dataclass(frozen=True, slots=True)
class NoteConsent(Command):
    """Done at once: the consent, or its refusal, is recorded as an event."""

    given: bool


@dataclass(frozen=True, slots=True)
class VerifyFace(Command):
    """Open the camera, find a live face, compare once. -> FaceDecided (FaceInstructed on the way)."""


@dataclass(frozen=True, slots=True)
class AskOfficer(Command):
    """-> OfficerDecided (OfficerAsked and OfficerOpened on the way)."""
