"""What gates hear and tell (``backend_client.contract.gates``)."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from backend_client.contract.base import ProblemCode, ServerTime
from backend_client.contract.changes import SignedSnapshot
from backend_client.contract.gates import GateReports, PassesAsked, PassesSealed
from records.api.dependencies import GATE_PROBLEMS, Gate, OpenRecords
from records.api.problems import documented
from records.services import changes
from records.services.gates import passes, reports
from records.services.gates import snapshot as snapshots

router = APIRouter(tags=["gates"], prefix="/v1/gates/self")

_NOT_MODIFIED = 304
_UNCHANGED: dict[int | str, dict[str, Any]] = {_NOT_MODIFIED: {"description": "The gate has this one."}}
_Ask = Annotated[str, Path(max_length=64)]


@router.get(
    "/snapshot",
    responses=_UNCHANGED | documented(*GATE_PROBLEMS, ProblemCode.NOT_FOUND),
    response_model=SignedSnapshot,
)
def snapshot(
    records: OpenRecords,
    device: Gate,
    response: Response,
    known: Annotated[str, Header(alias="If-None-Match", max_length=64)] = "",
) -> SignedSnapshot | Response:
    """All that this gate is to know, signed. Not found: nobody has said where it stands."""
    stated = snapshots.snapshot(records, device)
    headers = {"ETag": snapshots.tag(stated)}
    if known == headers["ETag"]:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return changes.signed(records, stated)


@router.post("/reports", responses=documented(*GATE_PROBLEMS))
def tell(records: OpenRecords, device: Gate, body: GateReports) -> ServerTime:
    """What happened to ways, once, and the gate's own part of what other gates hear."""
    return reports.take(records, device, body)


@router.get("/passes-asked", responses=documented(*GATE_PROBLEMS))
def passes_asked(records: OpenRecords, device: Gate) -> PassesAsked:
    """What officers ask of this gate, and it has not answered."""
    return passes.waiting_for(records, device)


@router.post("/passes/{ask}", status_code=204, responses=documented(*GATE_PROBLEMS, ProblemCode.NOT_FOUND))
def answer(records: OpenRecords, device: Gate, ask: _Ask, body: PassesSealed) -> None:
    """The gate's answer, which nobody here can read but who asked, once."""
    passes.answer(records, device, ask, body)
