"""What officers were asked to confirm: one row for each request, gone a day after it ended. Nobody's name is in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from backend_client.contract.persons import ConfirmationState
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.columns import Instant
from records.store.tables.visiting import confirmations

UNDECIDED: Final = (ConfirmationState.WAITING, ConfirmationState.OPENED)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """A request of one visit at one device. ``code`` opens it until ``expires_at``; once decided it is empty."""

    confirmation_id: str
    subject_hash: str
    device_id: str
    visit: str
    code: str = field(repr=False)
    state: ConfirmationState
    asked_at: datetime
    expires_at: datetime
    opened_at: datetime | None = None
    decided_at: datetime | None = None


def add(transaction: Transaction, confirmation: ConfirmationRow) -> None:
    """Remember a request."""
    add_row(transaction, confirmations, confirmation)


def by_id(transaction: Transaction, confirmation_id: str) -> ConfirmationRow | None:
    """The request of that handle."""
    return _first(transaction, confirmations.c.confirmation_id == confirmation_id)


def latest_of(transaction: Transaction, subject_hash: str) -> ConfirmationRow | None:
    """The last request of an identification."""
    return _first(transaction, confirmations.c.subject_hash == subject_hash)


def by_code(transaction: Transaction, code: str, now: datetime) -> ConfirmationRow | None:
    """The undecided request that a code opens now."""
    return _first(transaction, confirmations.c.code == code, *_openable(now))


def waiting(transaction: Transaction, now: datetime) -> list[ConfirmationRow]:
    """Requests that no officer has opened yet, the longest waiting first."""
    still = (*_openable(now), confirmations.c.state == ConfirmationState.WAITING)
    query = columns(confirmations, ConfirmationRow).where(of_community(confirmations, transaction), *still)
    rows = transaction.connection.execute(query.order_by(confirmations.c.asked_at)).mappings()
    return [_confirmation(row) for row in rows]


def update(transaction: Transaction, confirmation_id: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one request."""
    mine = (of_community(confirmations, transaction), confirmations.c.confirmation_id == confirmation_id)
    transaction.connection.execute(sa.update(confirmations).where(*mine).values(**values))


def forget_ended(transaction: Transaction, now: datetime) -> None:
    """Delete requests that ended more than a day ago."""
    ended = sa.func.coalesce(confirmations.c.decided_at, confirmations.c.expires_at, type_=Instant())
    old = (of_community(confirmations, transaction), ended < now - _KEPT)
    transaction.connection.execute(sa.delete(confirmations).where(*old))


def _openable(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return confirmations.c.expires_at > now, confirmations.c.state.in_(UNDECIDED), confirmations.c.code != ""


def _first(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> ConfirmationRow | None:
    query = columns(confirmations, ConfirmationRow).where(of_community(confirmations, transaction), *conditions)
    latest = query.order_by(confirmations.c.asked_at.desc()).limit(1)
    row = transaction.connection.execute(latest).mappings().first()
    return None if row is None else _confirmation(row)


def _confirmation(row: sa.RowMapping) -> ConfirmationRow:
    return ConfirmationRow(**{**row, "state": ConfirmationState(row["state"])})
