"""Where a device stands in the feed, in words that only these records can write.

A cursor is opaque, so that nobody computes with it, and sealed by a keyed hash, so that nobody makes one up. It names
the installation and the feed's epoch: after a backup was put back, places are given a second time.
"""

import base64
import binascii
import hmac
import struct
from typing import Final

from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError
from records.store.changes import Extent

_FORM: Final = struct.Struct(">8sIQ")  # installation, epoch, place
_SEAL = 16  # bytes of the keyed hash
LONGEST: Final = 64  # characters, with room to spare


def cursor_at(records: Records, held: Extent, place: int) -> str:
    """The cursor of who has heard everything up to ``place``."""
    stated = _FORM.pack(_installation(records), held.epoch, place)
    return base64.urlsafe_b64encode(stated + _seal(records, stated)).decode("ascii")


def place_of(records: Records, held: Extent, cursor: str) -> int:
    """The place behind which to go on. RefusedError: validation, it is none of ours; cursor-expired, it is another
    installation's or epoch's, or what followed it was forgotten."""
    stated, seal = _parted(cursor)
    installation, epoch, place = _FORM.unpack(stated)
    if installation != _installation(records):
        raise RefusedError(ProblemCode.CURSOR_EXPIRED)
    if not hmac.compare_digest(seal, _seal(records, stated)):
        raise RefusedError(ProblemCode.VALIDATION, "cursor: not given out here")
    if epoch != held.epoch or not held.forgotten <= place <= held.last:
        raise RefusedError(ProblemCode.CURSOR_EXPIRED)
    return int(place)


def _parted(cursor: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.b64decode(cursor.encode("ascii"), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raw = b""
    if len(raw) != _FORM.size + _SEAL:
        raise RefusedError(ProblemCode.VALIDATION, "cursor: not given out here")
    return raw[: _FORM.size], raw[_FORM.size :]


def _seal(records: Records, stated: bytes) -> bytes:
    community = records.settings.community
    return bytes.fromhex(records.keyed_hash("cursor", community, stated.hex()))[:_SEAL]


def _installation(records: Records) -> bytes:
    return bytes.fromhex(records.keyed_hash("installation"))[:8]
