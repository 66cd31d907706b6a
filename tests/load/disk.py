"""The disk under all of it: what it costs to wait for it, alone and with neighbours who wait for it all the time.

Sharing a commit saves one such wait for each who shares it; where a wait costs less than a request, it saves nothing.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

_PAGE = bytes(4096)
_PIECE = bytes(1024 * 1024)
_ASKED = 64
_NEIGHBOURS = 2
_POLL_S = 0.02


def sync_ms(folder: Path) -> float:
    """How long one page takes to the disk, in milliseconds, usually."""
    waited = []
    with (folder / "asked").open("wb", buffering=0) as file:
        for _ in range(_ASKED):
            file.write(_PAGE)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            waited.append(time.perf_counter() - began)
    return 1000 * median(waited)


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Neighbours at work, as a database of somebody else's would be."""
    files = [folder / f"neighbour-{place}" for place in range(_NEIGHBOURS)]
    running = [subprocess.Popen([sys.executable, "-m", "tests.load.disk", str(each)]) for each in files]
    try:
        while not all(each.exists() and each.stat().st_size for each in files):
            time.sleep(_POLL_S)
        yield
    finally:
        for process, file in zip(running, files, strict=True):
            process.kill()
            process.wait()
            file.unlink(missing_ok=True)


def _work(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.seek(0)
            file.write(_PIECE)
            os.fdatasync(file.fileno())


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
