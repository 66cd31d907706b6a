"""Texts on their way. Number and code stand sealed in a row until it is sent or never will be, and then not at all."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from records.messages.texts import TextKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.contacts import texts


class TextState(StrEnum):
    """How far a text is."""

    QUEUED = "queued"
    SENT = "sent"  # the gateway has taken it
    FAILED = "failed"  # it never will


@dataclass(frozen=True, slots=True, repr=False)
class TextRow:
    """A text. ``text_id``: what the gateway knows it by; ``next_at``: when it is tried next."""

    text_id: str
    person_id: str
    kind: TextKind
    language: str
    sealed: str
    created_at: datetime
    next_at: datetime
    device_id: str = ""
    number_hash: str = ""
    state: TextState = TextState.QUEUED
    tries: int = 0
    accepted_id: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many codes a person, a kiosk and a number had since some instant. Those that failed do not count."""

    person: int
    device: int
    number: int


def add(transaction: Transaction, row: TextRow) -> None:
    """Queue a text."""
    add_row(transaction, texts, row)


def find(transaction: Transaction, text_id: str) -> TextRow | None:
    """A text."""
    mine = (of_community(texts, transaction), texts.c.text_id == text_id)
    return as_record(TextRow, transaction.connection.execute(columns(texts, TextRow).where(*mine)).first())


def any_due(transaction: Transaction, now: datetime) -> bool:
    """Whether a queued text's turn has come."""
    due = (of_community(texts, transaction), texts.c.state == TextState.QUEUED.value, texts.c.next_at <= now)
    return transaction.connection.execute(sa.select(texts.c.text_id).where(*due).limit(1)).first() is not None


def take_due(transaction: Transaction, now: datetime, until: datetime) -> TextRow | None:
    """The queued text whose turn it is, held until ``until``: nobody else takes it before."""
    due = (of_community(texts, transaction), texts.c.state == TextState.QUEUED.value, texts.c.next_at <= now)
    query = columns(texts, TextRow).where(*due).order_by(texts.c.next_at, texts.c.text_id).limit(1)
    row = as_record(TextRow, transaction.connection.execute(query).first())
    if row is None:
        return None
    held = sa.update(texts).where(*due, texts.c.text_id == row.text_id).values(next_at=until, tries=row.tries + 1)
    return row if transaction.connection.execute(held).rowcount else None


def sent(transaction: Transaction, text_id: str, accepted_id: str) -> None:
    """The gateway has it: number and code go."""
    _end(transaction, texts.c.text_id == text_id, state=TextState.SENT.value, accepted_id=accepted_id)


def failed(transaction: Transaction, text_id: str) -> None:
    """It never leaves: number and code go."""
    _end(transaction, texts.c.text_id == text_id, state=TextState.FAILED.value)


def later(transaction: Transaction, text_id: str, next_at: datetime) -> None:
    """Try it again then."""
    mine = (of_community(texts, transaction), texts.c.text_id == text_id)
    transaction.connection.execute(sa.update(texts).where(*mine).values(next_at=next_at))


def call_back(transaction: Transaction, person_id: str) -> None:
    """The number counts no more: hints that have not left never do."""
    _end(
        transaction,
        texts.c.person_id == person_id,
        texts.c.kind == TextKind.HINT.value,
        texts.c.state == TextState.QUEUED.value,
        state=TextState.FAILED.value,
    )


def codes_since(transaction: Transaction, row: TextRow, since: datetime) -> Sent:
    """How many codes those of ``row`` had."""
    codes = (
        of_community(texts, transaction),
        texts.c.kind == TextKind.CODE.value,
        texts.c.state != TextState.FAILED.value,
        texts.c.created_at >= since,
    )

    def count(mine: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(texts).where(*codes, mine)
        return transaction.connection.execute(query).scalar_one()

    return Sent(
        count(texts.c.person_id == row.person_id),
        count(texts.c.device_id == row.device_id),
        count(texts.c.number_hash == row.number_hash),
    )


def _end(transaction: Transaction, *which: sa.ColumnElement[bool], **values: str) -> None:
    ending = sa.update(texts).where(of_community(texts, transaction), *which)
    transaction.connection.execute(ending.values(sealed="", **values))
