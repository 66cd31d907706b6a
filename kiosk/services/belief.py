"""Whom the kiosk believes about papers: its root, and the newest carried list, kept for a start without a link.

The list names nobody: issuers' certificates, and hashes of void serials (forms.carried). It is written at most as often
as records are asked for one, and only when it says something else than the file.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock

from cryptography import x509

from backend_client.device_files import write_durably
from civic.clock import Clock
from forms.carried import CARRIED_FILE, CarriedList, held_in, open_list
from forms.errors import CarriedListError, TrustError
from forms.trust import TrustStore

_MODE = 0o600
_AHEAD = timedelta(days=1).total_seconds()  # more than clocks differ

_log = logging.getLogger(__name__)


class Belief:
    """Usable from any thread."""

    def __init__(self, root_pem: str, folder: Path, clock: Clock) -> None:
        """``root_pem``: text that was checked before; ``folder``: where the list is kept."""
        self._root = TrustStore(x509.load_pem_x509_certificate(root_pem.encode("ascii")), ())
        self._path = folder / CARRIED_FILE
        self._clock = clock
        self._lock = Lock()
        self._saved = False  # whether the file is known to hold what is held
        self._held = self._kept()

    def now(self) -> tuple[CarriedList | None, TrustStore]:
        """The list, and the trust store that knows what it says. Never waits for the disk."""
        return self._held

    def carried(self) -> CarriedList | None:
        """The list alone."""
        return self._held[0]

    def accept(self, content: bytes, skew: float | None = None) -> None:
        """Hold a list and keep it, for the next start. Raises CarriedListError, also when it is older than the held.

        ``skew``: records' clock minus ours in seconds, as they have just said; None: not known.
        """
        carried, known = open_list(content, self._root)
        with self._lock:
            if self._held[0] is None:
                self._held = self._kept()  # it may be readable by now, and be the newer one
            if self._saved and carried == self._held[0]:
                return
            self._require_newer(carried, skew)
            self._saved = self._keep(content)
            self._held = carried, known

    def _require_newer(self, carried: CarriedList, skew: float | None) -> None:
        """By records' clock a date that is yet to come counts for nothing: one list of a wrong clock must not stand for
        ever. By the kiosk's own, which may be years behind, nothing is undone."""
        held, _ = self._held
        if held is None or carried.made_at >= held.made_at:
            return
        if skew is None or (held.made_at - self._clock.now()).total_seconds() - skew <= _AHEAD:
            raise CarriedListError("it is older than the one held")

    def _keep(self, content: bytes) -> bool:
        """Whether the disk took it; what is in memory stays, and is written when it comes again."""
        try:
            write_durably(self._path, content, _MODE)
        except OSError as error:
            _log.error("%s can't be kept: %s", CARRIED_FILE, error.strerror)
            return False
        return True

    def _kept(self) -> tuple[CarriedList | None, TrustStore]:
        """What the last run kept, checked anew. What does not hold is taken away; what can't be read now is left."""
        try:
            held = held_in(self._path.parent, self._root)
        except CarriedListError as error:
            _log.error("%s is dropped: %s", CARRIED_FILE, error)
            with suppress(OSError):
                self._path.unlink()
        except TrustError as error:
            _log.error("%s", error)
        else:
            self._saved = held[0] is not None
            return held
        return None, self._root
