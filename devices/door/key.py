"""The secure channel base key (SCBK) of a door's controller: 16 bytes, in hexadecimal, in a file of its owner alone."""

import stat
from pathlib import Path
from typing import Final

from devices.door.api import DoorReason

LENGTH: Final = 16
DEFAULT: Final = bytes(range(0x30, 0x40))
"""SCBK-D (SIA OSDP 2.2, annex D): what controllers leave the factory with, and so no secret."""


class KeyProblemError(Exception):
    """The key can't be used; ``reason`` says why. It holds nothing of the key."""

    def __init__(self, reason: DoorReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def load_key(path: Path) -> bytes:
    """Read the key. Raises KeyProblemError: missing, readable for others, not 32 hexadecimal digits, the default."""
    try:
        with path.open("rb") as file:
            shown = stat.S_IMODE(path.stat().st_mode) & 0o077
            written = file.read(4 * LENGTH)
    except OSError:
        raise KeyProblemError(DoorReason.KEY_MISSING) from None
    if shown:
        raise KeyProblemError(DoorReason.KEY_EXPOSED)
    key = _key(written)
    if key == DEFAULT:
        raise KeyProblemError(DoorReason.KEY_IS_DEFAULT)
    return key


def _key(written: bytes) -> bytes:
    try:
        key = bytes.fromhex(written.decode("ascii").strip())
    except ValueError:
        raise KeyProblemError(DoorReason.KEY_MALFORMED) from None
    if len(key) != LENGTH:
        raise KeyProblemError(DoorReason.KEY_MALFORMED)
    return key
