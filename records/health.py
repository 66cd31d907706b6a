"""Whether the service can do its work now, for whoever sends it requests or starts it anew. Reasons are codes alone.

Anyone may ask, so the answer is looked up once in some seconds, by one thread, however often it is asked for.
"""

import shutil
from collections.abc import Iterator
from enum import StrEnum
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from records.context import Records
from records.errors import DataFolderError, KeyUnusableError
from records.store import counters, policies
from records.token_keys import UnusableKey

_GOOD_FOR_S = 5.0
_LEAST_DISK_BYTES = 64 << 20


class Reason(StrEnum):
    """What keeps the service from its work."""

    DATABASE = "database"  # it can't be written now
    KEYS = "keys"  # papers can't be signed now
    POLICY = "policy"  # none is in force
    DISK = "disk"  # hardly any room is left


class Readiness:
    """Looks, and remembers for a while what it saw."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = Lock()
        self._seen: tuple[float, tuple[Reason, ...]] | None = None

    def reasons(self) -> tuple[Reason, ...]:
        """Why the service is not ready; nothing: it is. While one thread looks, the others hear what was seen last."""
        seen = self._seen
        if seen is not None and self._records.clock.monotonic() - seen[0] < _GOOD_FOR_S:
            return seen[1]
        if not self._lock.acquire(blocking=seen is None):
            return seen[1] if seen is not None else ()
        try:
            found = tuple(_reasons(self._records))
            self._seen = self._records.clock.monotonic(), found
            return found
        finally:
            self._lock.release()


def _reasons(records: Records) -> Iterator[Reason]:
    if not _database_is_writable(records):
        yield Reason.DATABASE
    elif not _policy_is_in_force(records):
        yield Reason.POLICY
    if not _keys_are_usable(records):
        yield Reason.KEYS
    if shutil.disk_usage(records.folder).free < _LEAST_DISK_BYTES:
        yield Reason.DISK


def _database_is_writable(records: Records) -> bool:
    """By writing: a full disk and a database that only reads look well until then."""
    try:
        with records.database.writing() as transaction:
            counters.put(transaction, "looked-at", int(records.clock.now().timestamp()) % 2**31)
    except SQLAlchemyError:
        return False
    return True


def _policy_is_in_force(records: Records) -> bool:
    try:
        with records.database.reading() as transaction:
            newest = policies.newest(transaction)
    except SQLAlchemyError:
        return False
    return newest is not None and newest.expires_at > records.clock.now()


def _keys_are_usable(records: Records) -> bool:
    ring, token = records.keys, records.key_store.token
    if any(isinstance(each.key, UnusableKey) for each in (ring.document, ring.code, ring.timestamp)):
        return False
    try:
        if token is not None:
            token.check()
    except (KeyUnusableError, DataFolderError):
        return False
    return True
