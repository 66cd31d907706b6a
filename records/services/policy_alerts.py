"""What somebody should know of the rules: that their bundle ends soon. Records renew it by themselves half way through
its life, so then something keeps them from it: a file that can't be read, or a key that can't be used."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from records.context import Records
from records.errors import RecordsError
from records.rules.periods import bureau_time
from records.services import policy
from records.store import alerts, audit, policies
from records.store.alerts import AlertKind, Raise
from records.store.audit import Deed

ENDING_WITHIN: Final = timedelta(days=14)


def look(records: Records) -> None:
    """Renew it if it is time; if that can't be done, raise it once a day from fourteen days before its end on."""
    with suppress(RecordsError):
        policy.current(records)
    now = records.clock.now()
    day = bureau_time(now).date()
    with records.database.writing() as transaction:
        newest = policies.newest(transaction)
        if newest is None or now < newest.expires_at - ENDING_WITHIN or not policy.old(newest, now):
            return
        if alerts.count_of(transaction, AlertKind.POLICY_ENDING, day):
            return
        alerts.note(transaction, Raise(AlertKind.POLICY_ENDING, day, 1, now))
        about = (("about", AlertKind.POLICY_ENDING.value), ("version", newest.version))
        audit.append(transaction, Deed(now, "alert-raised", facts=about))
