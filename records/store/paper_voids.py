"""Which of the listed reasons an officer gave who voided a paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.rules.paper_voids import VoidBasis
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.issuing import paper_voids


@dataclass(frozen=True, slots=True)
class VoidRow:
    """By whom, when and why."""

    serial: str
    basis: VoidBasis
    officer_id: str
    at: datetime


def add(transaction: Transaction, row: VoidRow) -> None:
    """Remember why."""
    add_row(transaction, paper_voids, row)


def find(transaction: Transaction, serial: str) -> VoidRow | None:
    """Why; None: no officer voided it at the console."""
    mine = (of_community(paper_voids, transaction), paper_voids.c.serial == serial)
    found: sa.Row[Any] | None = transaction.connection.execute(columns(paper_voids, VoidRow).where(*mine)).first()
    return None if found is None else VoidRow(**{**found._asdict(), "basis": VoidBasis(found.basis)})
