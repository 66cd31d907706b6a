"""The keys in use, looked at anew before each use: a key that was revoked or rotated beside a running service signs no
more from its next request on.
"""

import hashlib
import hmac
import logging
import os
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from civic.clock import Clock
from records import key_changes
from records.errors import DataFolderError
from records.key_signers import SIGNERS, withheld
from records.keys import KeyRing
from records.tokens import Token

_log = logging.getLogger("lamplight.records")
_Mark: TypeAlias = tuple[tuple[int, int], ...]


class KeyStore:
    """The keys of a folder, and the token that some of them are in (None: there is none)."""

    def __init__(self, folder: Path, clock: Clock, token: Token | None = None) -> None:
        self.folder = folder
        self.token = token
        self._clock = clock
        self._lock = Lock()
        self._trouble = ""
        watched = ("revoked.toml", *(f"{name}.cert.pem" for name in SIGNERS))
        self._watched = [str(folder / each) for each in watched]
        self._held = self._mark(), self._opened()

    def ring(self) -> KeyRing:
        """The keys as their folder has them now. While it can't be read, those that sign papers sign nothing."""
        mark, ring = self._held
        if mark == self._mark():
            return ring
        with self._lock:
            return self._renewed()

    def keyed_hash(self, *parts: str) -> str:
        """64 hex digits that say nothing outside this installation."""
        message = "\x1f".join(parts).encode("utf-8")
        return hmac.new(self.ring().audit, message, hashlib.sha256).hexdigest()

    def number_hash(self, number: str) -> str:
        """The same of a citizen number: one for each number, wherever it is met."""
        return self.keyed_hash("number", number)

    def _renewed(self) -> KeyRing:
        """Marked before it is read: what changes meanwhile is seen the next time."""
        mark = self._mark()
        if mark != self._held[0]:
            try:
                self._held = mark, self._opened()
            except DataFolderError as error:
                self._note(error)
                return _withheld(self._held[1], error.detail)
            self._trouble = ""
            _log.info("keys read anew")
        return self._held[1]

    def _note(self, error: DataFolderError) -> None:
        """Once, though it is met with each request."""
        if error.detail != self._trouble:
            self._trouble = error.detail
            _log.error("keys can't be read", extra={"error": error.code})

    def _opened(self) -> KeyRing:
        return key_changes.opened(self.folder, self._clock.now(), self.token)

    def _mark(self) -> _Mark:
        """Every change renames another file into place: another number, or another time."""
        return tuple(_identity(path) for path in self._watched)


class UnreadableKeys(KeyStore):
    """Keys that can't be read, for whoever looks at all the rest: whoever asks for one hears why."""

    def __init__(self, folder: Path, token: Token | None, why: str) -> None:
        self.folder = folder
        self.token = token
        self._why = why

    def ring(self) -> KeyRing:
        """DataFolderError."""
        raise DataFolderError(self._why)


def readable_or_not(folder: Path, clock: Clock, token: Token | None) -> KeyStore:
    """The keys of a folder, as far as they can be read."""
    try:
        return KeyStore(folder, clock, token)
    except DataFolderError as error:
        return UnreadableKeys(folder, token, error.detail)


def _withheld(ring: KeyRing, why: str) -> KeyRing:
    """One of them may be revoked where it can't be read."""
    document, code, timestamp = (withheld(each, why) for each in (ring.document, ring.code, ring.timestamp))
    return replace(ring, document=document, code=code, timestamp=timestamp)


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - several times in each request: a Path takes twice as long
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns
