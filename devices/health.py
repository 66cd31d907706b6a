"""One line about one device, the same for the home screen's tiles, the log and the technician's page."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far a device can be relied on now."""

    READY = "ready"
    DEGRADED = "degraded"  # works, and wants attention (paper low)
    DOWN = "down"
    UNKNOWN = "unknown"  # not asked yet


@dataclass(frozen=True, slots=True)
class Health:
    """``reason`` is a stable code of the device's own closed set (``paper-out``); words are in the text catalogue
    under ``device.<device>.<reason>``. ``facts`` are for the technician (model, firmware, counters): nothing personal.
    """

    device: str
    level: Level
    reason: str = "ok"
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def works(self) -> bool:
        """Whether a service that needs this device may begin."""
        return self.level in (Level.READY, Level.DEGRADED)
