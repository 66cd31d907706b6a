"""Encrypted files that an intake will name: kept by their hash, the same one once."""

import hashlib

from sqlalchemy.exc import IntegrityError

from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError
from records.store import audit, blobs
from records.store.audit import Deed
from records.store.blobs import BlobRow
from records.store.database import Transaction
from records.store.devices import DeviceRow

_WAIT_S = 600
_MIB = 2**20


def keep(records: Records, device: DeviceRow, sha256: str, content: bytes) -> bool:
    """Keep a file. False: it was here. Refused: blob-mismatch; no-room for more of this device,
    or of all."""
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
        if not _has_room(records, transaction, row):
            raise RefusedError(ProblemCode.NO_ROOM, retry_after_s=_WAIT_S)
        blobs.add(transaction, row)
        audit.append(transaction, Deed(row.touched_at, "blob-kept", device.device_id, facts=(("bytes", row.size),)))
    return True


def _has_room(records: Records, transaction: Transaction, row: BlobRow) -> bool:
    """What an officer decided no longer counts against the device; all counts against the database."""
    most, counted = records.settings.intakes, max(row.size, blobs.LEAST_COUNTED)
    own = blobs.undecided_bytes(transaction, row.device_id) + counted <= most.files_mib * _MIB
    return own and blobs.all_bytes(transaction) + counted <= most.files_mib_in_all * _MIB
