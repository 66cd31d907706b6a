"""The audit as somebody reads it: a day's deeds, of one action or of one account."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.tables.keeping import audit


@dataclass(frozen=True, slots=True)
class Asked:
    """From ``since`` until before ``until``. ``action`` and ``officer`` empty: any."""

    since: datetime
    until: datetime
    action: str = ""
    officer: str = ""


def of_day(transaction: Transaction, asked: Asked, before: int, most: int) -> list[sa.RowMapping]:
    """``most`` deeds at most, the newest first; ``before`` the row of that number, 0: from the last one on."""
    mine = [
        audit.c.community_id == transaction.community,
        audit.c.at >= asked.since,
        audit.c.at < asked.until,
    ]
    if asked.action:
        mine.append(audit.c.action == asked.action)
    if asked.officer:  # the facts are JSON with sorted keys, and a name has no character that JSON or LIKE changes
        mine.append(audit.c.facts.contains(f'"officer": "{asked.officer}"', autoescape=True))
    if before:
        mine.append(audit.c.seq < before)
    query = sa.select(audit).where(*mine).order_by(audit.c.seq.desc()).limit(most)
    return list(transaction.connection.execute(query).mappings())


def actions(transaction: Transaction, since: datetime, until: datetime) -> list[str]:
    """The actions of that time."""
    mine = (audit.c.community_id == transaction.community, audit.c.at >= since, audit.c.at < until)
    return list(transaction.connection.scalars(sa.select(audit.c.action).where(*mine).distinct().order_by("action")))
