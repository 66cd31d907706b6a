"""Who works at records meanwhile: decides what was handed in, voids papers by hand, and lets old changes be forgotten.

Beside the service, in a process of its own, as its commands do. What fails because the database is away, fails.
"""

from datetime import timedelta
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy.exc import SQLAlchemyError

from backend_client.contract.changes import Topic
from backend_client.contract.papers import VoidReason
from civic.clock import SystemClock
from records.context import Records
from records.errors import RefusedError
from records.rules.intakes import IntakeState
from records.rules.roles import Role
from records.services import intake_deciding, papers
from records.services.intake_deciding import Decision
from records.services.refusals import StaleError
from records.services.sessions import Session
from records.store import changes, intakes
from records.store.changes import ChangeRow
from records.store.officers import OfficerRow

_EVERY_S = 0.4
_FIRST_POLICY = "1"
_YOUNG = timedelta(seconds=8)  # a change is forgotten afterwards: who was away for so long begins anew
_MOST = 10**6
_AT_ONCE = 10**5


class Officer:
    """A context manager: at work inside, until ``stop``. ``forgotten``: changes that the feed may hold no more."""

    def __init__(self, records: Records, seed: int, speed: float) -> None:
        self.decided = self.voided = self.failed = 0
        self.forgotten: dict[int, ChangeRow] = {}
        self._records, self._chance, self._speed = records, Random(seed), speed
        row = OfficerRow("chen", "chen", Role.OFFICER, "", False, b"", 0, SystemClock().now())
        self._session = Session(row, cast("Any", None), locked=False)
        self._over = Event()
        self._thread = Thread(target=self._work, name="officer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Go home."""
        self._over.set()
        self._thread.join()

    def repeat_policy(self) -> None:
        """A change that says nothing new, to every device."""
        at = self._records.clock.now()
        with self._records.database.writing() as transaction:
            changes.append(transaction, Topic.POLICY, _FIRST_POLICY, at=at)

    def _work(self) -> None:
        while not self._over.wait(_EVERY_S * self._speed):
            try:
                self._chance.choice((self._decide, self._decide, self._decide, self._void, self._forget))()
            except (SQLAlchemyError, StaleError, RefusedError):
                self.failed += 1

    def _decide(self) -> None:
        with self._records.database.reading() as transaction:
            waiting = intakes.undecided(transaction, 20)
        for row in waiting[:2]:
            seen = intake_deciding.opened(self._records, self._session, row, "desk book 7")
            decision = Decision(IntakeState.REFUSED, "withdrawn")
            intake_deciding.decide(self._records, self._session, seen.row, seen.row.revision, decision)
            self.decided += 1

    def _void(self) -> None:
        with self._records.database.reading() as transaction:
            held = transaction.connection.exec_driver_sql("SELECT serial FROM papers WHERE state = 'reserved'").all()
        if held:
            papers.void_by_officer(self._records, self._chance.choice(held)[0], VoidReason.OFFICER)
            self.voided += 1

    def _forget(self) -> None:
        """As the retention job does, but much sooner; the judge is to know what stood there."""
        with self._records.database.writing() as transaction:
            held = changes.after(transaction, 0, _AT_ONCE, tuple(Topic))
            changes.forget(transaction, self._records.clock.now() - _YOUNG, _MOST)
        self.forgotten |= {row.place: row for row in held}
