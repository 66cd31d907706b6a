"""Whether an officer is there for the residents now.

On duty is who said so, is signed in, and has the console open: its waiting page asks for itself every few seconds.
Three minutes without a page, or at the end of the session (twelve hours at most), it counts no longer.
"""

from datetime import timedelta
from typing import Final

from records.context import Records
from records.rules.roles import Right, having
from records.store import console_sessions

REFRESH_S: Final = 15
SEEN_WITHIN: Final = timedelta(minutes=3)
LONGEST: Final = timedelta(hours=12)


def officer_on_duty(records: Records) -> bool:
    """Whether a resident who asks now would find an officer at a console."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        return console_sessions.on_duty(transaction, now - SEEN_WITHIN, now - LONGEST, having(Right.DUTY))
