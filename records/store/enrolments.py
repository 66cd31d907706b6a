"""One-time codes, and the keys that came with them and wait to be let in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.devices import enrolment_codes


class Decision(StrEnum):
    """What became of a key."""

    WAITING = ""
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A one-time code, by its hash. ``used_at``: when the first key came, from then on the only one."""

    code_hash: str
    kind: str
    name: str
    expires_at: datetime
    used_at: datetime | None = None
    device_id: str = ""
    public_key: str = ""
    fingerprint: str = ""
    decision: str = Decision.WAITING.value
    decided_by: str = ""


def add_code(transaction: Transaction, code: CodeRow) -> None:
    """Remember a one-time code."""
    add(transaction, enrolment_codes, code)


def find_code(transaction: Transaction, code_hash: str, now: datetime) -> CodeRow | None:
    """A code that is still in time, used or not."""
    mine = (*_code(transaction, code_hash), enrolment_codes.c.expires_at > now)
    return as_record(CodeRow, transaction.connection.execute(columns(enrolment_codes, CodeRow).where(*mine)).first())


def waiting(transaction: Transaction, now: datetime) -> list[CodeRow]:
    """The keys that somebody must look at, the oldest first."""
    mine = (
        of_community(enrolment_codes, transaction),
        enrolment_codes.c.expires_at > now,
        enrolment_codes.c.used_at.is_not(None),
        enrolment_codes.c.decision == Decision.WAITING.value,
    )
    query = columns(enrolment_codes, CodeRow).where(*mine).order_by(enrolment_codes.c.used_at)
    return [CodeRow(*row) for row in transaction.connection.execute(query)]


def update(transaction: Transaction, code_hash: str, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change some columns."""
    transaction.connection.execute(sa.update(enrolment_codes).where(*_code(transaction, code_hash)).values(**values))


def _code(transaction: Transaction, code_hash: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (of_community(enrolment_codes, transaction), enrolment_codes.c.code_hash == code_hash)
