"""Calls for help (``backend_client.contract.alarms``), in threads of their own: those who wait may hold all others."""

from typing import Final
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.contract.base import ProblemCode
from records.api.dependencies import DEVICE_PROBLEMS, KIOSK_PROBLEMS, DeviceInNeed, OpenRecords
from records.api.problems import documented
from records.services import alarms

THREADS: Final = 4

router = APIRouter(tags=["alarms"])


@router.post("/v1/alarms", status_code=201, responses=documented(*KIOSK_PROBLEMS))
async def raise_alarm(request: Request, records: OpenRecords, device: DeviceInNeed, body: Alarm) -> AlarmState:
    """Call for help; say whether anybody watches."""
    return await run_sync(alarms.raise_alarm, records, device, body, limiter=request.app.state.threads_for_help)


@router.get("/v1/alarms/{alarm_id}", responses=documented(*DEVICE_PROBLEMS, ProblemCode.NOT_FOUND))
async def state(request: Request, records: OpenRecords, device: DeviceInNeed, alarm_id: UUID) -> AlarmState:
    """Whether an officer has seen it."""
    return await run_sync(alarms.state, records, device, str(alarm_id), limiter=request.app.state.threads_for_help)
