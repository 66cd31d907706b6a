"""The device's certificate is followed by another, for a new key, before it ends: without a restart, between visits."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from backend_client import renewal
from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, is_revoked, settle
from backend_client.errors import EnrolmentError, RecordsError
from backend_client.session import RecordsSession
from civic.clock import Clock
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError

_log = logging.getLogger(__name__)


class Signer(Protocol):
    """Whatever signs by the device's key."""

    def use(self, key: Path) -> None:
        """Sign with this one from now on."""


@dataclass(slots=True)
class Renewal:
    """``tick`` is called every minute by one repeating job. ``idle``: nobody is being served, so that no statement is
    signed with one key and sent by the other's certificate."""

    session: RecordsSession
    signer: Signer
    identity: Path
    audit: Audit
    clock: Clock
    idle: Callable[[], bool] = lambda: True

    def tick(self) -> None:
        """Ask when it is time, switch when nobody is there. Never raises what belongs to the network or the disk."""
        try:
            if is_revoked(self.identity):
                return
            if not renewal.is_ready(self.identity) and renewal.is_due(self.identity, self.clock.now()):
                renewal.ask(self.session, self.identity)
            if renewal.is_ready(self.identity) and self.idle():
                self._switch()
        except (RecordsError, StoreError, OSError) as error:
            _log.error("certificate not renewed: %s", getattr(error, "code", type(error).__name__))

    def days_left(self) -> int | None:
        """Whole days until the certificate ends; None: it can't be read."""
        try:
            return renewal.days_left(self.identity, self.clock.now())
        except EnrolmentError:
            return None

    def _switch(self) -> None:
        settle(self.identity)
        self.session.use(self.identity / CERTIFICATE_FILE, self.identity / KEY_FILE)
        self.signer.use(self.identity / KEY_FILE)
        self.audit.append(AuditKind.CERTIFICATE_RENEWED)
