"""Enrolment, renewal and heartbeat (``backend_client.contract.devices``)."""

from typing import Any

from fastapi import APIRouter, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import (
    Enrolled,
    EnrolmentPending,
    EnrolmentRequest,
    Heartbeat,
    HeartbeatAnswer,
    Renewal,
)
from records.api.dependencies import DEVICE_PROBLEMS, Device, OpenRecords
from records.api.problems import documented
from records.services import devices, enrolment, heartbeats

router = APIRouter(tags=["devices"])
_PENDING: dict[int | str, dict[str, Any]] = {
    202: {"model": EnrolmentPending, "description": "Nobody has let it in yet: ask again with the same."}
}


@router.post(
    "/v1/enrolments",
    status_code=201,
    response_model=Enrolled,
    responses={**_PENDING, **documented(ProblemCode.ENROLMENT_CODE_INVALID)},
)
def enrol(records: OpenRecords, body: EnrolmentRequest) -> Enrolled | Response:
    """Ask, with a one-time code, to be let in as a device. Needs no certificate."""
    answer = enrolment.enrol(records, body)
    if isinstance(answer, EnrolmentPending):
        return Response(answer.model_dump_json(), 202, media_type="application/json")
    return answer


@router.post("/v1/devices/self/certificate", responses=documented(*DEVICE_PROBLEMS))
def renew(records: OpenRecords, device: Device, body: Renewal) -> Enrolled:
    """A certificate for a new key. The one in use holds until the new one has been used."""
    return devices.renew(records, device, body)


@router.post("/v1/devices/self/heartbeat", responses=documented(*DEVICE_PROBLEMS, ProblemCode.AUDIT_FORK))
def heartbeat(records: OpenRecords, device: Device, body: Heartbeat) -> HeartbeatAnswer:
    """Tell how the device is; hear the time and the policy's version."""
    return heartbeats.heartbeat(records, device, body)
