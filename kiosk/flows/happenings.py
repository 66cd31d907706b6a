"""Events and commands that every service shares: the card on the reader, the own row, the paper. Those of finding out
who it is stand in ``kiosk.flows.identity``.

Nothing here holds a card, a portrait or a record: those live in the visit's memory at the services, so that forgetting
the resident is one act in one place. ``OwnData`` is the exception, because the resident is to read it: its values mask
themselves.
"""

from dataclasses import dataclass
from enum import StrEnum

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows.base import Command, Event


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a paper is wanted for, in the words of the policy (language -> text)."""

    id: str
    title: tuple[tuple[str, str], ...]
    book_is_enough: bool = False
    why_enough: tuple[tuple[str, str], ...] = ()
    members: bool = False  # others of the household may stand on it
    valid_hours: int | None = None  # where this purpose has its own, instead of the paper's days


@dataclass(frozen=True, slots=True)
class OwnField:
    """One field of the resident's own row; ``name`` is the text catalogue's key under ``field``."""

    name: str
    value: Personal


@dataclass(frozen=True, slots=True)
class Child:
    """Somebody whose recorded guardian the resident is. ``handle``: good for this visit alone."""

    handle: str
    name: Personal
    age: int


@dataclass(frozen=True, slots=True)
class Member:
    """Another person of the household. ``name`` is masked. ``adult``: has to show their own card."""

    handle: str
    relation: str
    name: str
    adult: bool


@dataclass(frozen=True, slots=True)
class OwnData:
    """The resident's own row (or a child's), in the order in which the paper will say it, and what follows from it.

    ``reissues``: purposes for which a voided paper waits to be made again. ``closed``: why this person can't have this
    paper here, "" where they can.
    """

    fields: tuple[OwnField, ...]
    reissues: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    members: tuple[Member, ...] = ()
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What is asked for. ``person``: the handle of the child it is for, "" oneself; ``members``: the handles of those
    who stand on it too; ``later``: the answer is to be collected; ``dwelling``: the id of where one lives now."""

    kind: str  # PaperKind's value
    purpose_id: str
    person: str = ""
    members: tuple[str, ...] = ()
    later: bool = False
    dwelling: str = ""


class Stage(StrEnum):
    """Where the making of the paper is."""

    RESERVING = "reserving"
    RENDERING = "rendering"
    SEALING = "sealing"
    PRINTING = "printing"


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PurposeChosen(Event):
    """One of the purposes offered."""

    purpose_id: str


@dataclass(frozen=True, slots=True)
class WentOnAnyway(Event):
    """Wants the paper although the household book is enough."""


@dataclass(frozen=True, slots=True)
class NoticeAccepted(Event):
    """Has read who reads what, why, and for how long."""


@dataclass(frozen=True, slots=True)
class DataConfirmed(Event):
    """The own data are right: make the paper."""


@dataclass(frozen=True, slots=True)
class MistakeReported(Event):
    """Something in the own data is wrong."""


@dataclass(frozen=True, slots=True)
class PaperTaken(Event):
    """The paper is in the resident's hand and readable."""


@dataclass(frozen=True, slots=True)
class PaperMissed(Event):
    """没出来: nothing came out. ``unreadable``: 看不清."""

    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class PaperUntaken(Event):
    """The paper has been lying there for a while, and nobody has touched anything."""


@dataclass(frozen=True, slots=True)
class WentBack(Event):
    """返回."""


@dataclass(frozen=True, slots=True)
class WentOn(Event):
    """下一步, where there is only one."""


# --- what devices and records answered -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardLying(Event):
    """A card lies on the reader that nobody laid there for this question."""


@dataclass(frozen=True, slots=True)
class ReaderEmpty(Event):
    """Nothing lies on the reader."""


@dataclass(frozen=True, slots=True)
class CardLifted(Event):
    """The card that lay there is gone."""


@dataclass(frozen=True, slots=True)
class CardRead(Event):
    """A card laid now was read; it is in the visit's memory."""

    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class CardNotRead(Event):
    """A card is there and could not be read; ``problem`` is a CardProblem's value."""

    problem: str


@dataclass(frozen=True, slots=True)
class ReaderFailed(Event):
    """The reader itself does not work."""

    code: str


@dataclass(frozen=True, slots=True)
class RecordOpened(Event):
    """The own row is here."""

    own: OwnData


@dataclass(frozen=True, slots=True)
class RecordNotOpened(Event):
    """Records did not give the own row; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class IssueAdvanced(Event):
    """A stage began, or a printer waits for a reason (a progress, not a job's end). ``printer``: which one."""

    stage: Stage
    waiting_for: str = ""  # the value of its reason while it waits
    printer: str = "page_printer"


@dataclass(frozen=True, slots=True)
class PaperPrinted(Event):
    """The printer itself says the paper is complete. ``medium``: page or strip; ``receipt``: it says when and where the
    answer can be collected."""

    serial: str
    medium: str = "page"
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class PaperNotPrinted(Event):
    """No paper: ``code`` says why. ``void``: a serial had been reserved and is void now. ``maybe_out``: a sheet may lie
    in the tray; it is void."""

    code: str
    void: bool
    maybe_out: bool


@dataclass(frozen=True, slots=True)
class PaperRejected(Event):
    """The paper the resident did not get is void (here at once, at records as soon as they hear)."""


@dataclass(frozen=True, slots=True)
class JobFailed(Event):
    """A job ended in a way that nobody foresaw."""

    code: str


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookAtReader(Command):
    """-> CardLying | ReaderEmpty | ReaderFailed."""


@dataclass(frozen=True, slots=True)
class WaitForLift(Command):
    """-> CardLifted | ReaderFailed."""


@dataclass(frozen=True, slots=True)
class ReadNextCard(Command):
    """-> CardRead | CardNotRead | ReaderFailed."""


@dataclass(frozen=True, slots=True)
class OpenRecord(Command):
    """The row that a paper of this kind is made from: one's own, or a child's by its handle.
    -> RecordOpened | RecordNotOpened."""

    kind: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class MakePaper(Command):
    """-> PaperPrinted | PaperNotPrinted (IssueAdvanced on the way)."""

    application: Application
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmPaper(Command):
    """Done at once: the serial is delivered."""

    serial: str


@dataclass(frozen=True, slots=True)
class NotePaperUntaken(Command):
    """Done at once: it is on record that the paper was called out."""

    serial: str


@dataclass(frozen=True, slots=True)
class RejectPaper(Command):
    """-> PaperRejected."""

    serial: str
    unreadable: bool


@dataclass(frozen=True, slots=True)
class StopJobs(Command):
    """Done at once: whatever runs for this visit is cancelled, and its result will be dropped."""


@dataclass(frozen=True, slots=True)
class ForgetResident(Command):
    """Done at once: jobs stopped, memory emptied, screen blanked, comfort reset."""
