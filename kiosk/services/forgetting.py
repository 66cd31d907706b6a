"""What a kiosk forgets once records have revoked it: all that grants something, or that could be used in their name.

A mark comes first, on the disk; then the kiosk is closed, then things are deleted, and last the mark says that it is
done. So whatever interrupts it, the next start goes on. The mark names the certificate that was revoked: a new one,
which only a new enrolment gives, is not meant by it.

What stays is for the bureau: the audit, the journal, and the outbox, which nobody here can read. The key stays too
until a new one replaces it: records refuse it, so it opens nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from backend_client.device_files import drop_next, has_forgotten, is_revoked, mark_revoked, remove_durably
from civic.clock import Clock
from forms.carried import CARRIED_FILE
from kiosk.flows.maintenance import REVOKED, UNKNOWN
from kiosk.store.settings import OutOfService, Settings
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Forgetting:
    """``identity``: the folder of key and certificate; ``folder``: of what the kiosk keeps. Usable from any thread."""

    identity: Path
    folder: Path
    settings: Settings
    audit: Audit
    clock: Clock
    shut: Callable[[], None] = lambda: None  # tells the screen; may come again and again
    _lock: Lock = field(default_factory=Lock)

    def revoked(self) -> None:
        """Records have said it, on a connection that is certainly theirs. Never raises: what can't be done now is done
        when they say it again, or at the next start."""
        with self._lock:
            self._try(self._mark)
            self.shut()
            self._try(self._finish)

    def resume(self) -> None:
        """At a start: finish what was begun; or, with a certificate that is not revoked, be in service again."""
        with self._lock:
            if is_revoked(self.identity):
                self._try(self._finish)
            elif (closed := self.settings.out_of_service()) and closed.reason == REVOKED:
                self.settings.open()
                self.audit.append(AuditKind.BACK_IN_SERVICE)

    def _mark(self) -> None:
        if not is_revoked(self.identity):
            mark_revoked(self.identity)
            self.audit.append(AuditKind.DEVICE_REVOKED)

    def _finish(self) -> None:
        if not is_revoked(self.identity) or has_forgotten(self.identity):
            return
        self.settings.close(OutOfService(REVOKED, UNKNOWN, self.clock.now()))
        remove_durably(self.folder / CARRIED_FILE)
        self.settings.forget_policy()
        drop_next(self.identity)
        mark_revoked(self.identity, forgotten=True)

    @staticmethod
    def _try(step: Callable[[], None]) -> None:
        try:
            step()
        except (OSError, StoreError) as error:
            _log.error("revoked, and %s failed: %s", step.__name__.strip("_"), type(error).__name__)
