"""What events have left for an officer: a ticket, a day and a code; nothing of anybody."""

from datetime import timedelta
from typing import Final

from records.context import Records
from records.rules.roles import Right
from records.services.sessions import Session
from records.store import life_events
from records.store.life_events import EventRow

_SHOWN_FOR: Final = timedelta(days=90)
_MOST: Final = 50


def left_open(records: Records, session: Session) -> list[EventRow]:
    """Of the last three months, the newest first."""
    session.needs(Right.LIFE_EVENTS)
    with records.database.reading() as transaction:
        return life_events.left_open(transaction, records.clock.now() - _SHOWN_FOR, _MOST)
