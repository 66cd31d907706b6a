"""A terminal that records have revoked: a mark first, on the disk; then it is shut, then what it held is forgotten, and
last the mark says that it is done. So whatever interrupts it, the next start goes on. The mark names the certificate
that was revoked: a new one, which only a new enrolment gives, is not meant by it.

The audit stays, for the bureau. The key stays too until a new one replaces it: records refuse it, so it opens nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from backend_client.device_files import drop_next, has_forgotten, is_revoked, mark_revoked
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revocation:
    """``identity``: the folder of key and certificate. ``forget``: all that grants something; it may raise OSError and
    StoreError, and is then done again. ``shut``: tells the screen; it may come again and again. Usable from any
    thread."""

    identity: Path
    audit: Audit
    forget: Callable[[], None]
    shut: Callable[[], None]
    _lock: Lock = field(default_factory=Lock)

    def told(self) -> None:
        """Records have said it, on a connection that is certainly theirs. Never raises: what can't be done now is done
        when they say it again, or at the next start."""
        with self._lock:
            self._try(self._mark)
            self.shut()
            self._try(self._finish)

    def resume(self) -> bool:
        """At a start: finish what was begun. Whether the present certificate is revoked."""
        with self._lock:
            self._try(self._finish)
            return is_revoked(self.identity)

    def _mark(self) -> None:
        if not is_revoked(self.identity):
            mark_revoked(self.identity)
            self.audit.append(AuditKind.DEVICE_REVOKED)

    def _finish(self) -> None:
        if not is_revoked(self.identity) or has_forgotten(self.identity):
            return
        self.forget()
        drop_next(self.identity)
        mark_revoked(self.identity, forgotten=True)

    @staticmethod
    def _try(step: Callable[[], None]) -> None:
        try:
            step()
        except (OSError, StoreError) as error:
            _log.error("revoked, and %s failed: %s", step.__name__.strip("_"), type(error).__name__)
