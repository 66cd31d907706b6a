"""Five wrong PINs lock a terminal's technician out for a quarter of an hour, whatever becomes of its power or clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import Protocol, Self

from civic.clock import Clock
from civic.masking import Personal
from terminal.pin import PinFile
from terminal.store.audit import Audit, AuditKind

TRIES = 5
LOCKED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong tries in a row, and until when none is taken (None: not locked)."""

    wrong: int = 0
    locked_until: datetime | None = None

    def values(self) -> dict[str, str]:
        """As a terminal's settings keep it."""
        return {"wrong": str(self.wrong), "locked_until": self.locked_until.isoformat() if self.locked_until else ""}

    @classmethod
    def of(cls, values: Mapping[str, str] | None) -> Self:
        """From there; None: the last try was right, or there was none."""
        if values is None:
            return cls()
        until = values["locked_until"]
        return cls(int(values["wrong"]), datetime.fromisoformat(until) if until else None)


class TriesStore(Protocol):
    """Where tries outlive a restart."""

    def pin_tries(self) -> PinTries:
        """As they stand."""

    def keep_pin_tries(self, tries: PinTries) -> None:
        """Durable when it returns."""


@dataclass(frozen=True, slots=True)
class PinRefusal:
    """``locked_minutes``: no further try for so long (0: try again). ``unset``: there is no PIN to match."""

    locked_minutes: int = 0
    unset: bool = False


class PinCheck:
    """Every try is audited; a wrong one is on the disk before the answer is on the screen."""

    def __init__(self, pin: PinFile, tries: TriesStore, audit: Audit, clock: Clock) -> None:
        self._pin = pin
        self._tries = tries
        self._audit = audit
        self._clock = clock
        self._one_try = Lock()

    def check(self, pin: Personal) -> PinRefusal | None:
        """Count the try as wrong first; a right PIN takes it back (None). Raises StoreError, and then looks at
        nothing."""
        with self._one_try:
            if not self._pin.is_set():
                return PinRefusal(unset=True)
            if left := self._locked_for():
                return PinRefusal(left)
            tries = self._count()
            if self._pin.matches(pin):
                self._tries.keep_pin_tries(PinTries())
                self._audit.append(AuditKind.MAINTENANCE_ENTERED)
                return None
            self._audit.append(AuditKind.PIN_LOCKED if tries.locked_until else AuditKind.PIN_WRONG, tries=tries.wrong)
            return PinRefusal(_minutes(LOCKED) if tries.locked_until else 0)

    def _locked_for(self) -> int:
        """Minutes until a try is taken; 0: now. A clock set back makes the wait no shorter, and no longer than anew."""
        tries, now = self._tries.pin_tries(), self._clock.now()
        if tries.locked_until is None or now >= tries.locked_until:
            return 0
        left = tries.locked_until - now
        if left > LOCKED:
            left = LOCKED
            self._tries.keep_pin_tries(PinTries(tries.wrong, now + left))
        return _minutes(left)

    def _count(self) -> PinTries:
        """One more wrong try, on the disk; after a lock that ran out, the first."""
        before = self._tries.pin_tries()
        wrong = 1 if before.locked_until is not None else before.wrong + 1
        tries = PinTries(wrong, self._clock.now() + LOCKED if wrong >= TRIES else None)
        self._tries.keep_pin_tries(tries)
        return tries


def _minutes(span: timedelta) -> int:
    return max(1, ceil(span.total_seconds() / 60))
