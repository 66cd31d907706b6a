"""How often one address may ask. What is remembered of it is a hash under a key of this process, for a minute."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Final

from civic.clock import Clock
from records.services.failures import neighbourhood

MOST: Final = 20  # checks a minute from one address, behind which an office may sit
_MINUTE: Final = timedelta(minutes=1).total_seconds()


@dataclass(slots=True)
class Pace:
    """One for each running service."""

    clock: Clock
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _asked: dict[bytes, int] = field(default_factory=dict, repr=False)
    _since: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def may_ask(self, address: str) -> bool:
        """Count one question; False: too many lately."""
        who = hashlib.blake2b(neighbourhood(address).encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            now = self.clock.monotonic()
            if now - self._since >= _MINUTE:
                self._asked.clear()
                self._since = now
            self._asked[who] = self._asked.get(who, 0) + 1
            return self._asked[who] <= MOST
