"""What contracts say: flat, tenant, days, the housing department's number; and how far records are with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from records.rules.tenancies import TenancyState
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.tenancies import rights, tenancies

_LIVE = (TenancyState.ACTIVE.value, TenancyState.DISPUTED.value)


@dataclass(frozen=True, slots=True)
class TenancyRow:
    """A tenancy. ``renews``: which one it goes on from, empty: none; ``goes_on_at``: when silence has lasted enough;
    ``officer_since``: when it was put before an officer; ``reminded``: of how many days left was told last, 0: none;
    ``left_over``: for which queue somebody who came along waits (``records.rules.tenancies.LEFT_OVER``)."""

    tenancy_id: str
    dwelling_id: str
    tenant_id: str
    state: TenancyState
    starts_on: date
    ends_on: date
    filing_number: str
    intake_id: str
    renews: str
    registered_at: datetime
    goes_on_at: datetime | None
    officer_since: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    reminded: int = 0
    left_over: str = ""
    revision: int = 1


def add(transaction: Transaction, row: TenancyRow) -> None:
    """Add one."""
    add_row(transaction, tenancies, row)


def find(transaction: Transaction, tenancy_id: str) -> TenancyRow | None:
    """The tenancy of an id."""
    return _first(_some(transaction, tenancies.c.tenancy_id == tenancy_id))


def of_intake(transaction: Transaction, intake_id: str) -> TenancyRow | None:
    """The one that an intake registered."""
    return _first(_some(transaction, tenancies.c.intake_id == intake_id)) if intake_id else None


def live_of(transaction: Transaction, dwelling_id: str) -> tuple[TenancyRow, ...]:
    """Those of a flat that began and have not ended."""
    return _some(transaction, tenancies.c.dwelling_id == dwelling_id, tenancies.c.state.in_(_LIVE))


def ended_of(transaction: Transaction, dwelling_id: str, since: datetime) -> tuple[TenancyRow, ...]:
    """Those of a flat that ended since an instant."""
    ended = (tenancies.c.state == TenancyState.ENDED.value, tenancies.c.ended_at >= since)
    return _some(transaction, tenancies.c.dwelling_id == dwelling_id, *ended)


def pending_of(transaction: Transaction, dwelling_id: str) -> tuple[TenancyRow, ...]:
    """Those of a flat that wait for a yes and are before no officer."""
    waiting = (tenancies.c.state == TenancyState.PENDING.value, tenancies.c.officer_since.is_(None))
    return _some(transaction, tenancies.c.dwelling_id == dwelling_id, *waiting)


def of_tenant(transaction: Transaction, tenant_id: str, dwelling_id: str) -> tuple[TenancyRow, ...]:
    """Those of a tenant in a flat, the oldest first."""
    return _some(transaction, tenancies.c.tenant_id == tenant_id, tenancies.c.dwelling_id == dwelling_id)


def renewals(transaction: Transaction, tenancy_id: str) -> tuple[TenancyRow, ...]:
    """What was handed in to go on from a tenancy, the oldest first."""
    return _some(transaction, tenancies.c.renews == tenancy_id) if tenancy_id else ()


def silent(transaction: Transaction, now: datetime, most: int) -> tuple[TenancyRow, ...]:
    """Those that wait for a yes longer than silence lasts, and are before no officer."""
    waiting = (tenancies.c.state == TenancyState.PENDING.value, tenancies.c.officer_since.is_(None))
    return _some(transaction, *waiting, tenancies.c.goes_on_at <= now, most=most)


def ending(transaction: Transaction, today: date, remind_days: Iterable[int], most: int) -> tuple[TenancyRow, ...]:
    """Live ones with so few days left that one of ``remind_days`` is reached of which nobody was told yet."""
    near = (
        sa.and_(
            tenancies.c.ends_on <= today + timedelta(days=each),
            sa.or_(tenancies.c.reminded == 0, tenancies.c.reminded > each),
        )
        for each in remind_days
    )
    due = (tenancies.c.ends_on >= today, sa.or_(sa.false(), *near))
    return _some(transaction, tenancies.c.state.in_(_LIVE), *due, most=most)


def empty(transaction: Transaction, most: int) -> tuple[TenancyRow, ...]:
    """Live ones by which nobody has a right any more."""
    theirs = (rights.c.community_id == tenancies.c.community_id, rights.c.tenancy_id == tenancies.c.tenancy_id)
    held = sa.exists(sa.select(sa.literal(1)).select_from(rights).where(*theirs, rights.c.ended_at.is_(None)))
    return _some(transaction, tenancies.c.state.in_(_LIVE), ~held, most=most)


def without_filing(transaction: Transaction, most: int) -> tuple[TenancyRow, ...]:
    """Live ones that name no filing number: listed for the housing department's business, and held up by nothing."""
    return _some(transaction, tenancies.c.state.in_(_LIVE), tenancies.c.filing_number == "", most=most)


def update(transaction: Transaction, row: TenancyRow, **values: Any) -> bool:  # noqa: ANN401 - columns differ
    """Change columns of ``row`` as it was read, and count its revision up. False: it was changed since."""
    mine = (of_community(tenancies, transaction), tenancies.c.tenancy_id == row.tenancy_id)
    changing = sa.update(tenancies).where(*mine, tenancies.c.revision == row.revision)
    return bool(transaction.connection.execute(changing.values(revision=row.revision + 1, **values)).rowcount)


def _first(found: tuple[TenancyRow, ...]) -> TenancyRow | None:
    return found[0] if found else None


def _some(
    transaction: Transaction, *conditions: sa.ColumnElement[bool], most: int | None = None
) -> tuple[TenancyRow, ...]:
    query = columns(tenancies, TenancyRow).where(of_community(tenancies, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(tenancies.c.registered_at, tenancies.c.tenancy_id).limit(most))
    return tuple(TenancyRow(**{**row._asdict(), "state": TenancyState(row.state)}) for row in rows)
