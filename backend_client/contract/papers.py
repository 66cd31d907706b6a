"""Issuing exactly once. Every write carries ``Idempotency-Key`` (a UUID of the kiosk's journal row).

POST /v1/papers                       Reserve          -> 201 Reservation: serial, content, code from records' own row
POST /v1/papers/{serial}/seal         SealRequest      -> 200 SealAnswer; another digest: 409 already-sealed
POST /v1/papers/{serial}/delivered                     -> 200 PaperAnswer; 409 paper-void
POST /v1/papers/{serial}/void         VoidRequest      -> 200 PaperAnswer; 409 paper-delivered unless the holder says so
POST /v1/reservations/{key}/void      VoidRequest      -> 200: whatever that key reserved, or ever will, is void

The last one is for a kiosk that lost power between asking and hearing: it knows its key, not its serial. A key never
seen is remembered as void, so that a late request of that key reserves nothing.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from backend_client.contract.base import PersonalWire, ServerTime, Wire
from forms.paper import Paper, PaperKind


class PaperState(StrEnum):
    """The life of a serial at records. Each ends as DELIVERED or VOID."""

    RESERVED = "reserved"
    SEALED = "sealed"
    DELIVERED = "delivered"
    VOID = "void"


class VoidReason(StrEnum):
    """Why a serial is void."""

    NOT_PRINTED = "not-printed"  # the printer failed or the kiosk was cancelled before the end
    PRINT_DOUBTFUL = "print-doubtful"  # power or link failed while a sheet may have come out
    NOT_RECEIVED = "not-received"  # the resident says nothing came out
    UNREADABLE = "unreadable"  # the resident says it can't be read
    NOT_TAKEN = "not-taken"
    ABANDONED = "abandoned"  # reserved and never printed
    OFFICER = "officer"  # voided by hand at records


class When(StrEnum):
    """When the answer is wanted. Who chooses LATER gets a receipt, like everybody who can't have it now."""

    NOW = "now"
    LATER = "later"


class Reserve(Wire):
    """``subject``: of a visit whose identity is proven. ``replaces``: a serial this reissues, voided before.

    ``person``: the handle of the child it is for (persons.Dependant), empty for oneself. ``members``: handles of those
    who are to stand on it too (persons.Member). ``dwelling``: the id of where somebody lives now (persons.Dwelling).
    """

    subject: str
    kind: PaperKind
    purpose: str
    replaces: str = ""
    person: str = Field("", max_length=64)
    members: tuple[Annotated[str, Field(max_length=64)], ...] = Field((), max_length=12)
    when: When = When.NOW
    dwelling: str = Field("", max_length=64)


class ValidationMaterial(Wire):
    """For the document security store of the paper, each base64 of DER: certificates and lists of the revoked."""

    certificates: tuple[str, ...] = ()
    revocation_lists: tuple[str, ...] = ()


class Reservation(PersonalWire, ServerTime):
    """All that the paper will say, from records' own row, the signed compact code over it, and what will be needed to
    check the signature later. ``paper`` may be a receipt instead of what was asked for."""

    serial: str
    paper: Annotated[Paper, Field(discriminator="kind")]
    code: str
    validation: ValidationMaterial = ValidationMaterial()


class SealRequest(Wire):
    """``digest``: base64 of the SHA-256 over the document's signed byte ranges."""

    digest: str = Field(min_length=44, max_length=44)


class SealAnswer(ServerTime):
    """``cms``: base64 of the CMS SignedData (detached, with a time stamp) for that digest."""

    cms: str


class VoidRequest(Wire):
    """Why; shown on the console and counted, never with a name."""

    reason: VoidReason


class PaperAnswer(ServerTime):
    """What is true of the serial now. ``serial`` is empty for a key that never reserved."""

    serial: str
    state: PaperState
