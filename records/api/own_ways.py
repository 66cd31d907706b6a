"""Slips, phones and guests' codes of one's own right (``backend_client.contract.tenancies``)."""

from fastapi import APIRouter, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.tenancies import (
    GuestCode,
    GuestRequest,
    MoveInSlip,
    PhoneLink,
    PhoneRequest,
    SlipRequest,
)
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services.gates import guests, phones, slips

router = APIRouter(tags=["tenancies"], prefix="/v1/identifications")

_PROBLEMS = (
    *KIOSK_PROBLEMS,
    ProblemCode.SUBJECT_EXPIRED,
    ProblemCode.RECORD_UNCLEAR,
    ProblemCode.IDENTITY_NOT_PROVEN,
    ProblemCode.NOT_FOUND,
)


@router.post("/{subject}/slip", status_code=201, responses=documented(*_PROBLEMS))
def slip(records: OpenRecords, device: Kiosk, subject: Subject, body: SlipRequest, response: Response) -> MoveInSlip:
    """A new move-in slip; the earlier one ends with it."""
    response.headers["Cache-Control"] = "no-store"
    return slips.issue(records, device, subject, body)


@router.post("/{subject}/phone", status_code=201, responses=documented(*_PROBLEMS, ProblemCode.TOO_MANY_REQUESTS))
def phone(records: OpenRecords, device: Kiosk, subject: Subject, body: PhoneRequest, response: Response) -> PhoneLink:
    """A link that makes one phone a way."""
    response.headers["Cache-Control"] = "no-store"
    return phones.begin(records, device, subject, body)


@router.post("/{subject}/guest-codes", status_code=201, responses=documented(*_PROBLEMS, ProblemCode.TOO_MANY_REQUESTS))
def guest(records: OpenRecords, device: Kiosk, subject: Subject, body: GuestRequest, response: Response) -> GuestCode:
    """A code for a guest, for one day."""
    response.headers["Cache-Control"] = "no-store"
    return guests.make(records, device, subject, body)
