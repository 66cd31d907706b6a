"""One terminal process at a time: two would share a reader, a printer and a journal."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from terminal.store.errors import AlreadyRunningError


class SingleInstance:
    """An advisory lock (flock(2)) that the kernel lets go of when its holder ends, however it ends.

    Use as a context manager. Raises AlreadyRunningError, naming the process that holds it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise AlreadyRunningError(f"process {holder or 'unknown'} holds {path.name}") from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def release(self) -> None:
        """Let another process start. The file stays: removing it would let two processes lock two files."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
