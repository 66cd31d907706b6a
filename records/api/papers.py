"""Issuing exactly once (``backend_client.contract.papers``)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperAnswer, Reservation, Reserve, SealAnswer, SealRequest, VoidRequest
from records.api.dependencies import WRITE_PROBLEMS, Key, Kiosk, OpenRecords, Serial, mark
from records.api.problems import documented
from records.services import issuing, papers, sealing

router = APIRouter(tags=["papers"])

_RESERVE_PROBLEMS = (
    *WRITE_PROBLEMS,
    ProblemCode.NOT_FOUND,
    ProblemCode.SUBJECT_EXPIRED,
    ProblemCode.RECORD_UNCLEAR,
    ProblemCode.IDENTITY_NOT_PROVEN,
    ProblemCode.PURPOSE_NOT_OFFERED,
    ProblemCode.NOT_ELIGIBLE,
    ProblemCode.YEARLY_LIMIT,
    ProblemCode.DWELLING_UNKNOWN,
    ProblemCode.REISSUE_LIMIT,
    ProblemCode.RESERVATION_VOID,
    ProblemCode.PAPER_DELIVERED,
)
_PAPER_PROBLEMS = (*WRITE_PROBLEMS, ProblemCode.NOT_FOUND, ProblemCode.PAPER_VOID)


@router.post("/v1/papers", status_code=201, responses=documented(*_RESERVE_PROBLEMS))
def reserve(records: OpenRecords, device: Kiosk, body: Reserve, key: Key, response: Response) -> Reservation:
    """A serial, with all that the page will say and its compact code."""
    answer, replayed = issuing.reserve(records, device, body, key)
    mark(response, replayed=replayed)
    return answer


@router.post(
    "/v1/papers/{serial}/seal",
    responses=documented(*_PAPER_PROBLEMS, ProblemCode.ALREADY_SEALED, ProblemCode.PAPER_DELIVERED),
)
def seal(
    records: OpenRecords, device: Kiosk, serial: Serial, body: SealRequest, key: Key, response: Response
) -> SealAnswer:
    """The signature over the one digest of this serial."""
    answer, replayed = sealing.seal(records, device, serial, body, key)
    mark(response, replayed=replayed)
    return answer


@router.post("/v1/papers/{serial}/delivered", responses=documented(*_PAPER_PROBLEMS, ProblemCode.PAPER_NOT_SEALED))
def delivered(records: OpenRecords, device: Kiosk, serial: Serial, key: Key, response: Response) -> PaperAnswer:
    """The paper came out."""
    answer, replayed = papers.delivered(records, device, serial, key)
    mark(response, replayed=replayed)
    return answer


@router.post("/v1/papers/{serial}/void", responses=documented(*_PAPER_PROBLEMS, ProblemCode.PAPER_DELIVERED))
def void(
    records: OpenRecords, device: Kiosk, serial: Serial, body: VoidRequest, key: Key, response: Response
) -> PaperAnswer:
    """The paper does not count."""
    answer, replayed = papers.void(records, device, serial, body.reason, key)
    mark(response, replayed=replayed)
    return answer


@router.post("/v1/reservations/{key}/void", responses=documented(*WRITE_PROBLEMS, ProblemCode.PAPER_DELIVERED))
def void_reservation(
    records: OpenRecords,
    device: Kiosk,
    key: Annotated[str, Path(min_length=8, max_length=64)],
    body: VoidRequest,
    response: Response,
) -> PaperAnswer:
    """Whatever this key reserved, or ever will, does not count."""
    answer, replayed = papers.void_reservation(records, device, key, body.reason)
    mark(response, replayed=replayed)
    return answer
