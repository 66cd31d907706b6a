"""Who read or changed what, in a chain of hashes: a row altered or taken out breaks every later one.

Nothing personal stands here: a person is a keyed hash of their number in these records.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.store import counters
from records.store.database import Transaction
from records.store.tables.keeping import audit

_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done. ``facts``: codes and numbers about the deed, nothing of the person."""

    at: datetime
    action: str
    device_id: str = ""
    visit: str = ""
    subject: str = ""
    facts: tuple[tuple[str, str | int | float | bool], ...] = ()


def append(transaction: Transaction, deed: Deed) -> None:
    """Add a deed to the chain, in the transaction that does it: neither exists without the other."""
    seq = counters.following(transaction, "audit")
    row = {
        "community_id": transaction.community,
        "seq": seq,
        "at": deed.at,
        "device_id": deed.device_id,
        "visit": deed.visit,
        "action": deed.action,
        "subject": deed.subject,
        "facts": json.dumps(dict(deed.facts), sort_keys=True),
        "previous": _head(transaction),
    }
    transaction.connection.execute(sa.insert(audit).values(**row, hash=_hash(row)))


def first_break(transaction: Transaction) -> int | None:
    """The number of the first row that does not follow from the one before, or is missing; None: the chain holds."""
    mine = sa.select(audit).where(audit.c.community_id == transaction.community).order_by(audit.c.seq)
    previous, expected = _FIRST, 0
    for expected, found in enumerate(transaction.connection.execute(mine).mappings(), start=1):
        row = dict(found)
        stated = row.pop("hash")
        if row["seq"] != expected or row["previous"] != previous or _hash(row) != stated:
            return expected
        previous = stated
    return None if expected == length(transaction) else expected + 1


def latest(transaction: Transaction, count: int) -> list[sa.RowMapping]:
    """The last ``count`` rows, the oldest of them first."""
    mine = sa.select(audit).where(audit.c.community_id == transaction.community)
    newest = transaction.connection.execute(mine.order_by(audit.c.seq.desc()).limit(count)).mappings().all()
    return list(reversed(newest))


def length(transaction: Transaction) -> int:
    """How many rows were ever added: no row that follows shows when the last ones are gone."""
    return counters.last(transaction, "audit")


def _head(transaction: Transaction) -> str:
    newest = sa.select(audit.c.hash).where(audit.c.community_id == transaction.community)
    head = transaction.connection.execute(newest.order_by(audit.c.seq.desc()).limit(1)).scalar()
    return _FIRST if head is None else str(head)


def _hash(row: dict[str, Any]) -> str:
    canonical = json.dumps({**row, "at": row["at"].timestamp()}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
