"""How much of everything there is: counts alone, for whoever watches the service."""

from dataclasses import dataclass

import sqlalchemy as sa

from backend_client.contract.papers import PaperState
from records.rules.intakes import OVER
from records.store import audit, changes
from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.changes import alarms
from records.store.tables.intakes import intakes
from records.store.tables.issuing import papers


@dataclass(frozen=True, slots=True)
class Figures:
    """``open_papers``: serials that nobody has decided; ``intakes``: that wait for an officer; ``alarms``: unseen."""

    open_papers: int
    feed: int
    intakes: int
    alarms: int
    audit: int


def figures(transaction: Transaction) -> Figures:
    """As of now."""
    undecided = papers.c.state.in_((PaperState.RESERVED.value, PaperState.SEALED.value))
    waiting = intakes.c.state.not_in([each.value for each in OVER])
    extent = changes.extent(transaction)
    return Figures(
        open_papers=_count(transaction, papers, undecided),
        feed=extent.last - extent.forgotten,
        intakes=_count(transaction, intakes, waiting),
        alarms=_count(transaction, alarms, alarms.c.seen_at.is_(None)),
        audit=audit.length(transaction),
    )


def _count(transaction: Transaction, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(of_community(table, transaction), condition)
    return int(transaction.connection.execute(query).scalar_one())
