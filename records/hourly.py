"""What the service does by itself every hour: delete what is kept no longer, and look at machines and rules.

In a thread of its own, in small transactions, and ended between two of them when the service ends.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread  # noqa: TID251 - its work has no visit, and ends with the service

from records.context import Records
from records.services import heartbeats, intake_lapsing, policy_alerts, retention
from records.services.gates import deriving, reports
from records.services.tenancies import ending, receiving, reminding, silence

FIRST_AFTER_S = 60.0
EVERY_S = 3600.0
_PATIENCE_S = 2.0  # for the transaction that is on its way
_log = logging.getLogger("lamplight.records")


@contextmanager
def tidying(records: Records, first_after_s: float = FIRST_AFTER_S, every_s: float = EVERY_S) -> Iterator[None]:
    """Inside, what is kept no longer is deleted, a minute after the beginning and every hour."""
    ended = Event()
    thread = Thread(target=_run, args=(records, ended, first_after_s, every_s), name="tidying", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_PATIENCE_S)


def tidied(records: Records, stop: Callable[[], bool]) -> None:
    """Once. A failure is a line in the log, and the next hour tries again."""
    looks = (
        lambda: heartbeats.look_at_all(records),
        lambda: policy_alerts.look(records),
        lambda: intake_lapsing.look(records),
        lambda: receiving.carry_out_all(records, stop),
        lambda: silence.note_over(records, stop),
        lambda: ending.note_lapsed(records, stop),
        lambda: reminding.remind(records, stop),
        lambda: deriving.sweep(records, stop),
        lambda: deriving.follow_policy(records, stop),
        lambda: reports.look(records),
    )
    for work in (lambda: retention.tidy(records, stop), *looks):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody would notice a thread that had ended
            _log.error("not tidied", extra={"error": type(error).__name__})


def _run(records: Records, ended: Event, first_after_s: float, every_s: float) -> None:
    wait_s = first_after_s
    while not ended.wait(wait_s):
        tidied(records, ended.is_set)
        wait_s = every_s
