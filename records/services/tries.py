"""Guessing at typed numbers: slowed, never locked, reported, and told to whose number it is.

A try is a portrait that was given for a typed number without the identity being proven in that visit. Numbers that
nobody has are counted, slowed and reported like any other. Cards and officers are never slowed.
"""

import math
from datetime import timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.messages import MessageKind
from backend_client.contract.persons import FailedTries
from records.context import Records
from records.errors import RefusedError
from records.rules.periods import bureau_time, start_of_day
from records.rules.tries import Pace, left
from records.services import messages, visit
from records.store import alerts, audit, tries
from records.store.alerts import AlertKind, Raise
from records.store.database import Transaction
from records.store.tries import TryRow
from records.store.visits import VisitRow


def require_patience(records: Records, transaction: Transaction, row: VisitRow) -> None:
    """Refuse (too-many-requests, with the seconds left) while the wait after the last try here lasts."""
    guessing, now = records.settings.guessing, records.clock.now()
    day, first = start_of_day(now), timedelta(seconds=guessing.first_wait)
    number = tries.of_number(transaction, row.claim_hash, day)
    number_here = tries.of_number_here(transaction, row.claim_hash, row.device_id, day)
    device = tries.of_device(transaction, row.device_id, day)
    number_pace = Pace(guessing.free_tries, first, timedelta(seconds=guessing.number_cap))
    device_pace = Pace(guessing.free_tries, first, timedelta(seconds=guessing.kiosk_cap))
    wait = max(
        left(number_pace, number.count, number_here.last_at, now),
        left(device_pace, device.count, device.last_at, now),
    )
    if wait:
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=math.ceil(wait.total_seconds()))


def count(records: Records, transaction: Transaction, row: VisitRow) -> None:
    """A portrait goes out for a typed number: a try, until this visit proves the identity."""
    require_patience(records, transaction, row)
    now = records.clock.now()
    tries.add(transaction, TryRow(row.subject_hash, row.claim_hash, row.device_id, row.visit, now))
    _report(records, transaction, row)


def tell(records: Records, transaction: Transaction, row: VisitRow) -> None:
    """The owner, whose identity this visit has just proven, hears of others' tries: once, in this visit."""
    tries.take_back(transaction, row.device_id, row.visit, row.claim_hash)
    tries.tell(transaction, row.claim_hash, row.subject_hash)
    if found := told(transaction, row):
        audit.append(transaction, visit.deed(records, row, "tries-told", count=found.count))
        # its owner stands here and hears it now: no text is needed, and who tried it must not see that anybody is told
        kind = MessageKind.NUMBER_GUESSED
        messages.append(records, transaction, row.person_id, kind, state=str(found.count))


def told(transaction: Transaction, row: VisitRow) -> FailedTries | None:
    """What is told in this visit, again when an answer was lost."""
    tally = tries.told(transaction, row.subject_hash)
    return None if tally.last_at is None else FailedTries(count=tally.count, last_at=tally.last_at)


def forget_old(records: Records, transaction: Transaction) -> None:
    """Delete tries and alerts whose time is over."""
    guessing, now = records.settings.guessing, records.clock.now()
    tries.forget(transaction, now - timedelta(days=guessing.kept_days))
    alerts.forget(transaction, bureau_time(now).date() - timedelta(days=guessing.alerts_kept_days))


def _report(records: Records, transaction: Transaction, row: VisitRow) -> None:
    guessing, now = records.settings.guessing, records.clock.now()
    day, since = bureau_time(now).date(), start_of_day(now)
    of_number = tries.of_number(transaction, row.claim_hash, since).count
    of_device = tries.of_device(transaction, row.device_id, since).count
    if of_number >= guessing.alert_after:
        what = Raise(AlertKind.NUMBER_GUESSING, day, of_number, now, number_hash=row.claim_hash)
        _alert(records, transaction, row, what)
    if of_device >= guessing.alert_after:
        _alert(
            records, transaction, row, Raise(AlertKind.NUMBER_GUESSING, day, of_device, now, device_id=row.device_id)
        )


def _alert(records: Records, transaction: Transaction, row: VisitRow, what: Raise) -> None:
    if alerts.note(transaction, what):
        about = "device" if what.device_id else "number"
        audit.append(transaction, visit.deed(records, row, "alert-raised", about=about, count=what.count))
