"""Alarms that kiosks raised, until an officer has seen them, and a month longer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.changes import alarms


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm. ``raised_at``: by the kiosk's clock; ``watched``: an officer was on duty when it arrived."""

    alarm_id: str
    device_id: str
    raised_at: datetime
    received_at: datetime
    test: bool
    watched: bool
    seen_at: datetime | None = None
    seen_by: str = ""


def raised(transaction: Transaction, alarm: AlarmRow) -> AlarmRow:
    """The alarm as it is kept: of its number there is one."""
    known = find(transaction, alarm.alarm_id)
    if known is None:
        add(transaction, alarms, alarm)
    return known or alarm


def find(transaction: Transaction, alarm_id: str) -> AlarmRow | None:
    """The alarm of that number."""
    mine = (of_community(alarms, transaction), alarms.c.alarm_id == alarm_id)
    return as_record(AlarmRow, transaction.connection.execute(columns(alarms, AlarmRow).where(*mine)).first())


def unseen(transaction: Transaction, most: int) -> list[AlarmRow]:
    """Those that no officer has seen, the latest first."""
    return _latest(transaction, most, alarms.c.seen_at.is_(None))


def latest(transaction: Transaction, most: int) -> list[AlarmRow]:
    """The latest ones, seen or not."""
    return _latest(transaction, most)


def see(transaction: Transaction, alarm_id: str, officer: str, at: datetime) -> bool:
    """An officer has seen it. False: there is no such alarm, or somebody has seen it before."""
    mine = (of_community(alarms, transaction), alarms.c.alarm_id == alarm_id, alarms.c.seen_at.is_(None))
    seeing = sa.update(alarms).where(*mine).values(seen_at=at, seen_by=officer)
    return bool(transaction.connection.execute(seeing).rowcount)


def _latest(transaction: Transaction, most: int, *more: sa.ColumnElement[bool]) -> list[AlarmRow]:
    query: sa.Select[Any] = columns(alarms, AlarmRow).where(of_community(alarms, transaction), *more)
    newest = query.order_by(alarms.c.received_at.desc(), alarms.c.alarm_id).limit(most)
    return [AlarmRow(*row) for row in transaction.connection.execute(newest)]
