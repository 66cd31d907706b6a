"""What there is to tell a resident, and the number of their phone (``backend_client.contract.messages``)."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.messages import CodeSent, Contact, ContactCode, ContactRequest, Messages
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords, Subject
from records.api.problems import documented
from records.services import contacts, messages

router = APIRouter(tags=["messages"], prefix="/v1/identifications")

_PROBLEMS = (
    *KIOSK_PROBLEMS,
    ProblemCode.SUBJECT_EXPIRED,
    ProblemCode.RECORD_UNCLEAR,
    ProblemCode.IDENTITY_NOT_PROVEN,
)
_Revision = Annotated[str, Header(alias="If-Match", pattern=r'^"[0-9]{1,9}"$')]


@router.get("/{subject}/messages", responses=documented(*_PROBLEMS))
def listed(records: OpenRecords, device: Kiosk, subject: Subject, response: Response) -> Messages:
    """What there is to tell, the newest first, and who looked at the person's data."""
    response.headers["Cache-Control"] = "no-store"
    return messages.listed(records, device, subject)


@router.get("/{subject}/contact", responses=documented(*_PROBLEMS))
def contact(records: OpenRecords, device: Kiosk, subject: Subject, response: Response) -> Contact:
    """The number that texts go to, masked."""
    return _marked(response, contacts.contact(records, device, subject))


@router.put(
    "/{subject}/contact",
    status_code=202,
    responses=documented(
        *_PROBLEMS, ProblemCode.STALE_REVISION, ProblemCode.TOO_MANY_REQUESTS, ProblemCode.CONTACT_UNREACHABLE
    ),
)
def ask(records: OpenRecords, device: Kiosk, subject: Subject, body: ContactRequest, revision: _Revision) -> CodeSent:
    """Send a code to another number, or to the same one again."""
    return contacts.ask(records, device, subject, body, _number(revision))


@router.post(
    "/{subject}/contact/code",
    responses=documented(
        *_PROBLEMS, ProblemCode.STALE_REVISION, ProblemCode.TOO_MANY_REQUESTS, ProblemCode.CONTACT_CODE_WRONG
    ),
)
def verify(records: OpenRecords, device: Kiosk, subject: Subject, body: ContactCode, response: Response) -> Contact:
    """The code that was sent: the number counts from now on."""
    return _marked(response, contacts.verify(records, device, subject, body.code))


@router.delete("/{subject}/contact", status_code=204, responses=documented(*_PROBLEMS, ProblemCode.STALE_REVISION))
def remove(records: OpenRecords, device: Kiosk, subject: Subject, revision: _Revision) -> None:
    """No number any more."""
    contacts.remove(records, device, subject, _number(revision))


def _marked(response: Response, found: Contact) -> Contact:
    response.headers["ETag"] = f'"{found.revision}"'
    response.headers["Cache-Control"] = "no-store"
    return found


def _number(revision: str) -> int:
    return int(revision.strip('"'))
