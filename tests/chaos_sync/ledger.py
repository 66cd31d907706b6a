"""What a kiosk says while it happens, in a file that outlives it: the disk of the kiosk itself may forget.

One line of JSON each, appended by one ``write``: a process that is killed leaves whole lines. Times are the machine's
monotonic clock, the same for all processes.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

_TAIL = 65536  # bytes; no line is longer


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` happened ``at`` some second, and what is known of it."""

    at: float
    what: str
    facts: dict[str, Any]


class Ledger:
    """Append only. ``last_words``: held by who ends the process, so that nothing is said after its end."""

    def __init__(self, path: Path) -> None:
        self.last_words = RLock()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def say(self, what: str, **facts: object) -> None:
        """It has just happened."""
        with self.last_words:
            line = json.dumps({"at": time.monotonic(), "what": what, "facts": facts})
            os.write(self._file, f"{line}\n".encode())


def last_words(path: Path) -> Line | None:
    """The last line; None: nothing was said yet."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        lines = file.read().splitlines()
    return Line(**json.loads(lines[-1])) if lines and lines[-1].startswith(b"{") else None


def lines_of(path: Path) -> Iterator[Line]:
    """All that was said."""
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            yield Line(**json.loads(line))
