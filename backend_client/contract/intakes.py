"""What residents hand in at a kiosk and records decide later: sealed at the kiosk, sent at once or days afterwards.

POST /v1/intakes            device certificate; IntakeBatch    -> 200 IntakeAnswers, one result per item, in their order
PUT  /v1/blobs/{sha256}     device certificate; the bytes      -> 201 kept, 200 had it; before the intake that names it

An item's content is sealed to records' intake key (HPKE, RFC 9180, base mode: X25519, HKDF-SHA256, AES-256-GCM), whose
public half stands in the signed policy: a kiosk can't read again what it holds. The item's own header is bound to the
seal as HPKE's ``info`` (``seal_info``), so that no seal can be put under another header.

A file is sealed by a key of its own (AES-256-GCM), which stands in the content: whoever opens the item can open it, and
nobody else; of a file whose key is in no content, nobody ever can.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, field_validator, model_validator

from backend_client.contract.base import PersonalWire, ProblemCode, ServerTime, Wire
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import FILING_NUMBER, MOST_OCCUPANTS, Reference, WayKind
from civic.document import DocumentKind

MOST_ITEMS = 500
LARGEST_BATCH = 1024 * 1024  # bytes, as sent; compressed bodies are refused
LARGEST_SEAL = 32 * 1024  # characters of base64
LARGEST_BLOB = 8 * 1024 * 1024  # bytes
LARGEST_COUNT = 2**53 - 1  # what every JSON reader keeps whole (RFC 8259, 6)
BLOBS_EACH = 20
CITIZEN_NUMBER: Final = r"[0-9]{17}[0-9X]"
OWN_NUMBERS: Final = frozenset({DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT, DocumentKind.FOREIGNER_CARD_2017})
"""Documents whose number is no citizen number."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class IntakeKind(StrEnum):
    """What it is that somebody hands in."""

    RESIDENCE = "residence"  # 居住登记: where I live, for an officer to look at
    CORRECTION = "correction"  # 信息有误: what is wrong in my row
    TENANCY = "tenancy"  # 租住登记, 续租: a contract, by its tenant
    OCCUPANT = "occupant"  # 同住人: somebody comes to live with a tenant
    DEPARTURE = "departure"  # 提前结束: I leave, or ask that a tenancy ends before its day
    ANSWER = "answer"  # my yes or no to what waits for it
    WAYS = "ways"  # 通行方式: how I come through the gate, and what is lost


class IntakeItem(Wire):
    """One thing handed in. ``id``: UUIDv7, the number that its receipt stands for. ``sequence``: the device's own count
    from 1 on, without gaps. ``boot_id``, ``monotonic_ms``: order and age whatever the clock said. ``skew_ms``: records'
    clock minus the device's, when last measured. ``sealed``: base64 of HPKE's enc and ciphertext."""

    id: UUID
    sequence: int = Field(ge=1, le=LARGEST_COUNT)
    boot_id: UUID
    monotonic_ms: int = Field(ge=0, le=LARGEST_COUNT)
    at: AwareDatetime
    skew_ms: int | None = Field(None, ge=-LARGEST_COUNT, le=LARGEST_COUNT)
    kind: IntakeKind
    key_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    sealed: str = Field(max_length=LARGEST_SEAL)
    blobs: tuple[Sha256, ...] = Field((), max_length=BLOBS_EACH)


class IntakeBatch(Wire):
    """Items of one device, in the order of their sequence. An item that breaks this contract is rejected by itself, as
    long as its ``id`` can be read; a batch that is no list of such items is refused whole (422 validation)."""

    items: tuple[IntakeItem, ...] = Field(min_length=1, max_length=MOST_ITEMS)


