"""Who is at the kiosk (``backend_client.contract.persons``)."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import CardEvidence, FaceAccepted, FaceOutcome, HouseholdRecord, Identification
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services import identification

router = APIRouter(tags=["persons"], prefix="/v1/identifications")

_VISIT_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.SUBJECT_EXPIRED, ProblemCode.RECORD_UNCLEAR)
_OptionalKey = Annotated[str, Header(alias="Idempotency-Key", max_length=64)]


@router.post(
    "",
    status_code=201,
    responses=documented(*KIOSK_PROBLEMS, ProblemCode.TOO_MANY_REQUESTS, ProblemCode.IDEMPOTENCY_KEY_REUSED),
)
def identify(records: OpenRecords, device: Kiosk, body: CardEvidence, key: _OptionalKey = "") -> Identification:
    """A subject for this visit, from what the card says."""
    return identification.identify(records, device, body, key)


@router.post(
    "/{subject}/portrait",
    response_class=Response,
    responses={
        200: {"description": "The portrait.", "content": {"image/jpeg": {}}},
        **documented(*_VISIT_PROBLEMS, ProblemCode.NOT_FOUND, ProblemCode.PORTRAIT_ALREADY_GIVEN),
    },
)
def portrait(records: OpenRecords, device: Kiosk, subject: Subject, key: _OptionalKey = "") -> Response:
    """The portrait, once per visit."""
    image = identification.portrait(records, device, subject, key)
    return Response(image, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/{subject}/face", responses=documented(*_VISIT_PROBLEMS, ProblemCode.IDENTITY_NOT_PROVEN))
def face(records: OpenRecords, device: Kiosk, subject: Subject, body: FaceOutcome) -> FaceAccepted:
    """Report a comparison; the answer says whether the identity counts as proven."""
    return identification.report_face(records, device, subject, body)


@router.post("/{subject}/record", responses=documented(*_VISIT_PROBLEMS, ProblemCode.IDENTITY_NOT_PROVEN))
def record(records: OpenRecords, device: Kiosk, subject: Subject) -> HouseholdRecord:
    """The resident's own row, once the identity is proven."""
    return identification.record(records, device, subject)
