"""Structured logs: one JSON object per line on standard error, and nothing personal in any.

An exception is written as its type and where it happened. Its words are left out: they may quote values. So are the
words of libraries, of which the name and the place remain. No line has a field that is not in FIELDS.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_EXTRA = ("request", "method", "route", "status", "ms", "device", "error")
FIELDS = ("at", "level", "event", "where", *_EXTRA)
_OURS = "lamplight"


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": str(record.msg) if _is_ours(record) else record.name,
        }
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if not _is_ours(record):
            line["where"] = [f"{record.filename}:{record.lineno}"]
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send every log of this process to standard error, ours from INFO on, libraries' from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == _OURS


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:]]
