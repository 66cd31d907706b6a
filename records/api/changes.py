"""The feed of changes (``backend_client.contract.changes``)."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import PAGE_LIMIT, ChangePage, SignedSnapshot
from records.api.dependencies import DEVICE_PROBLEMS, Device, OpenRecords
from records.api.problems import documented
from records.services import changes
from records.services.cursors import LONGEST
from records.services.hints import Hints

router = APIRouter(tags=["changes"])

_NOT_MODIFIED = 304
_Described = dict[int | str, dict[str, Any]]
_UNCHANGED: _Described = {_NOT_MODIFIED: {"description": "The device has this one."}}
_EVENTS: _Described = {200: {"description": "Hints, until either end closes.", "content": {"text/event-stream": {}}}}


@router.get("/v1/changes", responses=documented(*DEVICE_PROBLEMS, ProblemCode.CURSOR_EXPIRED))
def page(
    records: OpenRecords,
    device: Device,
    cursor: Annotated[str, Query(max_length=LONGEST)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE_LIMIT,
) -> ChangePage:
    """What has changed behind a cursor, of what this device may hear."""
    return changes.page(records, device, cursor, limit)


@router.get("/v1/changes/snapshot", responses=_UNCHANGED | documented(*DEVICE_PROBLEMS), response_model=SignedSnapshot)
def snapshot(
    records: OpenRecords,
    device: Device,
    response: Response,
    known: Annotated[str, Header(alias="If-None-Match", max_length=64)] = "",
) -> SignedSnapshot | Response:
    """All of it at once, signed: where to begin, and where to go on from after a long absence."""
    stated = changes.snapshot(records, device)
    headers = {"ETag": changes.tag(stated)}
    if known == headers["ETag"]:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return changes.signed(records, stated)


@router.get("/v1/changes/hints", responses=_EVENTS | documented(*DEVICE_PROBLEMS), response_class=StreamingResponse)
async def hints(request: Request, device: Device) -> StreamingResponse:
    """An event whenever asking is worth while, as long as the device listens; its newest stream alone."""
    waiting: Hints = request.app.state.hints
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(waiting.stream(device), media_type="text/event-stream", headers=headers)
