"""A records process whose clock a test can move: waits of hours are then a matter of seconds, at the real figures.

``python -m tests.support.moved_clock`` is the ``records`` command with another clock: ahead by the seconds that
stand in a file beside the data.
"""

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from records import cli

_AHEAD = "ahead"


@dataclass(frozen=True)
class MovedClock:
    """The machine's clock, set forward by what stands in the file. ``monotonic`` is not moved: work takes its time."""

    file: Path

    def now(self) -> datetime:
        """The instant, aware."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead())

    def monotonic(self) -> float:
        """Seconds of the same time."""
        return self.now().timestamp()

    def pass_by(self, seconds: float) -> None:
        """Set it forward, for every process that looks at the file."""
        ahead = self._ahead() + seconds
        written = self.file.with_suffix(".part")
        written.write_text(str(ahead), "ascii")
        written.replace(self.file)

    def _ahead(self) -> float:
        return float(self.file.read_text("ascii")) if self.file.exists() else 0.0


def clock_beside(data: Path) -> MovedClock:
    """The clock of the records in this folder."""
    return MovedClock(data.parent / _AHEAD)


def main() -> int:
    """The records command, with another clock."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    clock = clock_beside(parser.parse_known_args()[0].data)
    with patch.object(cli, "SystemClock", lambda: clock):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
