"""An officer's word instead of a face (``backend_client.contract.persons``)."""

from fastapi import APIRouter

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import Confirmation, ConfirmationAsked
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services import confirmation

router = APIRouter(tags=["persons"], prefix="/v1/identifications")

_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.SUBJECT_EXPIRED)


@router.post("/{subject}/confirmation", status_code=201, responses=documented(*_PROBLEMS, ProblemCode.NOBODY_ON_DUTY))
def ask(records: OpenRecords, device: Kiosk, subject: Subject) -> ConfirmationAsked:
    """A visit code for an officer; while it is good, the same one again."""
    return confirmation.ask(records, device, subject)


@router.get("/{subject}/confirmation", responses=documented(*_PROBLEMS, ProblemCode.NOT_FOUND))
def state(records: OpenRecords, device: Kiosk, subject: Subject) -> Confirmation:
    """What became of it; the proof once it is confirmed."""
    return confirmation.state(records, device, subject)
