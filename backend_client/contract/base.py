"""The two kinds of wire object, and the problem detail every refusal comes as (RFC 9457)."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Wire(BaseModel):
    """A wire object: immutable, and unknown fields are an error rather than a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonalWire(Wire):
    """A wire object with personal fields: neither it nor an error about it prints them."""

    model_config = ConfigDict(hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class ProblemCode(StrEnum):
    """Why records says no. ``retryable`` in the problem says whether waiting helps."""

    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    VALIDATION = "validation"
    CERTIFICATE_UNKNOWN = "certificate-unknown"
    DEVICE_REVOKED = "device-revoked"
    NOT_PERMITTED = "not-permitted"
    NOT_FOUND = "not-found"
    ENROLMENT_CODE_INVALID = "enrolment-code-invalid"
    AUDIT_FORK = "audit-fork"
    SUBJECT_EXPIRED = "subject-expired"
    STATEMENT_INVALID = "statement-invalid"
    NOBODY_ON_DUTY = "nobody-on-duty"
    PORTRAIT_ALREADY_GIVEN = "portrait-already-given"
    IDENTITY_NOT_PROVEN = "identity-not-proven"
    PURPOSE_NOT_OFFERED = "purpose-not-offered"
    RECORD_UNCLEAR = "record-unclear"
    NOT_ELIGIBLE = "not-eligible"
    YEARLY_LIMIT = "yearly-limit"
    TOO_YOUNG = "too-young"
    RESIDENCE_UNCONFIRMED = "residence-unconfirmed"
    NO_PORTRAIT = "no-portrait"
    DWELLING_UNKNOWN = "dwelling-unknown"
    PAPER_TOO_LONG = "paper-too-long"
    INTAKE_UNREADABLE = "intake-unreadable"
    INTAKE_CONTENT = "intake-content"
    INTAKE_OTHER = "intake-other"
    KEY_AWAY = "key-away"
    BLOB_MISSING = "blob-missing"
    BLOB_MISMATCH = "blob-mismatch"
    NO_ROOM = "no-room"
    REISSUE_LIMIT = "reissue-limit"
    ALREADY_SEALED = "already-sealed"
    PAPER_VOID = "paper-void"
    PAPER_DELIVERED = "paper-delivered"
    PAPER_NOT_SEALED = "paper-not-sealed"
    RESERVATION_VOID = "reservation-void"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    IN_PROGRESS = "in-progress"
    CURSOR_EXPIRED = "cursor-expired"
    STALE_REVISION = "stale-revision"
    CONTACT_CODE_WRONG = "contact-code-wrong"
    CONTACT_UNREACHABLE = "contact-unreachable"
    NOT_READY = "not-ready"
    TOO_MANY_REQUESTS = "too-many-requests"
    INTERNAL = "internal"


class Problem(Wire):
    """``application/problem+json``. ``detail`` holds nothing personal."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    code: ProblemCode
    retryable: bool = False
    retry_after_s: int | None = None


class ServerTime(Wire):
    """Every answer that dates something carries records' own clock."""

    server_time: AwareDatetime
