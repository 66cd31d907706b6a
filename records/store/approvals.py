"""What one account asked for and another must agree to: open for a week, decided once."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.persons import approvals


class Matter(StrEnum):
    """What may be asked for."""

    HIDE = "hide"  # a person, from everybody
    UNHIDE = "unhide"
    DEATH = "death"  # and the other events in somebody's life: records.rules.life_effects.EventKind
    NAME_CHANGE = "name-change"
    NUMBER_CHANGE = "number-change"
    MOVE_IN = "move-in"
    MOVE_OUT = "move-out"
    GUARDIAN_GIVEN = "guardian-given"
    GUARDIAN_ENDED = "guardian-ended"
    GUARDIAN_DISPUTED = "guardian-disputed"
    LIFE_TAKEN_BACK = "life-taken-back"  # the last of them
    PASSES = "passes"  # of one person, from the gates


class ApprovalState(StrEnum):
    """How far it is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by who asked, or with their account


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """``body``: what is to be done, as JSON; empty once decided or over. ``check_hash``: keyed hash of what the second
    account must type by itself, empty: nothing."""

    approval_id: str
    matter: Matter
    ticket: str
    body: str = field(repr=False)
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    check_hash: str = field(default="", repr=False)
    state: ApprovalState = ApprovalState.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None


def add(transaction: Transaction, row: ApprovalRow) -> None:
    """Remember what was asked for."""
    add_row(transaction, approvals, row)


def open_one(transaction: Transaction, approval_id: str, now: datetime) -> ApprovalRow | None:
    """What is still to be decided, under that handle."""
    found = _some(transaction, approvals.c.approval_id == approval_id, *_open(now))
    return found[0] if found else None


def list_open(transaction: Transaction, now: datetime) -> list[ApprovalRow]:
    """All that is to be decided, the oldest first."""
    return _some(transaction, *_open(now))


def decide(transaction: Transaction, row: ApprovalRow, state: ApprovalState, by: str, at: datetime) -> bool:
    """Close it, and forget what it would have done. False: somebody else was first."""
    mine = (of_community(approvals, transaction), approvals.c.approval_id == row.approval_id)
    still = approvals.c.state == ApprovalState.OPEN
    values = {"state": state, "decided_by": by, "decided_at": at, "body": "", "check_hash": ""}
    return bool(transaction.connection.execute(sa.update(approvals).where(*mine, still).values(**values)).rowcount)


def withdraw_all_of(transaction: Transaction, asked_by: str, at: datetime) -> int:
    """Close all that an account asked for; how many there were."""
    theirs = (of_community(approvals, transaction), approvals.c.asked_by == asked_by)
    values = {"state": ApprovalState.WITHDRAWN, "decided_at": at, "body": "", "check_hash": ""}
    return transaction.connection.execute(sa.update(approvals).where(*theirs, *_open(at)).values(**values)).rowcount


def forget_over(transaction: Transaction, now: datetime) -> None:
    """Nobody agreed in time: forget what it would have done, and to whom."""
    over = (approvals.c.state == ApprovalState.OPEN, approvals.c.expires_at <= now, approvals.c.body != "")
    mine = sa.update(approvals).where(of_community(approvals, transaction), *over)
    transaction.connection.execute(mine.values(body="", check_hash=""))


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return approvals.c.state == ApprovalState.OPEN, approvals.c.expires_at > now


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[ApprovalRow]:
    query = columns(approvals, ApprovalRow).where(of_community(approvals, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(approvals.c.asked_at, approvals.c.approval_id))
    return [_approval(row) for row in rows]


def _approval(row: sa.Row[Any]) -> ApprovalRow:
    values = row._asdict()
    return ApprovalRow(**{**values, "matter": Matter(values["matter"]), "state": ApprovalState(values["state"])})
