"""Encrypted files, before the intake that names them (``backend_client.contract.intakes``)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from backend_client.contract.base import ProblemCode
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords
from records.api.problems import documented
from records.services import blobs

router = APIRouter(tags=["intakes"])

_CREATED, _HAD = 201, 200
_BYTES = {"requestBody": {"content": {"application/octet-stream": {"schema": {"format": "binary", "type": "string"}}}}}
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.put(
    "/v1/blobs/{sha256}",
    status_code=_CREATED,
    response_class=Response,
    openapi_extra=_BYTES,
    responses={
        _CREATED: {"description": "Kept."},
        _HAD: {"description": "It was here already."},
        **documented(*KIOSK_PROBLEMS, ProblemCode.TOO_LARGE, ProblemCode.NO_ROOM, ProblemCode.BLOB_MISMATCH),
    },
)
async def keep(request: Request, records: OpenRecords, kiosk: Kiosk, sha256: Hash) -> Response:
    """Keep ciphertext by its hash. The edge has read the body, whole and bounded: what broke off never gets here."""
    content = await request.body()
    new = await run_in_threadpool(blobs.keep, records, kiosk, sha256, content)
    return Response(status_code=_CREATED if new else _HAD)
