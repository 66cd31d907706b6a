"""Signed in at the console: by password and one-time code, for twelve hours at most, and never past a quarter of an
hour without an act of the officer's own.

The waiting page of an officer on duty asks for itself; that keeps the duty, not the right to act. A session left alone
for a quarter of an hour is locked until its officer types a one-time code, and without an open waiting page it is over.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from records.context import Records
from records.rules.roles import Right, may
from records.services import duty, failures, passwords, totp
from records.services.failures import Failing, Scope
from records.services.officers import note
from records.services.refusals import NotYourRightError, SignInRefusedError
from records.store import confirmations, console_sessions, officers
from records.store.console_sessions import SessionRow
from records.store.database import Transaction
from records.store.officers import OfficerRow

IDLE: Final = timedelta(minutes=15)
LONGEST: Final = duty.LONGEST
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed to sign in, and where they sit."""

    account: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class Session:
    """An officer at the console. ``locked``: left alone too long to act without a one-time code."""

    officer: OfficerRow
    row: SessionRow
    locked: bool

    def needs(self, right: Right) -> None:
        """NotYourRightError: the role lacks it."""
        if not may(self.officer.role, right):
            raise NotYourRightError(right.value)


def sign_in(records: Records, attempt: Attempt) -> str:
    """The token of a new session. MustWaitError comes before anything is looked at; a refusal gives no reason."""
    tries = _tries(attempt)
    failures.charge(records, *tries)
    with records.database.reading() as transaction:
        officer = officers.by_id(transaction, attempt.account)
    right_password = passwords.matches(attempt.password, officer.password if officer else _nobodys_password())
    with records.database.writing() as transaction:
        officer = officers.by_id(transaction, attempt.account)
        accepted = (
            officer is not None
            and officer.disabled_at is None
            and right_password
            and _code_accepted(records, transaction, officer, attempt.code)
        )
        if accepted:
            failures.forgive(records, transaction, *tries)
            return _begin(records, transaction, attempt.account)
        note(records, transaction, "sign-in-refused", officer.officer_id if officer else "", address=attempt.address)
    raise SignInRefusedError


def resume(records: Records, token: str, *, by_itself: bool = False) -> Session | None:
    """The session of a token; None: there is none, or it is over. ``by_itself``: the page asked, not the officer."""
    with records.database.reading() as transaction:
        found = _found(records, transaction, token)
    if found is None:
        return None
    now = records.clock.now()
    acted = {} if by_itself or found.locked else {"acted_at": now}
    with records.database.writing() as transaction:
        console_sessions.update(transaction, found.row.session_hash, seen_at=now, **acted)
    return found


def unlock(records: Records, session: Session, code: str) -> None:
    """The officer is back. SignInRefusedError: the code is wrong."""
    who = (Scope.UNLOCK, session.officer.officer_id)
    failures.charge(records, who)
    with records.database.writing() as transaction:
        officer = officers.by_id(transaction, session.officer.officer_id)
        if officer is not None and _code_accepted(records, transaction, officer, code):
            failures.forgive(records, transaction, who)
            console_sessions.update(transaction, session.row.session_hash, acted_at=records.clock.now())
            note(records, transaction, "console-unlocked", session.officer.officer_id)
            return
        note(records, transaction, "console-unlock-refused", session.officer.officer_id)
    raise SignInRefusedError


def begin_duty(records: Records, session: Session) -> None:
    """This officer is on duty at this console. Said again, it changes nothing."""
    session.needs(Right.DUTY)
    if session.row.duty_since is None:
        _set_duty(records, session, "duty-begun", records.clock.now())


def end_duty(records: Records, session: Session) -> None:
    """This officer is on duty here no longer."""
    if session.row.duty_since is not None:
        _set_duty(records, session, "duty-ended", None)


def sign_out(records: Records, session: Session) -> None:
    """End the session, and with it the duty."""
    with records.database.writing() as transaction:
        console_sessions.end(transaction, session.row.session_hash)
        note(records, transaction, "signed-out", session.officer.officer_id)


def renew(records: Records, session: Session) -> str:
    """A new token in place of every session of this officer: a changed password is meant to shut somebody out."""
    with records.database.writing() as transaction:
        console_sessions.end_all_of(transaction, session.officer.officer_id)
        return _begin(records, transaction, session.officer.officer_id)


def _set_duty(records: Records, session: Session, action: str, since: datetime | None) -> None:
    with records.database.writing() as transaction:
        console_sessions.update(transaction, session.row.session_hash, duty_since=since)
        note(records, transaction, action, session.officer.officer_id)


def _tries(attempt: Attempt) -> tuple[Failing, Failing]:
    near = failures.neighbourhood(attempt.address)
    return (Scope.ACCOUNT, f"{attempt.account}\x1f{near}"), (Scope.ADDRESS, near)


@cache
def _nobodys_password() -> str:
    """So that an account that does not exist is refused no sooner than one that does."""
    return passwords.kept(secrets.token_urlsafe())


def _code_accepted(records: Records, transaction: Transaction, officer: OfficerRow, code: str) -> bool:
    """Whether the one-time code is right; if so, it is used up."""
    secret = totp.unseal(records, officer.officer_id, officer.totp_sealed)
    step = totp.accepted_step(secret, code, records.clock.now(), officer.totp_step)
    if step is None:
        return False
    officers.update(transaction, officer.officer_id, totp_step=step)
    return True


def _begin(records: Records, transaction: Transaction, officer_id: str) -> str:
    now = records.clock.now()
    console_sessions.forget_before(transaction, now - LONGEST, now - IDLE)
    confirmations.forget_ended(transaction, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    console_sessions.begin(transaction, SessionRow(_hash(token), officer_id, now, now, now))
    note(records, transaction, "signed-in", officer_id)
    return token


def _found(records: Records, transaction: Transaction, token: str) -> Session | None:
    row = console_sessions.by_hash(transaction, _hash(token))
    officer = officers.by_id(transaction, row.officer_id) if row else None
    if row is None or officer is None or officer.disabled_at is not None:
        return None
    now = records.clock.now()
    idle = now - row.acted_at >= IDLE
    over = now - row.created_at >= LONGEST or (idle and not _waiting(row, now))
    return None if over else Session(officer, row, locked=idle)


def _waiting(row: SessionRow, now: datetime) -> bool:
    """Whether the page of an officer on duty has been open until now."""
    return row.duty_since is not None and now - row.seen_at < duty.SEEN_WITHIN


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
