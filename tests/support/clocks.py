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
