"""Time that stands still until a test moves it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)


@dataclass(slots=True)
class StillClock:
    """A clock for tests."""

    at: datetime = field(default=NOW)

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since NOW."""
        return (self.at - NOW).total_seconds()

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class SetClock:
    """A wall clock that somebody can set, and a monotonic one that nobody can: for tests."""

    wall: datetime = field(default=NOW)
    up: float = 100.0

    def now(self) -> datetime:
        """What the wall clock says."""
        return self.wall

    def monotonic(self) -> float:
        """Seconds since this machine was started."""
        return self.up

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += timedelta(seconds=seconds)
        self.up += seconds

    def set_by(self, seconds: float) -> None:
        """Set the wall clock forward, or back."""
        self.wall += timedelta(seconds=seconds)
