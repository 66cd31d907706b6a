"""Applications that are answered at the window, each with its receipts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.issuing import applications

_KEPT = timedelta(days=90)


class ApplicationState(StrEnum):
    """How far the office is."""

    WAITING = "waiting"
    READY = "ready"  # the answer lies at the window
    HANDED_OVER = "handed-over"


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationRow:
    """An application. ``serial``: of its first receipt. Never printed: ``outcome`` is for officers, with a reason;
    empty once the answer was handed over, or nobody came for it. ``seen_by``: the officer who has opened it with that
    outcome, the last of them. ``number_hash``: keyed, of the citizen number."""

    serial: str
    person_id: str
    kind: str
    outcome: str
    opened_at: datetime
    ready_on: date
    valid_until: date
    state: ApplicationState = ApplicationState.WAITING
    settled_at: datetime | None = None
    settled_by: str = ""
    seen_by: str = ""
    number_hash: str = ""


def add(transaction: Transaction, row: ApplicationRow) -> None:
    """Open an application; forget what was found of those out of their time, and those long out of it altogether."""
    mine, today = of_community(applications, transaction), row.opened_at.date()
    over = sa.update(applications).where(mine, applications.c.valid_until < today, applications.c.outcome != "")
    transaction.connection.execute(over.values(outcome=""))
    transaction.connection.execute(sa.delete(applications).where(mine, applications.c.valid_until < today - _KEPT))
    add_row(transaction, applications, row)


def find(transaction: Transaction, serial: str) -> ApplicationRow | None:
    """The application of a first receipt."""
    found = _some(transaction, applications.c.serial == serial)
    return found[0] if found else None


def open_of(transaction: Transaction, person_id: str, kind: str, today: date) -> ApplicationRow | None:
    """The application of a person that is not over on ``today``: neither handed over nor out of its time."""
    mine = (applications.c.person_id == person_id, applications.c.kind == kind)
    found = _some(transaction, *mine, *_open(today))
    return found[-1] if found else None


def list_open(transaction: Transaction, today: date) -> list[ApplicationRow]:
    """Every application that is not over, the oldest first."""
    return _some(transaction, *_open(today))


def every(transaction: Transaction) -> list[ApplicationRow]:
    """Every application, the oldest first."""
    return _some(transaction)


def found_again(transaction: Transaction, row: ApplicationRow, outcome: str) -> None:
    """What the source says now, of an application that nobody has made ready: then an officer's word stands already.
    Whoever opened it before it changed has not seen it."""
    if row.state is ApplicationState.WAITING and row.outcome != outcome:
        update(transaction, row.serial, outcome=outcome, seen_by="")


def update(transaction: Transaction, serial: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one application."""
    mine = (of_community(applications, transaction), applications.c.serial == serial)
    transaction.connection.execute(sa.update(applications).where(*mine).values(**values))


def _open(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return applications.c.state != ApplicationState.HANDED_OVER.value, applications.c.valid_until >= today


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[ApplicationRow]:
    query = columns(applications, ApplicationRow).where(of_community(applications, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(applications.c.opened_at, applications.c.serial))
    return [ApplicationRow(**{**row._asdict(), "state": ApplicationState(row.state)}) for row in rows]
