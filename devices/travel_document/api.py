"""What a reader of electronic travel documents offers (ICAO 9303), whatever carries the bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Event
from typing import Protocol

from civic.document import DocumentKind
from civic.masking import PersonalBytes, PersonalText
from civic.mrz import MrzKey
from civic.person_name import PersonName
from devices.health import Health


class DocumentProblem(StrEnum):
    """Why a document that lies there was not read, or is not believed. Each has one sentence and one way on."""

    MOVED = "moved"  # lifted while it was read
    SILENT = "silent"  # the chip stopped answering
    WRONG_KEY = "wrong-key"  # what was read or typed from the page does not open this chip
    NOT_TRAVEL_DOCUMENT = "not-travel-document"  # a chip without the eMRTD application
    REFUSED = "refused"  # the chip asks for a way in that we don't have, or broke off the session
    INCOMPLETE = "incomplete"  # a file that must be there is missing
    DAMAGED = "damaged"  # a file is there and can't be understood
    ALTERED = "altered"  # a data group is not the one that was signed
    SIGNATURE_WRONG = "signature-wrong"  # the security object was not signed by who it names
    SIGNER_UNKNOWN = "signer-unknown"  # no authority in the store vouches for the signer
    SIGNER_EXPIRED = "signer-expired"  # the signer, or its authority, was not valid when the document was made
    PAGE_DIFFERS = "page-differs"  # the chip is another document's than the page that opened it


class Stage(StrEnum):
    """How far a reading is; each is a share of the progress shown."""

    OPENING = "opening"
    READING = "reading"
    PORTRAIT = "portrait"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True, repr=False)
class TravelDocument:
    """What a chip said, believed because its issuing state signed it (passive authentication passed).

    ``kind``: PASSPORT or TRAVEL_PERMIT. ``name``: Latin, "SURNAME GIVEN NAMES". ``portrait``: DG2's first image as
    encoded (JPEG or JPEG 2000). ``access``: "BAC" or "PACE". ``signer``: the signer certificate's issuer and serial.
    """

    kind: DocumentKind
    issuing_state: str  # as in the MRZ: ISO 3166 alpha-3 with its ICAO additions
    number: PersonalText
    name: PersonName
    chinese_name: PersonName | None  # DG11, where it has one
    nationality: str
    sex: str  # as in the MRZ: M, F, or X
    birth_date: date
    expiry_date: date
    personal_number: PersonalText  # empty where the state puts none
    portrait: PersonalBytes
    access: str
    signer: str

    def __repr__(self) -> str:
        return f"TravelDocument({self.kind}, {self.issuing_state})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document was read and believed."""

    document: TravelDocument


@dataclass(frozen=True, slots=True)
class DocumentUnreadable:
    """It was not. ``detail`` is for the technician and the audit: a file's name, a status word; nothing personal."""

    problem: DocumentProblem
    detail: str = ""


class TravelDocumentReader(Protocol):
    """Blocking calls; each ends at its timeout or when ``cancel`` is set (DeviceCancelledError). Thread-safe."""

    def health(self) -> Health:
        """Never raises. Device ``travel_document``. Reasons: ok, unplugged (no such reader), no-service (pcscd does not
        answer), in-use (another program holds the reader), silent, no-authorities (the CSCA store is empty: DEGRADED).
        Facts: reader, authorities (how many certificates), last-problem."""

    def present(self) -> bool:
        """Whether a chip lies on the reader. Raises DeviceError."""

    def read(
        self, key: MrzKey, cancel: Event, on_stage: Callable[[Stage, float], None]
    ) -> DocumentRead | DocumentUnreadable:
        """Open the chip with ``key``, read and authenticate it. ``on_stage``: the stage, and how far all of it is (0 to
        1), on the calling thread. Raises DeviceError when the reader itself fails."""

    def close(self) -> None:
        """Let go of the reader."""
