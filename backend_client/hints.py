"""Listens to the stream of hints (server-sent events): each says only that asking is worth while."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

import requests

_LOST = (requests.RequestException, OSError, ValueError)  # the last: a stream that was shut says so in this way


class HintListener:
    """``opened``: opens the stream; ``hinted``: called at every hint, on the thread that listens."""

    def __init__(self, opened: Callable[[], requests.Response], hinted: Callable[[], None]) -> None:
        self._opened = opened
        self._hinted = hinted
        self._lock = Lock()
        self._stream: requests.Response | None = None
        self._stopped = False

    def listen(self) -> bool:
        """Until the stream ends, however it does; whether it was of any use. Raises RecordsError: there is none."""
        stream, heard = self._opened(), False
        with stream:
            if not self._begun(stream):
                return False
            with suppress(*_LOST):
                for line in stream.iter_lines(chunk_size=1):
                    if line.startswith(b"data:"):
                        heard = True
                        self._hinted()
        with self._lock:
            self._stream = None
        return heard

    def stop(self) -> None:
        """End it, and listen no more. From any thread."""
        with self._lock:
            self._stopped = True
            if self._stream is not None:
                with suppress(*_LOST):
                    self._stream.raw.shutdown()

    def _begun(self, stream: requests.Response) -> bool:
        with self._lock:
            self._stream = None if self._stopped else stream
            return not self._stopped
