"""What must change once an earlier state was put back, in one transaction: others have gone on meanwhile.

- The feed of changes begins anew: a device that is ahead of it gets cursor-expired and reads a snapshot.
- Serials, device numbers and alerts jump ahead: what was given after the backup is on paper, and is not given again.
- The policy's version rises above any that devices may hold: they refuse a lower one.
- Whoever was signed in at the console, is not.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from records.context import Records
from records.rules.periods import bureau_time
from records.services import policy
from records.store import audit, changes, counters, devices, policies
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.console import console_sessions

# left out at once, and for each day that is gone: more than can be given. What grows with the time sets two restores of
# one backup apart: the second leaves out what the first one's service gave
_PAPERS = 1000, 2880
_DEVICES = 100, 1000
_ALERTS = 1000, 10_000
_VERSIONS = 1000, 1440
_LAST_SEQUENCE: Final = 999_999


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was changed. ``serials``: how many of each kiosk are left out; ``policy``: the version in force now."""

    serials: int
    policy: int


def follow_up(records: Records, since: datetime, backup_id: str = "") -> Aftermath:
    """Do it once, before anybody is served. ``since``: the instant that was gone back to."""
    now = records.clock.now()
    gone = now - since
    margin = left_out(gone, _PAPERS)
    with records.database.writing() as transaction:
        _jump(transaction, "device", left_out(gone, _DEVICES))
        _jump(transaction, "alert", left_out(gone, _ALERTS))
        for number in sorted({each.number for each in devices.every(transaction)}):
            for year in range(bureau_time(since).year - 1, bureau_time(now).year + 1):
                _jump(transaction, f"paper-{year}-{number}", margin, _LAST_SEQUENCE)
        changes.begin_anew(transaction)
        ended = of_community(console_sessions, transaction)
        transaction.connection.execute(sa.delete(console_sessions).where(ended))
        version = _raise_policy(records, transaction, now, left_out(gone, _VERSIONS))
        facts = (("backup", backup_id), ("since", since.isoformat()), ("serials", margin), ("policy", version))
        audit.append(transaction, Deed(now, "restored", facts=facts))
    return Aftermath(margin, version)


def left_out(gone: timedelta, rate: tuple[int, int]) -> int:
    """More than can have been given meanwhile; ``rate``: so many at once, and so many a day."""
    at_once, a_day = rate
    return at_once + math.ceil(max(gone, timedelta(0)) / timedelta(days=1) * a_day)


def _jump(transaction: Transaction, name: str, by: int, at_most: int = 2**31 - 1) -> None:
    counters.put(transaction, name, min(counters.last(transaction, name) + by, at_most))


def _raise_policy(records: Records, transaction: Transaction, now: datetime, by: int) -> int:
    """The same rules, signed again under a version that no device has seen."""
    newest = policies.newest(transaction)
    if newest is None:
        return 0
    rules = policy.opened(newest)
    life = newest.expires_at - newest.issued_at
    issued = now.replace(microsecond=0)
    again = rules.model_copy(update={"version": rules.version + by, "issued_at": issued, "expires_at": issued + life})
    payload = again.model_dump_json().encode("utf-8")
    row = replace(
        newest,
        version=again.version,
        payload=payload,
        signature=records.keys.policy.key.sign(payload),
        issued_at=again.issued_at,
        expires_at=again.expires_at,
    )
    policies.add(transaction, row)
    return row.version
