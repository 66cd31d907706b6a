"""The thread that sends queued texts, and tells whose numbers are soon due: it lives as long as the service.

Several services on one database may each have one: a text is held by whoever took it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread  # noqa: TID251 - its work has no visit, and ends with the service
from typing import Final

from records.context import Records
from records.services import contacts, texting

_LOOK_S: Final = 2.0
_WARN_EVERY: Final = 1800  # looks: an hour
_MOST_AT_ONCE: Final = 50
_PATIENCE_S: Final = 2.0  # for a text on its way; what is then not known to have left is sent again under its id
_log = logging.getLogger("lamplight.records")


@contextmanager
def sending(records: Records) -> Iterator[None]:
    """Inside, queued texts leave."""
    ended = Event()
    thread = Thread(target=_run, args=(records, ended), name="texts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_PATIENCE_S)


def _run(records: Records, ended: Event) -> None:
    looks = 0
    while not ended.wait(_LOOK_S):
        try:
            if looks % _WARN_EVERY == 0:
                contacts.warn(records)
            _send(records, ended)
        except Exception as error:  # noqa: BLE001 - whatever it was: the next look tries again
            _log.error("texts can't be sent", extra={"error": type(error).__name__})
        looks += 1


def _send(records: Records, ended: Event) -> None:
    for _ in range(_MOST_AT_ONCE):
        if ended.is_set() or not texting.send_due(records):
            return
