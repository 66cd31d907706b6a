"""A landlord who does not come to a kiosk answers by a code, on the public page: ten characters, sent to the contact
that records had before, and nowhere else. What somebody types into a contract is never asked.

The text says that something waits, not what. The page says which flat and which days, never of whom.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.tenancies import AskKind
from records.context import Records
from records.errors import RefusedError
from records.rules.slowing import Slowing, wait_s
from records.services.tenancies import answering
from records.services.tenancies.code_sending import hashed, make
from records.services.tenancies.work import begun
from records.store import asks, console_failures, dwellings, ownerships, tenancies
from records.store import landlord_codes as stored
from records.store.asks import Answer, AskRow
from records.store.console_failures import FailureRow
from records.store.database import Transaction

__all__ = ["About", "answer", "look", "make"]

_SLOWED: Final = Slowing(free=10, longest=60)
_SCOPE: Final = "landlord-code"
_FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class About:
    """What a code is about: the flat and the days, and no name. ``until``: up to when an answer is waited for;
    ``goes_on``: what no answer does then."""

    kind: AskKind
    address: str
    starts_on: date
    ends_on: date
    until: datetime
    goes_on: bool


def look(records: Records, code: str, source: str) -> About:
    """What a code is about. ``source``: who asks, as the page knows them (an address). Refused: not-found, whatever the
    reason; too-many-requests, for some seconds."""
    _slow(records, source)
    with records.database.reading() as transaction:
        found = _found(records, transaction, code)
        about = _about(transaction, found) if found else None
    if about is None:
        _count_wrong(records, source)
        raise RefusedError(ProblemCode.NOT_FOUND)
    return about


def answer(records: Records, code: str, source: str, *, yes: bool) -> None:
    """The landlord's answer, once: the code counts no more. Refused: as ``look``."""
    _slow(records, source)
    with records.database.writing() as transaction:
        found = _found(records, transaction, code)
        said = Answer.YES if yes else Answer.NO
        known = found is not None and _about(transaction, found) is not None
        done = found is not None and known and answering.given(begun(records, transaction), found, said)
        if found is not None and done:
            stored.forget(transaction, found.ask_id)
    if not done:
        _count_wrong(records, source)
        raise RefusedError(ProblemCode.NOT_FOUND)


def _found(records: Records, transaction: Transaction, code: str) -> AskRow | None:
    row = stored.find(transaction, hashed(records, code))
    if row is None or row.expires_at <= records.clock.now():
        return None
    found = asks.find(transaction, row.ask_id)
    return found if found is not None and found.answer is Answer.NONE else None


def _about(transaction: Transaction, row: AskRow) -> About | None:
    """None: the flat is not theirs any more."""
    contract = tenancies.find(transaction, row.tenancy_id)
    flat = dwellings.by_id(transaction, contract.dwelling_id) if contract else None
    if contract is None or flat is None or row.asked_of not in ownerships.owners(transaction, flat.dwelling_id):
        return None
    return About(row.kind, flat.address, contract.starts_on, contract.ends_on, row.until, row.goes_on)


def _slow(records: Records, source: str) -> None:
    """Refused: too-many-requests, while wrong codes slow this source down."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        found = console_failures.of(transaction, _SCOPE, _source(records, source))
    if found and (seconds := wait_s(_SLOWED, found.failures, found.last_at, now)):
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=seconds)


def _count_wrong(records: Records, source: str) -> None:
    now, who = records.clock.now(), _source(records, source)
    with records.database.writing() as transaction:
        found = console_failures.of(transaction, _SCOPE, who)
        failures = found.failures if found and found.last_at > now - _FORGOTTEN_AFTER else 0
        console_failures.put(transaction, FailureRow(_SCOPE, who, failures + 1, now))


def _source(records: Records, source: str) -> str:
    return records.keyed_hash("landlord-page", source)