class IntakeStatus(StrEnum):
    """What became of an item. Only HELD is sent again."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # the same item was accepted before
    REJECTED = "rejected"  # it never will be; a technician is told, the others go on
    HELD = "held"  # not now: its blob is missing, or the key is away


class IntakeResult(Wire):
    """``problem``, ``detail``: why it was rejected or held; nothing personal. A code that a later release of records
    gives is read as none: one item must not make the answer for all others unreadable."""

    id: UUID
    status: IntakeStatus
    problem: ProblemCode | None = None
    detail: str = ""

    @field_validator("problem", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        return None if isinstance(value, str) and value not in set(ProblemCode) else value


class IntakeAnswers(ServerTime):
    """``results``: as many as were sent, in their order."""

    results: tuple[IntakeResult, ...]


class Declarant(PersonalWire):
    """Who hands it in, as their document said it to the kiosk; ``proven``: a live face was compared with records'
    portrait in this visit. ``id_number``: a citizen number, or, of a ``document`` that has none, its own; then
    ``issuing_state``: who issued it (ICAO 9303-3)."""

    name: str = Field(min_length=1, max_length=100)
    id_number: str = Field(pattern=r"^[0-9A-Z]{5,32}$")
    proven: bool
    document: DocumentKind = DocumentKind.RESIDENT_CARD
    issuing_state: str = Field("", pattern=r"^[A-Z<]{0,3}$")

    @property
    def citizen_number(self) -> bool:
        """Whether ``id_number`` is one, or is made like one (GB 11643, and foreigners' cards since 2023)."""
        return self.document not in OWN_NUMBERS

    @model_validator(mode="after")
    def _number_of_its_kind(self) -> Self:
        if self.citizen_number and not re.fullmatch(CITIZEN_NUMBER, self.id_number):
            raise ValueError("no citizen number")
        return self


class SealedFile(PersonalWire):
    """A file that comes along: the hash of what is sent of it, and its ``key``, base64 of 32 bytes that seal nothing
    else (``backend_client.seals.seal_file``)."""

    sha256: Sha256
    key: str = Field(pattern=r"^[A-Za-z0-9+/]{43}=$")


Files = Annotated[tuple[SealedFile, ...], Field(max_length=BLOBS_EACH)]


class ResidenceContent(PersonalWire):
    """I live behind this door since ``since`` (ISO date)."""

    who: Declarant
    door: DwellingRequest
    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    files: Files = ()


class CorrectionContent(PersonalWire):
    """These fields of my row are wrong; what is right, an officer sees from papers, not from typing."""

    who: Declarant
    fields: tuple[Annotated[str, Field(pattern=r"^[a-z_]{2,30}$")], ...] = Field(min_length=1, max_length=12)
    files: Files = ()


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Comer(PersonalWire):
    """Somebody who is to live there, by their own document, read in this visit: nobody is named by typing.

    ``number``: as the document has it; ``issuing_state``: of a travel document; ``arrived_on``: in the country, of
    whom the 24 hours of registration apply to (Exit and Entry Administration Law, 39). ``guardian``: this is a child,
    whose guardian is the one who hands it in, so no document of theirs was read.
    """

    document: DocumentKind
    name: str = Field(min_length=1, max_length=100)
    number: str = Field(pattern=r"^[0-9A-Z]{5,32}$")
    birth_date: date
    issuing_state: str = Field("", max_length=3)
    arrived_on: Day | None = None
    guardian: bool = False


class TenancyContent(PersonalWire):
    """I rent this flat. Of the same tenant and flat as a right that there is, it is its renewal. ``door``: as it stands
    on it; ``right``: instead of it, where records named one's own. ``filing_number``: the housing department's, where
    one has it. ``files``: the contract's pages, in their order. ``comers``: who lives there too. ``ways``: what was
    chosen, to be set up once it is confirmed. ``notice``: which text about the gate was shown."""

    who: Declarant
    door: DwellingRequest | None = None
    right: Reference | None = None
    starts_on: Day
    ends_on: Day
    filing_number: str = Field("", pattern=FILING_NUMBER)
    comers: Annotated[tuple[Comer, ...], Field(max_length=MOST_OCCUPANTS)] = ()
    ways: tuple[WayKind, ...] = ()
    notice: str = Field("", max_length=64)
    files: Files = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.door is None) == (self.right is None):
            raise ValueError("a door or a right, and not both")
        return self


class OccupantContent(PersonalWire):
    """Who lives with me from now on, by this right of mine."""

    who: Declarant
    right: Reference
    comers: Annotated[tuple[Comer, ...], Field(min_length=1, max_length=MOST_OCCUPANTS)]
    files: Files = ()


class DepartureContent(PersonalWire):
    """I leave on ``day`` and give up this right of mine; or, ``tenancy``: of a flat that I let, I ask that it ends."""

    who: Declarant
    day: Day
    right: Reference | None = None
    tenancy: Reference | None = None
    files: Files = ()

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.right is None) == (self.tenancy is None):
            raise ValueError("a right or a tenancy, and not both")
        return self


class AnswerContent(PersonalWire):
    """My answer to what was asked of me."""

    who: Declarant
    ask: Reference
    yes: bool
    files: Files = ()


class NewCard(PersonalWire):
    """An access card that lay on the kiosk's reader. ``public_key``: base64 of SubjectPublicKeyInfo, after it signed a
    challenge; of a card that can't, ``number`` instead (hex). ``label``: the last four characters of it."""

    public_key: str = Field("", pattern=r"^[A-Za-z0-9+/=]{0,172}$")
    number: str = Field("", pattern=r"^([0-9A-F]{8,20})?$")
    label: str = Field("", max_length=4)

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (not self.public_key) == (not self.number):
            raise ValueError("a key or a number, and not both")
        return self


class WaysContent(PersonalWire):
    """How I come in by this right. ``card``: is added; ``face``: True: I consent, ``notice`` was shown; False: I
    withdraw that; ``lost``: these open nothing any more, from now on."""

    who: Declarant
    right: Reference
    card: NewCard | None = None
    face: bool | None = None
    notice: str = Field("", max_length=64)
    lost: Annotated[tuple[Reference, ...], Field(max_length=40)] = ()
    files: Files = ()


Content = (
    ResidenceContent
    | CorrectionContent
    | TenancyContent
    | OccupantContent
    | DepartureContent
    | AnswerContent
    | WaysContent
)
CONTENTS: Final[dict[IntakeKind, type[Content]]] = {
    IntakeKind.RESIDENCE: ResidenceContent,
    IntakeKind.CORRECTION: CorrectionContent,
    IntakeKind.TENANCY: TenancyContent,
    IntakeKind.OCCUPANT: OccupantContent,
    IntakeKind.DEPARTURE: DepartureContent,
    IntakeKind.ANSWER: AnswerContent,
    IntakeKind.WAYS: WaysContent,
}


def seal_info(item: IntakeItem) -> bytes:
    """HPKE's ``info``: the header that the seal belongs to. ``sequence`` and the times are no part of it."""
    return info_of(item.id, item.kind, item.key_id, item.blobs)


def info_of(intake_id: UUID, kind: IntakeKind, key_id: str, blobs: tuple[str, ...]) -> bytes:
    """The same, before there is an item."""
    return "\x1f".join(("lamplight-intake-1", str(intake_id), kind.value, key_id, *blobs)).encode("ascii")
