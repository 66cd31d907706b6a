"""What works now, from the last word of each device: for the tiles, the log and the technician's page.

A service that can't finish is grey before the first touch. A change is logged and audited once, not every poll.
"""

import logging
from collections.abc import Callable
from threading import Lock

from devices.health import Health, Level
from kiosk.flows.visit import Readiness
from terminal.store.audit import Audit, AuditKind

NEEDS: dict[str, tuple[str, ...]] = {
    "household_certificate": ("records", "policy", "page_printer", "queue", "id_card", "camera", "face"),
}
"""Each service and what it can't do without, in the order in which reasons are named."""

_log = logging.getLogger(__name__)


class Watch:
    """Thread-safe. ``changed`` is called, from the telling thread, when a tile's state changes."""

    def __init__(self, audit: Audit, changed: Callable[[Readiness], None]) -> None:
        self._audit = audit
        self._changed = changed
        self._lock = Lock()
        self._health: dict[str, Health] = {}
        self._readiness = self._judge()

    def tell(self, health: Health) -> None:
        """The newest word of one device."""
        with self._lock:
            before = self._health.get(health.device)
            self._health[health.device] = health
            readiness, known = self._judge(), self._readiness
            self._readiness = readiness
        if before is None or before.reason != health.reason:
            was = before.reason if before else "unknown"
            _log.info("%s: %s (was %s)", health.device, health.reason, was)
            self._audit.append(AuditKind.DEVICE_CHANGED, device=health.device, state=health.reason, was=was)
        if readiness != known:
            self._changed(readiness)

    def all(self) -> dict[str, Health]:
        """Every device's last word."""
        with self._lock:
            return dict(self._health)

    def reasons(self) -> dict[str, str]:
        """Device -> reason code, for the heartbeat."""
        return {device: health.reason for device, health in self.all().items()}

    def _judge(self) -> Readiness:
        return Readiness(tuple((service, self._blocked(needs)) for service, needs in NEEDS.items()))

    def _blocked(self, needs: tuple[str, ...]) -> tuple[str, ...]:
        unasked = [device for device in needs if device not in self._health]
        if unasked:
            return ("starting",)
        down = [self._health[device] for device in needs if not self._health[device].works]
        down.sort(key=lambda health: health.level is Level.UNKNOWN)  # what is broken before what is starting
        return tuple(f"{health.device}.{health.reason}" for health in down)
