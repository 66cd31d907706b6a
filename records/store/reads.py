"""Who looked at whom at the console, and what for: what the resident is told, and what an hour's limit counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records.store import counters
from records.store.database import Transaction
from records.store.rows import columns, of_community
from records.store.tables.persons import reads

_NEWEST = 200


class Outcome(StrEnum):
    """What came of a look."""

    SHOWN = "shown"
    NOTHING = "nothing"  # nobody has the number, or who has it is hidden
    LIMIT = "limit"  # too many in an hour: nothing was looked up


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A look. ``person_hash`` empty: at a flat, whose people have a row each, which does not count again."""

    at: datetime
    officer_id: str
    role: str
    purpose: str
    ticket: str
    outcome: Outcome
    person_hash: str = ""
    counted: bool = True


def add(transaction: Transaction, row: ReadRow) -> None:
    """Remember a look."""
    values = {name: getattr(row, name) for name in ReadRow.__slots__}
    following = counters.following(transaction, "read")
    transaction.connection.execute(
        sa.insert(reads).values(community_id=transaction.community, read_id=following, **values)
    )


def counted_since(transaction: Transaction, officer_id: str, since: datetime) -> list[datetime]:
    """When an account's looks were that count since then, whatever came of them, the oldest first."""
    mine = (of_community(reads, transaction), reads.c.officer_id == officer_id, reads.c.at > since, reads.c.counted)
    return list(transaction.connection.scalars(sa.select(reads.c.at).where(*mine).order_by(reads.c.at)))


def refused_since(transaction: Transaction, officer_id: str, since: datetime) -> int:
    """How many looks of an account the limit refused since then."""
    mine = (of_community(reads, transaction), reads.c.officer_id == officer_id, reads.c.at >= since)
    query = sa.select(sa.func.count()).select_from(reads).where(*mine, reads.c.outcome == Outcome.LIMIT)
    return transaction.connection.execute(query).scalar_one()


def of_person(transaction: Transaction, person_hash: str) -> list[ReadRow]:
    """The looks at a person, the newest first, two hundred at most."""
    mine = (of_community(reads, transaction), reads.c.person_hash == person_hash, reads.c.outcome != Outcome.LIMIT)
    query = columns(reads, ReadRow).where(*mine).order_by(reads.c.at.desc(), reads.c.read_id.desc()).limit(_NEWEST)
    return [_read(row) for row in transaction.connection.execute(query)]


def _read(row: sa.Row[Any]) -> ReadRow:
    values = row._asdict()
    return ReadRow(**{**values, "outcome": Outcome(values["outcome"])})
