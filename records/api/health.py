"""Whether the service is there, and whether it can work. For anyone, without a certificate; nothing else is told."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from backend_client.contract.base import ProblemCode, ServerTime
from records.api.dependencies import OpenRecords
from records.api.problems import documented
from records.errors import RefusedError
from records.health import Readiness

_AGAIN_S = 5
router = APIRouter(tags=["health"])


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


@router.get("/health", responses=documented())
def health(records: OpenRecords) -> ServerTime:
    """The service answers. That is no word on its database: starting anew mends no other machine."""
    return ServerTime(server_time=records.clock.now())


@router.get("/health/ready", responses=documented(ProblemCode.NOT_READY))
def ready(records: OpenRecords, readiness: Annotated[Readiness, Depends(_readiness)]) -> ServerTime:
    """The service can do its work: its database can be written, its keys sign, a policy is in force."""
    reasons = readiness.reasons()
    if reasons:
        raise RefusedError(ProblemCode.NOT_READY, " ".join(reasons), retry_after_s=_AGAIN_S)
    return ServerTime(server_time=records.clock.now())
