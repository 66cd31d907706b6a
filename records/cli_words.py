"""Times and counts as the command line says them and takes them: what is printed can be said again."""

import argparse
from datetime import datetime

from records.rules.periods import bureau_time

_LOOKS = "2026-11-22T23:05+08:00"


def time(instant: datetime | None) -> str:
    """In the bureau's zone, to the second, with the zone; of none, a dash."""
    return bureau_time(instant).isoformat(timespec="seconds") if instant else "-"


def instant(text: str) -> datetime:
    """What an argument says, for argparse: an instant with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a time looks like this: {_LOOKS}") from None
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"a time needs its zone: {_LOOKS}")
    return found


def days(count: int) -> str:
    """So many."""
    return f"{count} day" if count == 1 else f"{count} days"
