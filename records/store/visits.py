"""Who stands at which kiosk now: one row for each identification, gone a day after it ended."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from civic.document import DocumentKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.visiting import visits

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """An identification.

    ``clear``: one person was found, and evidence and record agree; only then can it be proven. Else ``doubt`` says why,
    for an officer alone; ``person_id`` is empty when nobody was found. ``claim_hash``: keyed hash of the citizen number
    that is claimed. ``portrait_of``: whose portrait the kiosk gets. ``proven_by``: ``statement`` or ``officer``;
    ``statement``: the JSON of the identity statement that proved it, exactly as it was signed.
    """

    subject_hash: str
    device_id: str
    visit: str
    person_id: str
    clear: bool
    created_at: datetime
    expires_at: datetime
    request_hash: str
    document: DocumentKind = DocumentKind.RESIDENT_CARD
    doubt: str = ""
    claim_hash: str = ""
    portrait_of: str = ""
    portrait_given_at: datetime | None = None
    portrait_key: str = ""
    face_attempts: int = 0
    proven_at: datetime | None = None
    proven_by: str = ""
    statement: str = ""

    @property
    def typed(self) -> bool:
        """Whether there is no document but a typed number, which is answered alike whether anyone has it."""
        return self.document == DocumentKind.NUMBER

    @property
    def statement_digest(self) -> str:
        """SHA-256 of the statement, hex; empty without one. Later steps name it."""
        return hashlib.sha256(self.statement.encode("utf-8")).hexdigest() if self.statement else ""


def begin(transaction: Transaction, visit: VisitRow) -> None:
    """Add an identification, and forget those long ended."""
    old = visits.c.expires_at < visit.created_at - _KEPT
    transaction.connection.execute(sa.delete(visits).where(of_community(visits, transaction), old))
    add_row(transaction, visits, visit)


def by_subject(transaction: Transaction, subject_hash: str) -> VisitRow | None:
    """The identification of a subject."""
    mine = (of_community(visits, transaction), visits.c.subject_hash == subject_hash)
    return as_record(VisitRow, transaction.connection.execute(columns(visits, VisitRow).where(*mine)).first())


def update(transaction: Transaction, subject_hash: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one identification."""
    mine = (of_community(visits, transaction), visits.c.subject_hash == subject_hash)
    transaction.connection.execute(sa.update(visits).where(*mine).values(**values))


def proven(transaction: Transaction, subject_hash: str, by: str, at: datetime, statement: str = "") -> bool:
    """The identity counts as proven. False: it can't be, for evidence and record do not agree."""
    mine = (of_community(visits, transaction), visits.c.subject_hash == subject_hash, visits.c.clear)
    proof = sa.update(visits).where(*mine).values(proven_by=by, proven_at=at, statement=statement)
    return bool(transaction.connection.execute(proof).rowcount)


def portrait_given(transaction: Transaction, row: VisitRow) -> bool:
    """Whether this visit already had the portrait for this claim, under whatever subject."""
    mine = (
        of_community(visits, transaction),
        visits.c.device_id == row.device_id,
        visits.c.visit == row.visit,
        visits.c.claim_hash == row.claim_hash,
        visits.c.portrait_given_at.is_not(None),
    )
    return transaction.connection.execute(sa.select(visits.c.visit).where(*mine).limit(1)).first() is not None


def count_since(transaction: Transaction, device_id: str, since: datetime) -> int:
    """How many identifications a device asked for since then."""
    mine = (of_community(visits, transaction), visits.c.device_id == device_id, visits.c.created_at >= since)
    return transaction.connection.execute(sa.select(sa.func.count()).select_from(visits).where(*mine)).scalar_one()
