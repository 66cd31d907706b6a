"""Who is at the kiosk (``backend_client.contract.persons``)."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.identity import SignedStatement
from backend_client.contract.persons import (
    CardEvidence,
    Evidence,
    HouseholdRecord,
    Identification,
    Member,
    PortraitRequest,
    Proof,
    RecordRequest,
)
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services import family, identification
from records.services import portrait as portraits
from records.services import record as own_record
from records.services import statement as statements

router = APIRouter(tags=["persons"], prefix="/v1/identifications")

_VISIT_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.SUBJECT_EXPIRED, ProblemCode.RECORD_UNCLEAR)
_OptionalKey = Annotated[str, Header(alias="Idempotency-Key", max_length=64)]


@router.post(
    "",
    status_code=201,
    responses=documented(*KIOSK_PROBLEMS, ProblemCode.TOO_MANY_REQUESTS, ProblemCode.IDEMPOTENCY_KEY_REUSED),
)
def identify(records: OpenRecords, device: Kiosk, body: Evidence, key: _OptionalKey = "") -> Identification:
    """A subject for this visit, from a card, a travel document or a typed number."""
    return identification.identify(records, device, body, key)


@router.post(
    "/{subject}/portrait",
    response_class=Response,
    responses={
        200: {"description": "The portrait.", "content": {"image/jpeg": {}}},
        **documented(
            *_VISIT_PROBLEMS,
            ProblemCode.NOT_FOUND,
            ProblemCode.PORTRAIT_ALREADY_GIVEN,
            ProblemCode.IDENTITY_NOT_PROVEN,
            ProblemCode.TOO_MANY_REQUESTS,
        ),
    },
)
def portrait(
    records: OpenRecords, device: Kiosk, subject: Subject, body: PortraitRequest, key: _OptionalKey = ""
) -> Response:
    """The portrait, once per visit; for a typed number once a live face was shown."""
    image = portraits.portrait(records, device, subject, body.live, key)
    return Response(image, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post(
    "/{subject}/statement",
    responses=documented(*_VISIT_PROBLEMS, ProblemCode.STATEMENT_INVALID, ProblemCode.IDENTITY_NOT_PROVEN),
)
def statement(records: OpenRecords, device: Kiosk, subject: Subject, body: SignedStatement) -> Proof:
    """Tell what was checked; the answer says that the identity counts as proven."""
    return statements.prove(records, device, subject, body)


@router.post("/{subject}/record", responses=documented(*_VISIT_PROBLEMS, ProblemCode.IDENTITY_NOT_PROVEN))
def record(records: OpenRecords, device: Kiosk, subject: Subject, body: RecordRequest | None = None) -> HouseholdRecord:
    """The resident's own row, once the identity is proven, or that of a child whose guardian they are."""
    return own_record.record(records, device, subject, body.person if body else "")


@router.post(
    "/{subject}/companions",
    responses=documented(*_VISIT_PROBLEMS, ProblemCode.IDENTITY_NOT_PROVEN, ProblemCode.TOO_MANY_REQUESTS),
)
def companion(records: OpenRecords, device: Kiosk, subject: Subject, body: CardEvidence) -> Member:
    """The member of the household whose own card was read too."""
    return family.companion(records, device, subject, body)
