"""Enrolment and heartbeat (``backend_client.contract.devices``)."""

from fastapi import APIRouter

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import Enrolled, EnrolmentRequest, Heartbeat, HeartbeatAnswer
from records.api.dependencies import DEVICE_PROBLEMS, Device, OpenRecords
from records.api.problems import documented
from records.services import enrolment

router = APIRouter(tags=["devices"])


@router.post("/v1/enrolments", status_code=201, responses=documented(ProblemCode.ENROLMENT_CODE_INVALID))
def enrol(records: OpenRecords, body: EnrolmentRequest) -> Enrolled:
    """Trade a one-time code for a device certificate. Needs no certificate."""
    return enrolment.enrol(records, body)


@router.post("/v1/devices/self/heartbeat", responses=documented(*DEVICE_PROBLEMS))
def heartbeat(records: OpenRecords, device: Device, body: Heartbeat) -> HeartbeatAnswer:
    """Tell how the device is; hear the time and the policy's version."""
    return enrolment.heartbeat(records, device, body)
