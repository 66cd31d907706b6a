"""Which backups are still kept: what residents had deleted is gone from them too, after so many days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from records.backup import restoring
from records.backup.making import SUFFIX

_UNFINISHED = timedelta(days=1)


def tidy(target: Path, community: str, now: datetime, keep: timedelta, unreadable: Callable[[str], None]) -> list[str]:
    """Delete backups older than ``keep``; their names. The newest one, and what it needs, stays however old.

    A full backup stays as long as one that needs it. What a power cut left of one that was being made goes after a day.
    ``unreadable``: see ``restoring.found``; such a file stays.
    """
    for part in target.glob(f".*{SUFFIX}.part"):
        if datetime.fromtimestamp(part.stat().st_mtime, UTC) < now - _UNFINISHED:
            part.unlink()
    every = [each for each in restoring.found(target, unreadable) if each.community == community]
    kept = [each for each in every if each.at > now - keep] or every[-1:]
    needed = {each.base_id for each in kept} | {each.backup_id for each in kept}
    gone = [each for each in every if each.backup_id not in needed]
    for each in reversed(gone):  # the full one, which is older, last
        each.path.unlink()
    return [each.path.name for each in gone]
