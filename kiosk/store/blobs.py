"""Files beside the store, named by what is in them: on the disk before the row that names them, gone after it.

They are ciphertext: whoever hands them in has sealed them.
"""

import errno
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from backend_client.contract.intakes import LARGEST_BLOB
from backend_client.device_files import write_durably
from terminal.store.errors import StoreUnwritableError

FOLDER = "outbox"
_PASSING = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
_MODE = 0o600


class Blobs:
    """Usable from any thread, as long as ``tidy`` is called before anything is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def keep(self, content: bytes) -> str:
        """Its name, once it is durable. Raises StoreUnwritableError; ValueError: it is larger than records take."""
        if len(content) > LARGEST_BLOB:
            raise ValueError("a file that is larger than records take")
        name = sha256(content).hexdigest()
        try:
            write_durably(self._folder / name, content, _MODE)
        except OSError as error:
            raise StoreUnwritableError(type(error).__name__) from None
        return name

    def read(self, name: str) -> bytes | None:
        """None: it is not there, the disk has lost it, or it is not what its name says. Raises OSError: this process,
        or this machine, has no room to read anything at the moment."""
        try:
            content = (self._folder / name).read_bytes()
        except OSError as error:
            if error.errno in _PASSING:
                raise
            return None
        return content if sha256(content).hexdigest() == name else None

    def drop(self, names: Iterable[str]) -> None:
        """What no row names any more. A disk that does not let go of one now is asked again at the next start."""
        for name in names:
            _unlink(self._folder / name)

    def tidy(self, needed: Callable[[str], bool]) -> int:
        """At the start: take away what no row names, such as what a power cut left half written; how many."""
        found = [Path(each.path) for each in os.scandir(self._folder)] if self._folder.is_dir() else []
        return sum(_unlink(path) for path in found if not needed(path.name))


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
