"""What a gate forgets by itself, hourly, with or without a link: passes, half minutes, grants that are over, and the
faces that stood on them, whose receipts are queued. Hourly is within the shortest time that a policy can set for faces.
"""

from collections.abc import Callable
from dataclasses import dataclass

from civic.clock import Clock
from devices.health import Health, Level
from gate.flows.moment import Moment
from gate.services.admit import HEALTH
from gate.store.opened import GateStore
from terminal.store.errors import StoreError

EVERY_S = 3600.0
_AGAIN_S = 60.0  # after a disk that failed


@dataclass(slots=True)
class Tidy:
    """``tick`` is called now and then by one repeating job. ``pass_days``: of the policy in force."""

    store: GateStore
    moment: Callable[[], Moment]
    pass_days: Callable[[], int]
    clock: Clock
    tell: Callable[[Health], None] = lambda _: None
    _due: float | None = None

    def tick(self) -> None:
        """Forget what is due. Never raises what belongs to the disk."""
        if self._due is not None and self.clock.monotonic() < self._due:
            return
        try:
            self._forget()
        except StoreError:
            self._due = self.clock.monotonic() + _AGAIN_S
            self.tell(Health(HEALTH, Level.DEGRADED, "not-tidied"))
        else:
            self._due = self.clock.monotonic() + EVERY_S

    def _forget(self) -> None:
        moment = self.moment()
        self.store.grants.tidy(moment.today, moment.at)
        self.store.passes.forget(moment.at, self.pass_days())
        self.store.database.fold()
