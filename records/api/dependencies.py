"""What routes ask for: the open records, and the device at the other end."""

from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import DeviceKind
from records.context import Records
from records.errors import RefusedError
from records.services import devices
from records.store.devices import DeviceRow
from records.tls import EXTENSION, Peer

REPLAYED = "Idempotency-Replayed"
_KEY_FORM = r"^[A-Za-z0-9._:-]+$"

DEVICE_PROBLEMS = (ProblemCode.CERTIFICATE_UNKNOWN, ProblemCode.DEVICE_REVOKED)
KIOSK_PROBLEMS = (*DEVICE_PROBLEMS, ProblemCode.NOT_PERMITTED)
WRITE_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.IDEMPOTENCY_KEY_REUSED, ProblemCode.IN_PROGRESS)


def open_records(request: Request) -> Records:
    """The records that this application serves."""
    records: Records = request.app.state.records
    return records


OpenRecords = Annotated[Records, Depends(open_records)]


def enrolled_device(request: Request, records: OpenRecords) -> DeviceRow:
    """The device whose certificate this connection was made with."""
    extensions: dict[str, Any] = request.scope.get("extensions") or {}
    peer = extensions.get(EXTENSION)
    device = devices.authenticate(records, peer if isinstance(peer, Peer) else None)
    request.state.device_id = device.device_id
    return device


Device = Annotated[DeviceRow, Depends(enrolled_device)]


def enrolled_kiosk(device: Device) -> DeviceRow:
    """The device, if it is a kiosk: a gate has no business with persons and papers."""
    if device.kind != DeviceKind.KIOSK:
        raise RefusedError(ProblemCode.NOT_PERMITTED)
    return device


Kiosk = Annotated[DeviceRow, Depends(enrolled_kiosk)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=64, pattern=_KEY_FORM)]
Serial = Annotated[str, Path(min_length=1, max_length=32)]
Subject = Annotated[str, Path(min_length=1, max_length=64)]


def mark(response: Response, *, replayed: bool) -> None:
    """Say that this request was answered before."""
    if replayed:
        response.headers[REPLAYED] = "true"
