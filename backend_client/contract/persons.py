"""Who is at the kiosk. Personal numbers travel in bodies, never in a URL; each read is audited with the visit's number.

POST /v1/identifications                          Evidence          -> 201 Identification (a subject for this visit)
POST /v1/identifications/{subject}/portrait       PortraitRequest   -> 200 the portrait's bytes (image/jpeg)
POST /v1/identifications/{subject}/statement      SignedStatement   -> 200 Proof | 403 identity-not-proven
POST /v1/identifications/{subject}/confirmation                     -> 201 ConfirmationAsked | 409 nobody-on-duty
GET  /v1/identifications/{subject}/confirmation                     -> 200 Confirmation
POST /v1/identifications/{subject}/record         RecordRequest     -> 200 HouseholdRecord (once proven: the own row,
                                                                      or that of a child whose guardian one is)
POST /v1/identifications/{subject}/companions     CardEvidence      -> 200 Member | 403 not-permitted: no grown member
                                                                      of the same household
POST /v1/dwellings                                DwellingRequest   -> 200 Dwelling | 404 dwelling-unknown

A typed number proves nothing and must tell nothing. Records answer it alike whether anyone has it: a subject, a
portrait (of nobody, where there is none) once a live face has been shown, and "not proven" when the faces differ. How
often it may be tried is slowed per kiosk, number and day: 429 too-many-requests with ``retry_after_s``, for any number.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from backend_client.contract.base import PersonalWire, ProblemCode, ServerTime, Wire
from backend_client.contract.identity import SignedStatement
from civic.document import DocumentKind
from forms.paper import PaperKind


class CardEvidence(PersonalWire):
    """What a card's chip said: enough to find the one record and to notice that card and record disagree."""

    kind: Literal[
        DocumentKind.RESIDENT_CARD,
        DocumentKind.HMT_PERMIT,
        DocumentKind.FOREIGNER_CARD_2017,
        DocumentKind.FOREIGNER_CARD,
    ] = DocumentKind.RESIDENT_CARD
    visit: str = Field(min_length=8, max_length=64)
    name: str
    id_number: str
    birth_date: date
    valid_until: date | None


class TravelEvidence(PersonalWire):
    """What a travel document's chip said, after passive authentication. ``signer``: who signed it, for the audit."""

    kind: Literal[DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT]
    visit: str = Field(min_length=8, max_length=64)
    issuing_state: str = Field(min_length=1, max_length=3)
    number: str = Field(min_length=1, max_length=32)
    name: str
    birth_date: date
    valid_until: date
    signer: str = Field("", max_length=256)


class NumberEvidence(PersonalWire):
    """A typed citizen number, and nothing else."""

    kind: Literal[DocumentKind.NUMBER]
    visit: str = Field(min_length=8, max_length=64)
    id_number: str = Field(min_length=18, max_length=18)


Evidence = Annotated[CardEvidence | TravelEvidence | NumberEvidence, Field(discriminator="kind")]


class RecordState(StrEnum):
    """Whether a kiosk can go on with this person."""

    CLEAR = "clear"
    UNCLEAR = "unclear"  # no record here, it says deceased, or document and record disagree: an officer looks


class OpenReissue(Wire):
    """A paper of this person that was voided without reaching them: one free new print. ``serial``: for
    ``Reserve.replaces``."""

    kind: str
    purpose: str
    voided_at: AwareDatetime
    serial: str = ""


class Identification(ServerTime):
    """``subject``: an opaque, short-lived handle for this visit; it means nothing elsewhere. ``rare``: the own row's
    characters outside ASCII and CJK's first block (U+4E00 to U+9FFF), each once, sorted, so that the kiosk can see
    before anything is asked whether its fonts have them; empty for a typed number, which must tell nothing."""

    subject: str
    state: RecordState
    has_portrait: bool
    expires_at: AwareDatetime
    rare: str = Field("", repr=False)


class PortraitRequest(Wire):
    """``live``: for a typed number, the statement that a live face was shown (no face compared yet); else None."""

    live: SignedStatement | None = None


class FailedTries(Wire):
    """Others' tries at this person's number since they were last told: how many, and when the last one was."""

    count: int = Field(ge=1)
    last_at: AwareDatetime


class Proof(ServerTime):
    """The identity counts as proven for this visit. ``tries``: told once, to the person themselves."""

    proven_until: AwareDatetime
    tries: FailedTries | None = None


class ConfirmationState(StrEnum):
    """How far an officer is."""

    WAITING = "waiting"
    OPENED = "opened"  # an officer has entered the code
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # not by this way today: the window
    SEEN = "seen"  # the record itself needs an officer; they know now, and await the person at the window
    EXPIRED = "expired"


class ConfirmationAsked(ServerTime):
    """``code``: six digits for the officer, good for this visit until ``expires_at``."""

    code: str = Field(pattern=r"^\d{6}$")
    expires_at: AwareDatetime


class Confirmation(ServerTime):
    """What became of it. ``proof`` once confirmed."""

    state: ConfirmationState
    proof: Proof | None = None


class RecordRequest(Wire):
    """``person``: the handle of a child (Dependant), empty for one's own row."""

    person: str = Field("", max_length=64)


class Dependant(PersonalWire):
    """A child whose recorded guardian the resident is. ``handle``: good for this visit alone."""

    handle: str
    name: str
    birth_date: date


class Member(PersonalWire):
    """Another person of the household. ``name`` is masked. ``adult``: stands on a paper only once their own card has
    been read in this visit (``POST …/companions``)."""

    handle: str
    relation: str
    name: str
    adult: bool


class ClosedService(Wire):
    """A paper that this person can't have here: ``why`` is too-young, not-eligible, residence-unconfirmed, yearly-limit
    or no-portrait."""

    kind: PaperKind
    why: ProblemCode


class DwellingRequest(Wire):
    """As it is written on the door."""

    building: str = Field(min_length=1, max_length=8, pattern=r"^[0-9A-Z]+$")
    unit: str = Field(min_length=1, max_length=8, pattern=r"^[0-9A-Z]+$")
    room: str = Field(min_length=1, max_length=8, pattern=r"^[0-9A-Z]+$")


class Dwelling(ServerTime):
    """A flat of this community; nothing of who lives there."""

    id: str
    address: str


class HouseholdRecord(PersonalWire):
    """The resident's own row (or a child's), for them to check before anything is issued, and what follows from it."""

    name: str
    former_name: str
    sex: str
    nation: str
    birth_date: date
    id_number: str
    birthplace: str
    native_place: str
    address: str
    household_type: str
    householder: str
    relation: str
    moved_in: str
    reissues: tuple[OpenReissue, ...] = ()
    children: tuple[Dependant, ...] = ()
    members: tuple[Member, ...] = ()
    closed: tuple[ClosedService, ...] = ()
