"""Issuing exactly once (``backend_client.contract.papers``)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperAnswer, Reservation, Reserve, SealAnswer, SealRequest, VoidRequest
from records.api.dependencies import WRITE_PROBLEMS, Key, Kiosk, OpenRecords, Serial, mark
from records.api.holding import hold
from records.api.problems import documented
from records.context import Records
from records.services import issuing, papers, sealing
from records.store.devices import DeviceRow

router = APIRouter(tags=["papers"])

_CREATED = 201

_RESERVE_PROBLEMS = (
    *WRITE_PROBLEMS,
    ProblemCode.NOT_FOUND,
    ProblemCode.SUBJECT_EXPIRED,
    ProblemCode.RECORD_UNCLEAR,
    ProblemCode.IDENTITY_NOT_PROVEN,
    ProblemCode.PURPOSE_NOT_OFFERED,
    ProblemCode.NOT_ELIGIBLE,
    ProblemCode.YEARLY_LIMIT,
    ProblemCode.TOO_YOUNG,
    ProblemCode.RESIDENCE_UNCONFIRMED,
    ProblemCode.NO_PORTRAIT,
    ProblemCode.DWELLING_UNKNOWN,
    ProblemCode.PAPER_TOO_LONG,
    ProblemCode.REISSUE_LIMIT,
    ProblemCode.RESERVATION_VOID,
    ProblemCode.PAPER_DELIVERED,
)
_PAPER_PROBLEMS = (*WRITE_PROBLEMS, ProblemCode.NOT_FOUND, ProblemCode.PAPER_VOID)


@router.post("/v1/papers", status_code=_CREATED, responses=documented(*_RESERVE_PROBLEMS), response_model=Reservation)
async def reserve(request: Request, records: OpenRecords, device: Kiosk, body: Reserve, key: Key) -> Response:
    """A serial, with all that the page will say and its compact code.

    Where the policy says so, the answer leaves at a fixed time, whatever it is: ready to be sent, a refusal too.
    """
    after_s = await run_in_threadpool(issuing.answer_after_s, records, body.kind)
    try:
        return await run_in_threadpool(_reserved, records, device, body, key)
    finally:
        await hold(request, records.clock, after_s)


def _reserved(records: Records, device: DeviceRow, body: Reserve, key: str) -> Response:
    answer, replayed = issuing.reserve(records, device, body, key)
    response = Response(answer.model_dump_json(), _CREATED, media_type="application/json")
    mark(response, replayed=replayed)
    return response


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
