"""Whom the kiosk believes about papers: its root, and the newest carried list, kept for a start without a link.

The list names nobody: issuers' certificates, and hashes of void serials (forms.carried). It is written at most as often
as records are asked for one, and only when it says something else.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock

from cryptography import x509

from backend_client.enrolment import write_durably
from civic.clock import Clock
from forms.carried import CARRIED_FILE, CarriedList, held_in, open_list
from forms.errors import CarriedListError
from forms.trust import TrustStore

_MODE = 0o600
_AHEAD = timedelta(days=1)  # more than clocks differ

_log = logging.getLogger(__name__)


class Belief:
    """Usable from any thread."""

    def __init__(self, root_pem: str, folder: Path, clock: Clock) -> None:
        """``root_pem``: text that was checked before; ``folder``: where the list is kept."""
        self._root = TrustStore(x509.load_pem_x509_certificate(root_pem.encode("ascii")), ())
        self._path = folder / CARRIED_FILE
        self._clock = clock
        self._lock = Lock()
        self._held = self._kept()

    def now(self) -> tuple[CarriedList | None, TrustStore]:
        """The list, and the trust store that knows what it says. Never waits for the disk."""
        return self._held

    def carried(self) -> CarriedList | None:
        """The list alone."""
        return self._held[0]

    def accept(self, content: bytes) -> None:
        """Hold a list and keep it, for the next start. Raises CarriedListError, also when it is older than the held."""
        carried, known = open_list(content, self._root)
        with self._lock:
            if carried == self._held[0]:
                return
            self._require_newer(carried)
            self._keep(content)
            self._held = carried, known

    def _require_newer(self, carried: CarriedList) -> None:
        """A date that is yet to come counts for nothing: one list of a wrong clock must not stand for ever."""
        held, _ = self._held
        if held is not None and carried.made_at < held.made_at <= self._clock.now() + _AHEAD:
            raise CarriedListError("it is older than the one held")

    def _keep(self, content: bytes) -> None:
        """A disk that takes nothing leaves what is in memory."""
        try:
            write_durably(self._path, content, _MODE)
        except OSError as error:
            _log.error("%s can't be kept: %s", CARRIED_FILE, error.strerror)

    def _kept(self) -> tuple[CarriedList | None, TrustStore]:
        """What the last run kept, checked anew; what does not hold is taken away, and records are asked."""
        try:
            return held_in(self._path.parent, self._root)
        except CarriedListError as error:
            _log.error("%s is dropped: %s", CARRIED_FILE, error)
            with suppress(OSError):
                self._path.unlink()
            return None, self._root
