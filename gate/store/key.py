"""The key of the gate's store: 32 random bytes in a file that only the gate may read, made when the gate is enrolled.

Where the file lies is configured. A service manager that keeps secrets hands it over at each start (systemd's
credentials, systemd.exec(5), ``LoadCredentialEncrypted=``): then it is never on the disk in clear. Whoever carries the
disk away without it has noise.
"""

import os
import secrets
import stat
from pathlib import Path

from backend_client.device_files import write_durably
from terminal.store.database import KEY_BYTES
from terminal.store.errors import StoreError

_MODE = 0o400
_ROOT = 0


class StoreKeyError(StoreError):
    """The file of the store's key can't be used. ``detail`` says what to do, and holds nothing of the key."""

    code = "store-key"


def store_key(path: Path) -> bytes:
    """The key in ``path``. Raises StoreKeyError: none there, readable by others, or none at all."""
    try:
        with path.open("rb") as file:
            _require_private(os.fstat(file.fileno()), path)
            key = file.read(KEY_BYTES + 1)
    except OSError as error:
        raise StoreKeyError(f"{path.name} can't be read: {type(error).__name__}") from None
    if len(key) != KEY_BYTES:
        raise StoreKeyError(f"{path.name} is no key of {KEY_BYTES} bytes")
    return key


def make_store_key(path: Path) -> bytes:
    """A new key in ``path``; the one that is there stays, as a store may need it. Raises StoreKeyError."""
    if not path.exists():
        write_durably(path, secrets.token_bytes(KEY_BYTES), _MODE)
    return store_key(path)


def _require_private(found: os.stat_result, path: Path) -> None:
    """The group may read where it is root's: so the access list shows by which systemd lets one user read."""
    open_to = stat.S_IMODE(found.st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    if found.st_gid == _ROOT:
        open_to &= ~stat.S_IRGRP
    if open_to:
        raise StoreKeyError(f"others may use {path.name}: chmod 400 it, and make the store anew")
