"""What takes two accounts: one asks, another agrees within a week, and only then is it done.

Nothing that the register says of a person is shown to the second account. Where a person is meant, it types their
number by itself, from the ticket's file: it agrees to somebody whom it knows, not to a line in a list. Then it reads
what the first account wrote, and agrees to exactly that.
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
Tell = Callable[[Records, ApprovalRow], list[tuple[str, str]]]  # each field that the first account wrote, and what
Body = dict[str, str]


def ask(records: Records, session: Session, matter: Matter, ticket: str, body: Body, check: str = "") -> None:
    """Ask for something; what this account has asked for already waits once. ``check``: what the second account must
    type. AskingUnfitError (many): too much is open."""
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
        own = [each for each in approvals.list_open(transaction, now) if each.asked_by == who]
        if any(_same(each, row) for each in own):
            return
        if len(own) >= MOST_OPEN:
            raise AskingUnfitError("many")
        approvals.add(transaction, row)
        _note(records, transaction, session, row, "approval-asked")


def list_open(records: Records, session: Session) -> list[ApprovalRow]:
    """All that waits for a second account, the oldest first."""
    session.needs(Right.SECOND)
    with records.database.reading() as transaction:
        return approvals.list_open(transaction, records.clock.now())


def still_open(records: Records, session: Session, approval_id: str) -> ApprovalRow:
    """One of them. ApprovalOverError."""
    session.needs(Right.SECOND)
    with records.database.reading() as transaction:
        row = approvals.open_one(transaction, approval_id, records.clock.now())
    if row is None:
        raise ApprovalOverError
    return row


def read(records: Records, session: Session, approval_id: str, typed: str) -> tuple[ApprovalRow, str]:
    """What was asked for, for who types whom it is about; and the proof that this account has read it. The errors of
    ``approve``."""
    session.needs(Right.SECOND)
    row = _right(records, session, approval_id, lambda row: _knows(records, row, typed))
    with records.database.writing() as transaction:
        _note(records, transaction, session, row, "approval-read")
    return row, _proof(records, session, row)


def approve(records: Records, session: Session, approval_id: str, do: dict[Matter, Do], proof: str) -> None:
    """Agree to what was read, and do it in the same transaction. ``proof``: from ``read``. SameAccountError,
    CheckFailedError, ApprovalOverError; MustWaitError: too many wrong numbers; EventUnfitError: it can't be done, and
    stays open."""
    session.needs(Right.SECOND)
    row = _right(
        records,
        session,
        approval_id,
        lambda row: hmac.compare_digest(_proof(records, session, row).encode(), proof.encode()),
    )
    try:
        with records.database.writing() as transaction:
            _decide(records, transaction, session, row, ApprovalState.APPROVED)
            do[row.matter](records, transaction, row, session.officer.officer_id)
            _note(records, transaction, session, row, "approval-given")
    except EventUnfitError:
        with records.database.writing() as transaction:
            _note(records, transaction, session, row, "approval-unfit")
        raise


def refuse(records: Records, session: Session, approval_id: str) -> ApprovalState:
    """Not so: by another account, or taken back by the one that asked; which of them. ApprovalOverError."""
    session.needs(Right.SECOND)
    now = records.clock.now()
    with records.database.writing() as transaction:
        row = approvals.open_one(transaction, approval_id, now)
        if row is None:
            raise ApprovalOverError
        own = row.asked_by == session.officer.officer_id
        state = ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED
        _decide(records, transaction, session, row, state)
        _note(records, transaction, session, row, f"approval-{state}")
    return state


def told(row: ApprovalRow) -> Body:
    """What is to be done."""
    body: Body = json.loads(row.body)
    return body


def _same(one: ApprovalRow, other: ApprovalRow) -> bool:
    whole = [(each.matter, each.ticket, each.body, each.check_hash) for each in (one, other)]
    return whole[0] == whole[1]


def _knows(records: Records, row: ApprovalRow, typed: str) -> bool:
    return not row.check_hash or hmac.compare_digest(row.check_hash, _check_hash(records, typed))


def _proof(records: Records, session: Session, row: ApprovalRow) -> str:
    """Of this account, and of exactly what it was shown."""
    return records.keyed_hash("approval-read", row.approval_id, session.officer.officer_id, row.body)


def _right(
    records: Records, session: Session, approval_id: str, right_for: Callable[[ApprovalRow], bool]
) -> ApprovalRow:
    """What is agreed to, by who typed what it is about: that was no guess, whatever becomes of it then."""
    who = (Scope.APPROVAL, session.officer.officer_id)
    failures.charge(records, who)
    with records.database.writing() as transaction:
        row = _others(records, transaction, session, approval_id)
        right = right_for(row)
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
