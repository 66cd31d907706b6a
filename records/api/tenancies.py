"""What is one's own of flats (``backend_client.contract.tenancies``)."""

from fastapi import APIRouter, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.tenancies import OwnTenancies
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services.tenancies.own import own as own_tenancies

router = APIRouter(tags=["tenancies"], prefix="/v1/identifications")

_PROBLEMS = (
    *KIOSK_PROBLEMS,
    ProblemCode.SUBJECT_EXPIRED,
    ProblemCode.RECORD_UNCLEAR,
    ProblemCode.IDENTITY_NOT_PROVEN,
)


@router.get("/{subject}/tenancies", responses=documented(*_PROBLEMS))
def own(records: OpenRecords, device: Kiosk, subject: Subject, response: Response) -> OwnTenancies:
    """Rights, what waits for an answer, and what is let; names masked, of others only how many."""
    response.headers["Cache-Control"] = "no-store"
    return own_tenancies(records, device, subject)
