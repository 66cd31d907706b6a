"""Encrypted files that an intake will name: kept by their hash, the same one once."""

import hashlib

from sqlalchemy.exc import IntegrityError

from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError
from records.store import audit, blobs
from records.store.audit import Deed
from records.store.blobs import BlobRow
from records.store.devices import DeviceRow

_WAIT_S = 600


def keep(records: Records, device: DeviceRow, sha256: str, content: bytes) -> bool:
    """Keep a file. False: it was here. Refused: blob-mismatch; too-many-requests, when the device has sent too many
    that no intake of its names."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise RefusedError(ProblemCode.BLOB_MISMATCH)
    try:
        return _kept(records, device, BlobRow(sha256, device.device_id, len(content), content, records.clock.now()))
    except IntegrityError:
        return False  # another request kept the same file meanwhile


def _kept(records: Records, device: DeviceRow, row: BlobRow) -> bool:
    with records.database.writing() as transaction:
        if blobs.touch(transaction, {row.sha256}, row.touched_at):
            return False
        if blobs.unnamed(transaction, device.device_id) >= records.settings.intakes.files_waiting:
            raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=_WAIT_S)
        blobs.add(transaction, row)
        audit.append(transaction, Deed(row.touched_at, "blob-kept", device.device_id, facts=(("bytes", row.size),)))
    return True
