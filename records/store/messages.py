"""What there is to tell a resident, until it is half a year old."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from backend_client.contract.messages import MessageKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import of_community
from records.store.tables.contacts import messages


@dataclass(frozen=True, slots=True, repr=False)
class MessageRow:
    """One thing to tell. ``ref``: a serial or an intake's number; ``state``: what became of it, a code."""

    person_id: str
    kind: MessageKind
    at: datetime
    ref: str = ""
    state: str = ""


def add(transaction: Transaction, row: MessageRow) -> None:
    """Keep it for its person."""
    identified = _Identified(uuid4().hex, row.person_id, row.kind.value, row.at, row.ref, row.state)
    add_row(transaction, messages, identified)


def newest(transaction: Transaction, person_id: str, most: int) -> list[MessageRow]:
    """A person's, the newest first."""
    columns = (messages.c.person_id, messages.c.kind, messages.c.at, messages.c.ref, messages.c.state)
    mine = (of_community(messages, transaction), messages.c.person_id == person_id)
    order = (messages.c.at.desc(), messages.c.message_id)
    rows = transaction.connection.execute(sa.select(*columns).where(*mine).order_by(*order).limit(most))
    return [MessageRow(row.person_id, MessageKind(row.kind), row.at, row.ref, row.state) for row in rows]


@dataclass(frozen=True, slots=True, repr=False)
class _Identified:
    message_id: str
    person_id: str
    kind: str
    at: datetime
    ref: str
    state: str
