"""What an officer should know of: one row for each kiosk or number and day, whose count rises."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from records.store import counters
from records.store.database import Transaction
from records.store.rows import as_record, columns, of_community
from records.store.tables.visiting import alerts


class AlertKind(StrEnum):
    """What happened."""

    NUMBER_GUESSING = "number-guessing"
    ENROLMENT_CODE_REUSED = "enrolment-code-reused"  # another key came with a code that has one
    FORMER_CERTIFICATE = "former-certificate"  # used after the next one was: two machines hold the device's keys
    CERTIFICATE_ENDING = "certificate-ending"
    AUDIT_FORK = "audit-fork"  # a device's own audit is not the one that was heard of
    INTAKES_LATE = "intakes-late"  # what its residents handed in waits for an officer
    OUT_OF_SERVICE = "out-of-service"  # for days
    POLICY_ENDING = "policy-ending"  # the rules' bundle ends soon and is not renewed
    CARD_USED = "card-used"  # an access card was to be a way of one person that is another's
    CODE_TWICE = "code-twice"  # a slip was at two gates sooner than one person can be: somebody has a copy
    TEMPLATE_LEFT = "template-left"  # a gate has not said that a face is gone which should be
    READS_LIMIT = "reads-limit"  # an account goes on looking at persons beyond its hour's limit


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert about a kiosk (``device_id``) or about a number (``number_hash``); the other one is empty."""

    alert_id: int
    kind: AlertKind
    day: date
    device_id: str
    number_hash: str
    count: int
    first_at: datetime
    last_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True)
class Raise:
    """Something that happened ``count`` times on a day, the last time at ``at``."""

    kind: AlertKind
    day: date
    count: int
    at: datetime
    device_id: str = ""
    number_hash: str = ""


def note(transaction: Transaction, what: Raise) -> bool:
    """Raise an alert, or the count of the one that stands; one that was closed is open again. True: a new one."""
    known = (
        of_community(alerts, transaction),
        alerts.c.kind == what.kind,
        alerts.c.day == what.day,
        alerts.c.device_id == what.device_id,
        alerts.c.number_hash == what.number_hash,
    )
    risen = {"count": what.count, "last_at": what.at, "closed_at": None, "closed_by": ""}
    if transaction.connection.execute(sa.update(alerts).where(*known).values(**risen)).rowcount:
        return False
    row = {
        "community_id": transaction.community,
        "alert_id": counters.following(transaction, "alert"),
        "kind": what.kind,
        "day": what.day,
        "device_id": what.device_id,
        "number_hash": what.number_hash,
        "first_at": what.at,
    }
    transaction.connection.execute(sa.insert(alerts).values(**row, **risen))
    return True


def count_of(transaction: Transaction, kind: AlertKind, day: date, device_id: str = "") -> int:
    """How often it was raised on that day for this device, closed or not."""
    known = (
        of_community(alerts, transaction),
        alerts.c.kind == kind,
        alerts.c.day == day,
        alerts.c.device_id == device_id,
        alerts.c.number_hash == "",
    )
    return transaction.connection.execute(sa.select(alerts.c.count).where(*known)).scalar() or 0


def list_open(transaction: Transaction) -> list[AlertRow]:
    """The open alerts, the latest first."""
    still = (of_community(alerts, transaction), alerts.c.closed_at.is_(None))
    query = columns(alerts, AlertRow).where(*still).order_by(alerts.c.last_at.desc(), alerts.c.alert_id.desc())
    found = (as_record(AlertRow, row) for row in transaction.connection.execute(query))
    return [each for each in found if each is not None]


def close(transaction: Transaction, alert_id: int, officer: str, at: datetime) -> bool:
    """An officer has seen to it. False: there is no such open alert."""
    mine = (of_community(alerts, transaction), alerts.c.alert_id == alert_id, alerts.c.closed_at.is_(None))
    closing = sa.update(alerts).where(*mine).values(closed_at=at, closed_by=officer)
    return bool(transaction.connection.execute(closing).rowcount)


def forget(transaction: Transaction, before: date) -> None:
    """Delete what is older."""
    transaction.connection.execute(sa.delete(alerts).where(of_community(alerts, transaction), alerts.c.day < before))
