"""Officers' accounts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.rules.roles import Role
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.console import officers


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An account. ``password_is_initial``: it was printed by a command, and opens nothing but its own change."""

    officer_id: str
    display_name: str
    role: Role
    password: str = field(repr=False)
    password_is_initial: bool
    totp_sealed: bytes = field(repr=False)
    totp_step: int
    created_at: datetime
    disabled_at: datetime | None = None


def add(transaction: Transaction, officer: OfficerRow) -> None:
    """Remember a new account."""
    add_row(transaction, officers, officer)


def by_id(transaction: Transaction, officer_id: str) -> OfficerRow | None:
    """The account of that name, disabled or not."""
    query = columns(officers, OfficerRow).where(*_mine(transaction, officer_id))
    row = transaction.connection.execute(query).mappings().first()
    return None if row is None else _officer(row)


def every(transaction: Transaction) -> list[OfficerRow]:
    """All accounts by name."""
    query = columns(officers, OfficerRow).where(of_community(officers, transaction)).order_by(officers.c.officer_id)
    return [_officer(row) for row in transaction.connection.execute(query).mappings()]


def in_use(transaction: Transaction, officer_id: str) -> bool:
    """Whether there is such an account, and nobody has disabled it."""
    found = by_id(transaction, officer_id)
    return found is not None and found.disabled_at is None


def update(transaction: Transaction, officer_id: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one account."""
    transaction.connection.execute(sa.update(officers).where(*_mine(transaction, officer_id)).values(**values))


def _officer(row: sa.RowMapping) -> OfficerRow:
    return OfficerRow(**{**row, "role": Role(row["role"])})


def _mine(transaction: Transaction, officer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return of_community(officers, transaction), officers.c.officer_id == officer_id
