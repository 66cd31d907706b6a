"""Questions for passes that two accounts agreed on, and the sealed answers of gates: both for a week."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.gates import pass_answers, pass_asks


@dataclass(frozen=True, slots=True, repr=False)
class AskRow:
    """A question. ``key``: base64 of the public half that answers are sealed to; ``key_sealed``: the private half."""

    ask_id: str
    person_id: str
    holder: str
    since: datetime
    until: datetime
    purpose: str
    ticket: str
    asked_by: str
    approved_by: str
    approved_at: datetime
    key: str
    key_sealed: str
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class AnswerRow:
    """What one gate is asked, and answered: base64 of a seal."""

    ask_id: str
    device_id: str
    asked_at: datetime
    answered_at: datetime | None = None
    sealed: str = ""


def add(transaction: Transaction, row: AskRow, device_ids: list[str]) -> None:
    """Ask these gates."""
    add_row(transaction, pass_asks, row)
    for device_id in device_ids:
        add_row(transaction, pass_answers, AnswerRow(row.ask_id, device_id, row.approved_at))


def by_id(transaction: Transaction, ask_id: str) -> AskRow | None:
    """The question of that id."""
    mine = (of_community(pass_asks, transaction), pass_asks.c.ask_id == ask_id)
    return as_record(AskRow, transaction.connection.execute(columns(pass_asks, AskRow).where(*mine)).first())


def asked_by(transaction: Transaction, officer_id: str) -> list[AskRow]:
    """An account's, the newest first."""
    mine = (of_community(pass_asks, transaction), pass_asks.c.asked_by == officer_id)
    query = columns(pass_asks, AskRow).where(*mine).order_by(pass_asks.c.approved_at.desc(), pass_asks.c.ask_id)
    return [AskRow(*row) for row in transaction.connection.execute(query)]


def unanswered_by(transaction: Transaction, device_id: str) -> list[AskRow]:
    """What a gate is asked and has not answered, the oldest first."""
    waiting = (
        pass_answers.c.community_id == pass_asks.c.community_id,
        pass_answers.c.ask_id == pass_asks.c.ask_id,
        pass_answers.c.device_id == device_id,
        pass_answers.c.answered_at.is_(None),
    )
    mine = (of_community(pass_asks, transaction), pass_asks.c.opened_at.is_(None))
    query = columns(pass_asks, AskRow).where(*mine, sa.exists().where(*waiting))
    ordered = query.order_by(pass_asks.c.approved_at, pass_asks.c.ask_id)
    return [AskRow(*row) for row in transaction.connection.execute(ordered)]


def answers(transaction: Transaction, ask_id: str) -> list[AnswerRow]:
    """What its gates said, and which have not yet."""
    mine = (of_community(pass_answers, transaction), pass_answers.c.ask_id == ask_id)
    query = columns(pass_answers, AnswerRow).where(*mine).order_by(pass_answers.c.device_id)
    return [AnswerRow(*row) for row in transaction.connection.execute(query)]


def answer(transaction: Transaction, ask_id: str, device_id: str, sealed: str, at: datetime) -> bool:
    """Keep a gate's answer. False: it was not asked that, or has answered."""
    mine = (
        of_community(pass_answers, transaction),
        pass_answers.c.ask_id == ask_id,
        pass_answers.c.device_id == device_id,
        pass_answers.c.answered_at.is_(None),
    )
    values = {"sealed": sealed, "answered_at": at}
    return bool(transaction.connection.execute(sa.update(pass_answers).where(*mine).values(**values)).rowcount)


def open_once(transaction: Transaction, ask_id: str, at: datetime) -> bool:
    """Nobody reads the answers from now on: they and the key that opens them are gone. False: they were before."""
    mine = (of_community(pass_asks, transaction), pass_asks.c.ask_id == ask_id, pass_asks.c.opened_at.is_(None))
    opened = sa.update(pass_asks).where(*mine).values(opened_at=at, key_sealed="")
    if not transaction.connection.execute(opened).rowcount:
        return False
    theirs = (of_community(pass_answers, transaction), pass_answers.c.ask_id == ask_id)
    transaction.connection.execute(sa.update(pass_answers).where(*theirs).values(sealed=""))
    return True
