"""One person's right to one flat, from a day to a day: the truth that grants are derived from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from backend_client.contract.tenancies import RightKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.tenancies import rights

HOLDER_DEAD: Final = "gone"
"""Why a right is over whose holder the register has as dead."""


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right. ``tenancy_id``: empty, by ownership; ``ends_on``: its last day, None: no end; ``ended_at``: it is over,
    whatever its days say; ``hold_until``: a renewal of it waits, so that it goes on to this day at least; ``began_at``:
    when it had its yes, None: it waits for one, and opens nothing; ``intake_id``: what asked for it."""

    right_id: str
    dwelling_id: str
    person_id: str
    kind: RightKind
    tenancy_id: str
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    ended_why: str
    registered_at: datetime
    hold_until: date | None
    revision: int
    began_at: datetime | None = None
    disputed: bool = False
    intake_id: str = ""


def add(transaction: Transaction, row: RightRow) -> None:
    """Add one."""
    add_row(transaction, rights, row)


def find(transaction: Transaction, right_id: str) -> RightRow | None:
    """The right of an id."""
    found = _some(transaction, rights.c.right_id == right_id)
    return found[0] if found else None


def of_person(transaction: Transaction, person_id: str) -> tuple[RightRow, ...]:
    """All of a person's, those that are over too, the oldest first."""
    return _some(transaction, rights.c.person_id == person_id)


def of_dwelling(transaction: Transaction, dwelling_id: str) -> tuple[RightRow, ...]:
    """Those to a flat that are not over."""
    return _some(transaction, rights.c.dwelling_id == dwelling_id, rights.c.ended_at.is_(None))


def of_tenancy(transaction: Transaction, tenancy_id: str) -> tuple[RightRow, ...]:
    """Those by a tenancy that are not over."""
    return _some(transaction, rights.c.tenancy_id == tenancy_id, rights.c.ended_at.is_(None))


def began_by(transaction: Transaction, tenancy_id: str) -> int:
    """How many people have a right that began by a tenancy, or had."""
    mine = (of_community(rights, transaction), rights.c.tenancy_id == tenancy_id, rights.c.began_at.is_not(None))
    query = sa.select(sa.func.count(rights.c.person_id.distinct())).where(*mine)
    return int(transaction.connection.scalar(query) or 0)


def of_intake(transaction: Transaction, intake_id: str) -> tuple[RightRow, ...]:
    """Those that one intake asked for and that are not over."""
    return _some(transaction, rights.c.intake_id == intake_id, rights.c.ended_at.is_(None))


def every(transaction: Transaction) -> tuple[RightRow, ...]:
    """All of the community's that are not over."""
    return _some(transaction, rights.c.ended_at.is_(None))


def crowded(transaction: Transaction, more_than: int, most: int) -> list[str]:
    """Some flats to which more people than that have a right that began and is not noted as over."""
    begun = (of_community(rights, transaction), rights.c.ended_at.is_(None), rights.c.began_at.is_not(None))
    people = sa.func.count(rights.c.person_id.distinct())
    query = sa.select(rights.c.dwelling_id).where(*begun).group_by(rights.c.dwelling_id).having(people > more_than)
    return list(transaction.connection.scalars(query.order_by(rights.c.dwelling_id).limit(most)))


def over(transaction: Transaction, day: date, today: date, most: int) -> tuple[RightRow, ...]:
    """Some that are not noted as over, whose last day was before ``day``, and that nothing holds ``today``."""
    held = sa.and_(rights.c.hold_until.is_not(None), rights.c.hold_until >= today)
    query = _query(transaction, rights.c.ended_at.is_(None), rights.c.ends_on < day, sa.not_(held))
    return _rows(transaction, query.limit(most))


def update(transaction: Transaction, row: RightRow, **values: Any) -> bool:  # noqa: ANN401 - columns differ
    """Change columns of ``row`` as it was read, and count its revision up. False: it was changed since."""
    mine = (of_community(rights, transaction), rights.c.right_id == row.right_id, rights.c.revision == row.revision)
    changing = sa.update(rights).where(*mine).values(revision=row.revision + 1, **values)
    return bool(transaction.connection.execute(changing).rowcount)


def begin_again(transaction: Transaction, right_id: str, revision: int) -> None:
    """It was noted as over by mistake: as it was before, if nothing has changed it since."""
    mine = (of_community(rights, transaction), rights.c.right_id == right_id, rights.c.revision == revision + 1)
    values = {"ended_at": None, "ended_why": "", "revision": revision}
    transaction.connection.execute(sa.update(rights).where(*mine).values(**values))


def _query(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    query = columns(rights, RightRow).where(of_community(rights, transaction), *conditions)
    return query.order_by(rights.c.registered_at, rights.c.right_id)


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> tuple[RightRow, ...]:
    return _rows(transaction, _query(transaction, *conditions))


def _rows(transaction: Transaction, query: sa.Select[Any]) -> tuple[RightRow, ...]:
    found: Iterable[Any] = transaction.connection.execute(query)
    return tuple(RightRow(**{**row._asdict(), "kind": RightKind(row.kind)}) for row in found)
