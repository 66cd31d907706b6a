"""The PIN of a token: in a file that only its owner reads, or in the environment; never among the settings."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from records.errors import TokenPinError
from records.sections import KeySettings

VARIABLE = "LAMPLIGHT_TOKEN_PIN"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def pin_source(folder: Path, settings: KeySettings) -> Callable[[], str]:
    """What reads the PIN, anew each time: it may be put right while the service runs. ``folder``: of the data."""
    return (lambda: _from_file(folder / settings.pin_file)) if settings.pin_file else _from_environment


def _from_file(path: Path) -> str:
    """Everything but the line's end."""
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise TokenPinError(f"others may read {path.name}: chmod 600 it, and have the token's PIN changed")
            return _given(file.read().rstrip("\r\n"), path.name)
    except (OSError, UnicodeDecodeError):
        raise TokenPinError(f"{path.name}, which holds the token's PIN, can't be read") from None


def _from_environment() -> str:
    return _given(os.environ.get(VARIABLE, ""), f"${VARIABLE}")


def _given(pin: str, place: str) -> str:
    if not pin:
        raise TokenPinError(f"{place} holds no PIN for the token")
    return pin
