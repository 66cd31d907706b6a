"""What routes ask for: the open records, and the device at the other end."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Header, Path, Request, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import DeviceKind
from records.api.callers import peer_of
from records.api.problems import UNWELL
from records.context import Records
from records.errors import RefusedError
from records.services import devices
from records.store.devices import DeviceRow
from records.tls import Peer

REPLAYED = "Idempotency-Replayed"
_KEY_FORM = r"^[A-Za-z0-9._:-]+$"

DEVICE_PROBLEMS = (ProblemCode.CERTIFICATE_UNKNOWN, ProblemCode.DEVICE_REVOKED)
KIOSK_PROBLEMS = (*DEVICE_PROBLEMS, ProblemCode.NOT_PERMITTED)
GATE_PROBLEMS = KIOSK_PROBLEMS
WRITE_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.IDEMPOTENCY_KEY_REUSED, ProblemCode.IN_PROGRESS)


def open_records(request: Request) -> Records:
    """The records that this application serves."""
    records: Records = request.app.state.records
    return records


async def _records(request: Request) -> Records:
    """The same, without a thread: there may be none left."""
    return open_records(request)


OpenRecords = Annotated[Records, Depends(_records)]


def enrolled_device(request: Request, records: OpenRecords) -> DeviceRow:
    """The device whose certificate this connection was made with."""
    device = devices.authenticate(records, peer_of(request.scope))
    request.state.device_id = device.device_id
    return device


async def device_in_need(request: Request, records: OpenRecords) -> DeviceRow:
    """The same, looked for in the threads that are kept for calls for help."""
    return await run_sync(enrolled_device, request, records, limiter=request.app.state.threads_for_help)


def unwelcome(records: Records, peer: Peer | None) -> ProblemCode | None:
    """Why a device gets nothing here; None: it does, or nobody can say so now."""
    try:
        devices.authenticate(records, peer)
    except RefusedError as error:
        return error.problem
    except UNWELL:
        return None
    return None


Device = Annotated[DeviceRow, Depends(enrolled_device)]
DeviceInNeed = Annotated[DeviceRow, Depends(device_in_need)]


async def enrolled_kiosk(device: Device) -> DeviceRow:
    """The device, if it is a kiosk: a gate has no business with persons and papers."""
    if device.kind != DeviceKind.KIOSK:
        raise RefusedError(ProblemCode.NOT_PERMITTED)
    return device


async def enrolled_gate(device: Device) -> DeviceRow:
    """The device, if it is a gate: what gates are told is nobody else's business."""
    if device.kind != DeviceKind.GATE:
        raise RefusedError(ProblemCode.NOT_PERMITTED)
    return device


Kiosk = Annotated[DeviceRow, Depends(enrolled_kiosk)]
Gate = Annotated[DeviceRow, Depends(enrolled_gate)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=64, pattern=_KEY_FORM)]
Serial = Annotated[str, Path(min_length=1, max_length=32)]
Subject = Annotated[str, Path(min_length=1, max_length=64)]


def mark(response: Response, *, replayed: bool) -> None:
    """Say that this request was answered before."""
    if replayed:
        response.headers[REPLAYED] = "true"
