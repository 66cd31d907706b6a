"""How a ``--self-check`` goes through its parts: a line for each, and none that keeps the next from being checked."""

import sys
from collections.abc import Callable
from typing import TypeAlias

Check: TypeAlias = tuple[str, Callable[[], str]]
"""Its name, and what finds out: a few words of what is there, or an exception."""


def reported(checks: tuple[Check, ...]) -> int:
    """Print a line per part; 0 when all are well."""
    failures = 0
    for name, check in checks:
        try:
            _say(f"ok      {name}: {check()}")
        except Exception as error:  # noqa: BLE001 - a self-check reports whatever is wrong, and goes on
            failures += 1
            _say(f"FAILED  {name}: {type(error).__name__}: {error}")
    return 1 if failures else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
