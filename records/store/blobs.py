"""Encrypted files by their hash: sent before what names them, gone some days later if nothing does."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from records.rules.intakes import OVER
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import of_community
from records.store.tables.intakes import blobs, intake_blobs, intakes

LEAST_COUNTED: Final = 64 * 1024  # bytes that a file counts for, or very small ones would be without number


@dataclass(frozen=True, slots=True)
class BlobRow:
    """A file. ``content``: ciphertext."""

    sha256: str
    device_id: str
    size: int
    content: bytes = field(repr=False)
    touched_at: datetime


def add(transaction: Transaction, row: BlobRow) -> None:
    """Keep a file. IntegrityError: it was kept meanwhile."""
    add_row(transaction, blobs, row)


def content(transaction: Transaction, sha256: str) -> bytes | None:
    """The file of a hash."""
    mine = (of_community(blobs, transaction), blobs.c.sha256 == sha256)
    return transaction.connection.execute(sa.select(blobs.c.content).where(*mine)).scalar()


def touch(transaction: Transaction, hashes: Collection[str], now: datetime) -> set[str]:
    """Those of ``hashes`` that are there; none of them is forgotten for now, also by who deletes at the same time."""
    mine = (of_community(blobs, transaction), blobs.c.sha256.in_(hashes))
    touched = sa.update(blobs).where(*mine).values(touched_at=now).returning(blobs.c.sha256)
    return set(transaction.connection.execute(touched).scalars())


def undecided_bytes(transaction: Transaction, device_id: str) -> int:
    """How much room the files of a device take that no decided intake names."""
    return _bytes(transaction, blobs.c.device_id == device_id, ~_of_decided())


def all_bytes(transaction: Transaction) -> int:
    """How much room all of them take."""
    return _bytes(transaction)


def forget(transaction: Transaction, before: datetime, chunk: int) -> int:
    """Delete at most ``chunk`` that nothing names and nobody has touched since then; how many."""
    old = (of_community(blobs, transaction), blobs.c.touched_at < before)
    found = sa.select(blobs.c.sha256).where(*old, ~_named()).limit(chunk)
    hashes = transaction.connection.execute(found).scalars().all()
    gone = sa.delete(blobs).where(*old, blobs.c.sha256.in_(hashes))  # the time again: it may be touched meanwhile
    return int(transaction.connection.execute(gone).rowcount) if hashes else 0


def _bytes(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> int:
    counted = sa.case((blobs.c.size < LEAST_COUNTED, LEAST_COUNTED), else_=blobs.c.size)
    query = sa.select(sa.func.coalesce(sa.func.sum(counted), 0)).where(of_community(blobs, transaction), *conditions)
    return int(transaction.connection.execute(query).scalar_one())


def _of_decided() -> sa.ColumnElement[bool]:
    link = sa.and_(intake_blobs.c.community_id == blobs.c.community_id, intake_blobs.c.sha256 == blobs.c.sha256)
    named = sa.and_(
        intakes.c.community_id == intake_blobs.c.community_id, intakes.c.intake_id == intake_blobs.c.intake_id
    )
    both = sa.select(sa.literal(1)).select_from(intake_blobs).join(intakes, named)
    return sa.exists(both.where(link, intakes.c.state.in_(sorted(OVER))))


def _named() -> sa.ColumnElement[bool]:
    link = sa.and_(intake_blobs.c.community_id == blobs.c.community_id, intake_blobs.c.sha256 == blobs.c.sha256)
    return sa.exists(sa.select(sa.literal(1)).select_from(intake_blobs).where(link))
