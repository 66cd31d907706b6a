"""What takes two accounts: one asks, another agrees within a week, and only then is it done.

Nothing of a person is shown to the second account. Where a person is meant, it types their number by itself, from the
ticket's file: it agrees to somebody whom it knows, not to a line in a list.
"""

import hmac
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from records.context import Records
from records.rules.roles import Right
from records.services import failures
from records.services.failures import Scope
from records.services.officers import note
from records.services.refusals import (
    ApprovalOverError,
    AskingUnfitError,
    CheckFailedError,
    EventUnfitError,
    SameAccountError,
)
from records.services.sessions import Session
from records.store import approvals, officers
from records.store.approvals import ApprovalRow, ApprovalState, Matter
from records.store.database import Transaction

OPEN_FOR: Final = timedelta(days=7)
MOST_OPEN: Final = 20  # of one account
_ID_BYTES = 16

Do = Callable[[Records, Transaction, ApprovalRow, str], None]  # what is done: by whom it was agreed to
Body = dict[str, str]


def ask(records: Records, session: Session, matter: Matter, ticket: str, body: Body, check: str = "") -> None:
    """Ask for something. ``check``: what the second account must type. AskingUnfitError (many): too much is open."""
    now, who = records.clock.now(), session.officer.officer_id
    row = ApprovalRow(
        approval_id=secrets.token_hex(_ID_BYTES),
        matter=matter,
        ticket=ticket,
        body=json.dumps(body, sort_keys=True),
        asked_by=who,
        asked_at=now,
        expires_at=now + OPEN_FOR,
        check_hash=_check_hash(records, check) if check else "",
    )
    with records.database.writing() as transaction:
        if sum(each.asked_by == who for each in approvals.list_open(transaction, now)) >= MOST_OPEN:
            raise AskingUnfitError("many")
        approvals.add(transaction, row)
        _note(records, transaction, session, row, "approval-asked")


def list_open(records: Records, session: Session) -> list[ApprovalRow]:
    """All that waits for a second account, the oldest first."""
    session.needs(Right.SECOND)
    with records.database.reading() as transaction:
        return approvals.list_open(transaction, records.clock.now())


def approve(records: Records, session: Session, approval_id: str, do: dict[Matter, Do], typed: str = "") -> None:
    """Agree, and do it in the same transaction. SameAccountError, CheckFailedError, ApprovalOverError; MustWaitError:
    too many wrong numbers; EventUnfitError: it can't be done, and stays open."""
    session.needs(Right.SECOND)
    row = _typed_right(records, session, approval_id, typed)
    try:
        with records.database.writing() as transaction:
            _decide(records, transaction, session, row, ApprovalState.APPROVED)
            do[row.matter](records, transaction, row, session.officer.officer_id)
            _note(records, transaction, session, row, "approval-given")
    except EventUnfitError:
        with records.database.writing() as transaction:
            _note(records, transaction, session, row, "approval-unfit")
        raise


def refuse(records: Records, session: Session, approval_id: str) -> None:
    """Not so: by another account, or taken back by the one that asked. ApprovalOverError."""
    session.needs(Right.SECOND)
    now = records.clock.now()
    with records.database.writing() as transaction:
        row = approvals.open_one(transaction, approval_id, now)
        if row is None:
            raise ApprovalOverError
        own = row.asked_by == session.officer.officer_id
        _decide(records, transaction, session, row, ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED)
        _note(records, transaction, session, row, "approval-withdrawn" if own else "approval-refused")


def told(row: ApprovalRow) -> Body:
    """What is to be done."""
    body: Body = json.loads(row.body)
    return body


def _typed_right(records: Records, session: Session, approval_id: str, typed: str) -> ApprovalRow:
    """What is agreed to, by who typed what it is about: that was no guess, whatever becomes of it then."""
    who = (Scope.APPROVAL, session.officer.officer_id)
    failures.charge(records, who)
    with records.database.writing() as transaction:
        row = _others(records, transaction, session, approval_id)
        right = not row.check_hash or hmac.compare_digest(row.check_hash, _check_hash(records, typed))
        if right:
            failures.take_back(records, transaction, who)
        else:
            _note(records, transaction, session, row, "approval-check-failed")
    if not right:
        raise CheckFailedError
    return row


def _others(records: Records, transaction: Transaction, session: Session, approval_id: str) -> ApprovalRow:
    """What is still open, asked for by another account that is in use: who was put out has no vote."""
    row = approvals.open_one(transaction, approval_id, records.clock.now())
    if row is None or not officers.in_use(transaction, row.asked_by):
        raise ApprovalOverError
    if row.asked_by == session.officer.officer_id:
        raise SameAccountError
    return row


def _decide(
    records: Records, transaction: Transaction, session: Session, row: ApprovalRow, state: ApprovalState
) -> None:
    if not approvals.decide(transaction, row, state, session.officer.officer_id, records.clock.now()):
        raise ApprovalOverError


def _check_hash(records: Records, text: str) -> str:
    return records.keyed_hash("approval", "".join(text.split()).upper())


def _note(records: Records, transaction: Transaction, session: Session, row: ApprovalRow, action: str) -> None:
    facts = {"matter": row.matter.value, "ticket": row.ticket, "asked_by": row.asked_by}
    note(records, transaction, action, session.officer.officer_id, **facts)
