"""The portrait that a live face is compared with: once per visit, and for a typed number only after a live face.

A typed number that nobody has gets a portrait of nobody. Both are read the same way, and filled up to one length.
"""

from datetime import datetime

from backend_client.contract.base import ProblemCode
from backend_client.contract.identity import SignedStatement
from records.context import Records
from records.errors import RefusedError
from records.services import statement, tries, visit
from records.store import audit, visits
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow

_BLOCK = 64 * 1024  # bytes; an identity photograph of 358 x 441 has about half
_SOI, _COMMENT = b"\xff\xd8", b"\xff\xfe"  # ITU-T T.81, table B.1
_LONGEST_COMMENT = 0xFFFF
_SHORTEST = 4  # marker and length


def portrait(records: Records, device: DeviceRow, subject: str, live: SignedStatement | None, key: str) -> bytes:
    """The portrait (JPEG); asked again with the same key (the answer was lost), it is given again."""
    row = visit.going_on(records, device, subject)
    if row.typed:
        statement.require_live(records, device, row, live)
    image = records.register.portrait(row.portrait_of)
    if image is None:
        raise RefusedError(ProblemCode.NOT_FOUND)
    with records.database.writing() as transaction:
        _give(records, transaction, visit.fresh(transaction, row), key, records.clock.now())
    return filled(image.reveal()) if row.typed else image.reveal()


def filled(jpeg: bytes) -> bytes:
    """The same picture, lengthened by comments to a whole number of blocks: its length tells nothing."""
    missing = -len(jpeg) % _BLOCK
    if 0 < missing < _SHORTEST:
        missing += _BLOCK
    comments = b""
    while missing:
        size = min(missing, _LONGEST_COMMENT)
        if 0 < missing - size < _SHORTEST:
            size -= _SHORTEST
        comments += _COMMENT + (size - len(_COMMENT)).to_bytes(2, "big") + bytes(size - _SHORTEST)
        missing -= size
    return _SOI + comments + jpeg[len(_SOI) :]


def _give(records: Records, transaction: Transaction, row: VisitRow, key: str, now: datetime) -> None:
    again = bool(key) and row.portrait_key == key
    if not again:
        if visits.portrait_given(transaction, row):
            raise RefusedError(ProblemCode.PORTRAIT_ALREADY_GIVEN)
        if row.typed:
            tries.count(records, transaction, row)
    visits.update(transaction, row.subject_hash, portrait_given_at=now, portrait_key=key)
    audit.append(transaction, visit.deed(records, row, "portrait-read", again=again))
