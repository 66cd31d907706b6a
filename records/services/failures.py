"""Failures at the console, and how long they make the next try wait (``records.rules.slowing``)."""

import ipaddress
from dataclasses import replace
from enum import StrEnum
from typing import Final

from records.context import Records
from records.rules import slowing
from records.rules.slowing import Slowing
from records.services.refusals import MustWaitError
from records.store import console_failures
from records.store.console_failures import FailureRow
from records.store.database import Transaction

_IPV6_HOUSEHOLD = 64  # bits: one subscriber has all that follows


class Scope(StrEnum):
    """What failed."""

    ACCOUNT = "account"  # signing in to one account from one address
    ADDRESS = "address"  # signing in from one address, to whatever account
    UNLOCK = "unlock"  # one officer's one-time code at a session left alone, or a changed password
    VISIT_CODE = "visit-code"  # one officer's visit codes
    APPROVAL = "approval"  # one officer's numbers typed as the second account
    SLIP = "slip"  # one account's numbers of slips that nobody has
    SLIP_OPENED = "slip-opened"  # and those that somebody has: a desk opens some, and does not look through all


RULES: Final[dict[Scope, Slowing]] = {
    Scope.ACCOUNT: slowing.ACCOUNT,
    Scope.ADDRESS: slowing.ADDRESS,
    Scope.UNLOCK: slowing.ACCOUNT,
    Scope.VISIT_CODE: slowing.VISIT_CODE,
    Scope.APPROVAL: slowing.VISIT_CODE,
    Scope.SLIP: slowing.VISIT_CODE,
    Scope.SLIP_OPENED: slowing.SLIPS,
}
Failing = tuple[Scope, str]


def charge(records: Records, *tries: Failing) -> None:
    """Count each of ``tries`` as failed before it is looked at, so that many at once are no way around.

    MustWaitError: one of them failed too often to be tried again already; then nothing is counted.
    """
    now = records.clock.now()
    with records.database.writing() as transaction:
        console_failures.forget_before(transaction, now - slowing.FORGOTTEN_AFTER)
        known = [_known(records, transaction, each) for each in tries]
        wait = max(slowing.wait_s(RULES[Scope(row.scope)], row.failures, row.last_at, now) for row in known)
        if wait:
            raise MustWaitError(wait)
        for row in known:
            console_failures.put(transaction, replace(row, failures=row.failures + 1, last_at=now))


def forgive(records: Records, transaction: Transaction, *tries: Failing) -> None:
    """Each of ``tries`` succeeded."""
    for scope, who in tries:
        console_failures.clear(transaction, scope, _hash(records, who))


def take_back(records: Records, transaction: Transaction, right: Failing) -> None:
    """This one was right; those before it count on: whoever knows one right answer may not guess at others with it."""
    row = _known(records, transaction, right)
    console_failures.put(transaction, replace(row, failures=row.failures - 1))


def neighbourhood(address: str) -> str:
    """The address, or of an IPv6 address the network it can change within."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, _IPV6_HOUSEHOLD), strict=False)) if found.version == 6 else address  # noqa: PLR2004


def _known(records: Records, transaction: Transaction, failing: Failing) -> FailureRow:
    scope, who = failing
    hashed = _hash(records, who)
    return console_failures.of(transaction, scope, hashed) or FailureRow(scope, hashed, 0, records.clock.now())


def _hash(records: Records, who: str) -> str:
    return records.keyed_hash("console-failure", who)
