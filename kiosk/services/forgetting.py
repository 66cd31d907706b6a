"""What a kiosk forgets once records have revoked it: all that grants something, or that could be used in their name.

How that survives a power cut is terminal.revocation's. What stays is for the bureau: the audit, the journal, and the
outbox, which nobody here can read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from backend_client.device_files import remove_durably
from civic.clock import Clock
from forms.carried import CARRIED_FILE
from kiosk.flows.maintenance import REVOKED, UNKNOWN
from kiosk.store.settings import OutOfService, Settings
from terminal.revocation import Revocation
from terminal.store.audit import Audit, AuditKind


@dataclass(slots=True)
class Forgetting:
    """``identity``: the folder of key and certificate; ``folder``: of what the kiosk keeps. Usable from any thread."""

    identity: Path
    folder: Path
    settings: Settings
    audit: Audit
    clock: Clock
    shut: Callable[[], None] = lambda: None  # tells the screen; may come again and again
    _revocation: Revocation = field(init=False)

    def __post_init__(self) -> None:
        self._revocation = Revocation(self.identity, self.audit, self._forget, self._tell_screen)

    def revoked(self) -> None:
        """Records have said it. Never raises."""
        self._revocation.told()

    def resume(self) -> None:
        """At a start: finish what was begun; or, with a certificate that is not revoked, be in service again."""
        if self._revocation.resume():
            return
        if (closed := self.settings.out_of_service()) and closed.reason == REVOKED:
            self.settings.open()
            self.audit.append(AuditKind.BACK_IN_SERVICE)

    def _forget(self) -> None:
        self.settings.close(OutOfService(REVOKED, UNKNOWN, self.clock.now()))
        remove_durably(self.folder / CARRIED_FILE)
        self.settings.forget_policy()

    def _tell_screen(self) -> None:
        self.shut()  # as it is by then
