"""Officers' accounts: made and taken away by an administrator's command, opened by password and one-time code.

What a command prints, it prints once: records keep a hash of the password, and the secret sealed.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from records.context import Records
from records.errors import UnknownNameError
from records.rules.roles import Role
from records.services import failures, passwords, totp
from records.services.failures import Scope
from records.services.refusals import PasswordUnfitError
from records.store import approvals, audit, console_sessions, officers, policy_drafts
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.officers import OfficerRow

NAME_FORM: Final = r"[a-z0-9][a-z0-9._-]{1,31}"
_LONGEST_DISPLAY_NAME = 50


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is told once. An empty password: the old one stays."""

    password: str = field(repr=False)
    otp_uri: str = field(repr=False)


def add(records: Records, officer_id: str, role: Role, display_name: str = "") -> Secrets:
    """Make an account. UnknownNameError: the name is taken, or can't be one."""
    if not re.fullmatch(NAME_FORM, officer_id) or len(display_name) > _LONGEST_DISPLAY_NAME:
        raise UnknownNameError("a name has 2 to 32 of a-z, 0-9, '.', '_', '-'; what is displayed has up to 50")
    password, secret = passwords.new_initial(), totp.new_secret()
    row = OfficerRow(
        officer_id=officer_id,
        display_name=display_name or officer_id,
        role=role,
        password=passwords.kept(password),
        password_is_initial=True,
        totp_sealed=totp.seal(records, officer_id, secret),
        totp_step=0,
        created_at=records.clock.now(),
    )
    with records.database.writing() as transaction:
        if officers.by_id(transaction, officer_id) is not None:
            raise UnknownNameError(f"there is an account of the name {officer_id} already, or there was")
        officers.add(transaction, row)
        note(records, transaction, "officer-added", officer_id, role=role.value)
    return Secrets(password, totp.uri(secret, officer_id))


def reset_totp(records: Records, officer_id: str, *, password_too: bool = False) -> Secrets:
    """A new secret, for a lost phone; with ``password_too`` a new initial password. Ends every session."""
    password, secret = passwords.new_initial() if password_too else "", totp.new_secret()
    values = {"password": passwords.kept(password), "password_is_initial": True} if password else {}
    with records.database.writing() as transaction:
        _existing(transaction, officer_id)
        sealed = totp.seal(records, officer_id, secret)
        officers.update(transaction, officer_id, totp_sealed=sealed, totp_step=0, **values)
        console_sessions.end_all_of(transaction, officer_id)
        note(records, transaction, "officer-totp-reset", officer_id, password_too=password_too)
    return Secrets(password, totp.uri(secret, officer_id))


def disable(records: Records, officer_id: str) -> None:
    """Refuse the account from now on, end its sessions, and take back what it wants others to agree to."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        _existing(transaction, officer_id)
        officers.update(transaction, officer_id, disabled_at=now)
        console_sessions.end_all_of(transaction, officer_id)
        withdrawn = approvals.withdraw_all_of(transaction, officer_id, now)
        withdrawn += policy_drafts.withdraw_all_of(transaction, officer_id, now)
        note(records, transaction, "officer-disabled", officer_id, withdrawn=withdrawn)


def every(records: Records) -> list[OfficerRow]:
    """All accounts."""
    with records.database.reading() as transaction:
        return officers.every(transaction)


def change_password(records: Records, officer: OfficerRow, old: str, new: str, again: str) -> None:
    """The officer's own new password. PasswordUnfitError says why not."""
    if unfit := _unfit(officer, old, new, again):
        raise PasswordUnfitError(unfit)
    who = (Scope.UNLOCK, officer.officer_id)
    failures.charge(records, who)  # an unfit new one is no guess at the old one
    if not passwords.matches(old, officer.password):
        raise PasswordUnfitError("wrong")
    kept = passwords.kept(new)
    with records.database.writing() as transaction:
        failures.forgive(records, transaction, who)
        officers.update(transaction, officer.officer_id, password=kept, password_is_initial=False)
        note(records, transaction, "password-changed", officer.officer_id)


def _unfit(officer: OfficerRow, old: str, new: str, again: str) -> str:
    if new != again:
        return "differs"
    return passwords.refusal(new, officer.officer_id, officer.display_name) or ("same" if new == old else "")


def note(records: Records, transaction: Transaction, action: str, officer_id: str, **facts: str | float | bool) -> None:
    """Audit what was done by an officer, or to an account."""
    told = {"officer": officer_id, **facts}
    audit.append(transaction, Deed(records.clock.now(), action, facts=tuple(told.items())))


def _existing(transaction: Transaction, officer_id: str) -> OfficerRow:
    row = officers.by_id(transaction, officer_id)
    if row is None or row.disabled_at is not None:
        raise UnknownNameError(f"no account in use is called {officer_id}")
    return row
