"""Days that pass for all at once: records' clock runs so many days ahead, as the kiosk's and the gates' do.

``python -m tests.lease.later`` is the ``records`` command with that clock. Certificates, which OpenSSL judges by the
machine's own clock, outlive every day that the story reaches.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from records import cli
from simulators.house import House


@dataclass(frozen=True, slots=True)
class LaterClock:
    """The machine's clock, and the days that stand in a file. ``monotonic`` is the machine's: work takes its time."""

    file: Path

    def now(self) -> datetime:
        """Aware."""
        days = int(self.file.read_text("ascii")) if self.file.exists() else 0
        return datetime.now(UTC) + timedelta(days=days)

    def monotonic(self) -> float:
        """Seconds since some start."""
        return time.monotonic()

    def run_ahead(self, days: int) -> None:
        """By so many, for all who look at the file."""
        written = self.file.with_suffix(".part")
        written.write_text(str(days), "ascii")
        written.replace(self.file)


class LaterHouse(House):
    """A house whose records go by ``clock``."""

    @property
    def clock(self) -> LaterClock:
        """Of its records."""
        return _clock_beside(self.folder / "records")

    def _start(self, name: str, module: str, *arguments: str) -> None:
        super()._start(name, "tests.lease.later" if name == "records" else module, *arguments)


def _clock_beside(data: Path) -> LaterClock:
    return LaterClock(data.parent / "days-later")


def main() -> int:
    """The records command, some days later."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    clock = _clock_beside(parser.parse_known_args()[0].data)
    with patch.object(cli, "SystemClock", lambda: clock):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
