"""What somebody should know of a machine: raised for a day, and no more often than it says something new."""

from records.context import Records
from records.rules.periods import bureau_time
from records.store import alerts
from records.store.alerts import AlertKind, Raise
from records.store.database import Transaction

IN_FULL = 10


def again(records: Records, transaction: Transaction, kind: AlertKind, device_id: str = "") -> bool:
    """It happened (once more today). True: one of the day's first, which the audit tells one by one; of the others the
    alert knows the number, or whoever is refused could fill what is never emptied."""
    now = records.clock.now()
    day = bureau_time(now).date()
    count = alerts.count_of(transaction, kind, day, device_id) + 1
    alerts.note(transaction, Raise(kind, day, count, now, device_id))
    return count <= IN_FULL


def once(records: Records, transaction: Transaction, kind: AlertKind, device_id: str) -> bool:
    """It lasts: said once a day, and not again when somebody has seen to it. True: said now."""
    now = records.clock.now()
    day = bureau_time(now).date()
    if alerts.count_of(transaction, kind, day, device_id):
        return False
    return alerts.note(transaction, Raise(kind, day, 1, now, device_id))
