"""Calls for help (``backend_client.contract.alarms``)."""

from uuid import UUID

from fastapi import APIRouter

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.contract.base import ProblemCode
from records.api.dependencies import DEVICE_PROBLEMS, KIOSK_PROBLEMS, Device, OpenRecords
from records.api.problems import documented
from records.services import alarms

router = APIRouter(tags=["alarms"])


@router.post("/v1/alarms", status_code=201, responses=documented(*KIOSK_PROBLEMS))
def raise_alarm(records: OpenRecords, device: Device, body: Alarm) -> AlarmState:
    """Call for help; say whether anybody watches."""
    return alarms.raise_alarm(records, device, body)


@router.get("/v1/alarms/{alarm_id}", responses=documented(*DEVICE_PROBLEMS, ProblemCode.NOT_FOUND))
def state(records: OpenRecords, device: Device, alarm_id: UUID) -> AlarmState:
    """Whether an officer has seen it."""
    return alarms.state(records, device, str(alarm_id))
