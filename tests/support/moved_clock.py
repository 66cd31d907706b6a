"""A records process whose clock a test moves: waits of hours are then a matter of seconds, at the real figures.

``python -m tests.support.moved_clock`` is the ``records`` command with another clock: once it was moved, it stands
at the instant in a file beside the data.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from records import cli


@dataclass(frozen=True)
class MovedClock:
    """The machine's clock until it is moved; then it stands until it is moved again, for all who look at the file.

    ``monotonic`` is the machine's: work takes its time.
    """

    file: Path

    def now(self) -> datetime:
        """The instant, aware."""
        return datetime.fromisoformat(self.file.read_text("ascii")) if self.file.exists() else datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some start."""
        return time.monotonic()

    def pass_by(self, seconds: float) -> None:
        """Set it forward."""
        moved = self.now() + timedelta(seconds=seconds)
        written = self.file.with_suffix(".part")
        written.write_text(moved.isoformat(), "ascii")
        written.replace(self.file)


def clock_beside(data: Path) -> MovedClock:
    """The clock of the records in this folder."""
    return MovedClock(data.parent / "clock")


def main() -> int:
    """The records command, with another clock."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    clock = clock_beside(parser.parse_known_args()[0].data)
    with patch.object(cli, "SystemClock", lambda: clock):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
