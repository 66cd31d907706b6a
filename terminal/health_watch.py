"""The last word of each device. A change is logged and audited once, not at every poll; a device whose word has grown
old, because asking it hangs, does not count as working.
"""

import logging
from collections.abc import Callable
from threading import Lock

from civic.clock import Clock
from devices.health import Health, Level
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError

SILENT_AFTER_S = 12.0
"""Longer than any driver takes to give up on its device: who has not answered by then hangs."""

_log = logging.getLogger(__name__)


class HealthWatch:
    """Thread-safe. A terminal's own watch says in ``_judge_anew`` what follows from a word; it is called with
    ``_lock`` held."""

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self._lock = Lock()
        self._health: dict[str, Health] = {}
        self._asked: dict[str, float] = {}
        self._since: dict[str, float] = {}

    def ask(self, device: str, health: Callable[[], Health]) -> None:
        """Ask a device and take its word. While this hangs, ``look_for_silence`` says so in its place."""
        with self._lock:
            self._asked.setdefault(device, self._clock.monotonic())
        self.tell(health())
        with self._lock:
            del self._asked[device]

    def look_for_silence(self) -> None:
        """To be called from another thread than those that ask."""
        with self._lock:
            now = self._clock.monotonic()
            for device, since in self._asked.items():
                if now - since > SILENT_AFTER_S:
                    self._take(Health(device, Level.DOWN, "silent"))

    def tell(self, health: Health) -> None:
        """The newest word of one device."""
        with self._lock:
            self._take(health)

    def all(self) -> dict[str, Health]:
        """Every device's last word."""
        with self._lock:
            return dict(self._health)

    def since(self) -> dict[str, float]:
        """Since when each device's reason is what it is: seconds of the monotonic clock."""
        with self._lock:
            return dict(self._since)

    def reasons(self) -> dict[str, str]:
        """Device -> reason code, for the heartbeat."""
        return {device: health.reason for device, health in self.all().items()}

    def _judge_anew(self) -> None:
        """Nothing follows, unless a terminal says so."""

    def _take(self, health: Health) -> None:
        before = self._health.get(health.device)
        self._health[health.device] = health
        self._judge_anew()
        if before is None or before.reason != health.reason:
            self._since[health.device] = self._clock.monotonic()
            self._note(health, before.reason if before else "unknown")

    def _note(self, health: Health, was: str) -> None:
        _log.info("%s: %s (was %s)", health.device, health.reason, was)
        try:
            self._audit.append(AuditKind.DEVICE_CHANGED, device=health.device, state=health.reason, was=was)
        except StoreError as error:  # a full disk must not hide what does not work
            _log.error("audit of %s: %s", health.device, error.code)
