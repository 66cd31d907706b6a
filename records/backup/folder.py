"""The files of the data folder that a backup takes along: all but the database itself, and notes of backups."""

import os
from hashlib import sha256
from pathlib import Path

from records.backup import journal
from records.errors import BackupError

_DATABASE = "records.sqlite"
_TRIES = 5


def contents(folder: Path) -> dict[str, bytes]:
    """Name and content of each. Read again when something changed meanwhile: half of a key change is none."""
    for _ in range(_TRIES):
        before = _marks(folder)
        try:
            read = {name: (folder / name).read_bytes() for name in before}
        except FileNotFoundError:
            continue
        if _marks(folder) == before:
            return read
    raise BackupError("the files in the data folder keep changing; try again")


def hashes(files: dict[str, bytes]) -> dict[str, str]:
    """SHA-256 of each, in hex."""
    return {name: sha256(content).hexdigest() for name, content in files.items()}


def durable(*paths: Path) -> None:
    """Have files and folders stand on the disk as they are now, whatever becomes of the power."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _marks(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not _left_out(name):
            state = path.stat()
            found[name.as_posix()] = state.st_ino, state.st_mtime_ns, state.st_size
    return found


def _left_out(name: Path) -> bool:
    database = len(name.parts) == 1 and name.name.startswith(_DATABASE)
    return database or name.parts[0] == journal.FOLDER or name.name.endswith(".part")
