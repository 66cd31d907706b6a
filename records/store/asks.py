"""What waits for somebody's own answer: one row for each who is asked."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from backend_client.contract.tenancies import AskKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.tenancies import asks


class Answer(StrEnum):
    """How it was answered."""

    NONE = ""  # it waits
    YES = "yes"
    NO = "no"
    SILENCE = "silence"
    MOOT = "moot"  # another's answer, or an officer, has decided


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask. ``asked_by``: who handed in what it is about; ``goes_on``: whether no answer counts as a yes; ``day``: on
    which a tenancy is to end."""

    ask_id: str
    kind: AskKind
    asked_of: str
    asked_by: str
    tenancy_id: str
    right_id: str
    intake_id: str
    at: datetime
    until: datetime
    goes_on: bool
    day: date | None = None
    answer: Answer = Answer.NONE
    answered_at: datetime | None = None


def add(transaction: Transaction, row: AskRow) -> None:
    """Ask somebody."""
    add_row(transaction, asks, row)


def find(transaction: Transaction, ask_id: str) -> AskRow | None:
    """The ask of an id."""
    found = _some(transaction, asks.c.ask_id == ask_id)
    return found[0] if found else None


def open_of_person(transaction: Transaction, person_id: str) -> tuple[AskRow, ...]:
    """What waits for a person's answer."""
    return _some(transaction, asks.c.asked_of == person_id, asks.c.answer == Answer.NONE.value)


def of_tenancy(transaction: Transaction, tenancy_id: str) -> tuple[AskRow, ...]:
    """All that were asked about a tenancy, the oldest first."""
    return _some(transaction, asks.c.tenancy_id == tenancy_id)


def of_intake(transaction: Transaction, intake_id: str) -> tuple[AskRow, ...]:
    """All that one intake has asked."""
    return _some(transaction, asks.c.intake_id == intake_id)


def silent(transaction: Transaction, now: datetime, most: int) -> tuple[AskRow, ...]:
    """Those whose time is over without an answer."""
    return _some(transaction, asks.c.answer == Answer.NONE.value, asks.c.until <= now, most=most)


def answer(transaction: Transaction, ask_id: str, said: Answer, now: datetime) -> bool:
    """Answer it, once. False: it was answered before."""
    mine = (of_community(asks, transaction), asks.c.ask_id == ask_id, asks.c.answer == Answer.NONE.value)
    changing = sa.update(asks).where(*mine).values(answer=said.value, answered_at=now)
    return bool(transaction.connection.execute(changing).rowcount)


def open_again(transaction: Transaction, ask_id: str) -> None:
    """It was closed by mistake."""
    mine = (of_community(asks, transaction), asks.c.ask_id == ask_id, asks.c.answer == Answer.MOOT.value)
    transaction.connection.execute(sa.update(asks).where(*mine).values(answer=Answer.NONE.value, answered_at=None))


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool], most: int | None = None) -> tuple[AskRow, ...]:
    query = columns(asks, AskRow).where(of_community(asks, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(asks.c.at, asks.c.ask_id).limit(most))
    return tuple(AskRow(**{**row._asdict(), "kind": AskKind(row.kind), "answer": Answer(row.answer)}) for row in rows)
