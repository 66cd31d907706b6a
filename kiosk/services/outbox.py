"""Taking in what is decided later: whether it may begin now, sealing it, and putting it into the outbox.

From the moment it is sealed nobody at the kiosk can read it again; the resident keeps its number.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import randbits
from uuid import UUID

from backend_client.contract.intakes import CONTENTS, Content, IntakeKind
from backend_client.contract.policy import IntakeRules
from backend_client.outbox import limits
from backend_client.outbox.items import RANDOM_BITS, Sealed, Stamp, uuid7
from backend_client.policy import PolicyHolder
from backend_client.seals import seal_intake
from backend_client.trusted_clock import TrustedClock
from civic.errors import CodedError
from kiosk.store.blobs import Blobs
from kiosk.store.outbox import Outbox
from terminal.store.errors import StoreUnwritableError

_KINDS = {content: kind for kind, content in CONTENTS.items()}


class IntakeClosedError(CodedError):
    """Nothing of this kind may be taken in now. ``detail``: the reasons' codes (backend_client.outbox.limits)."""

    code = "intake-closed"


@dataclass(frozen=True, slots=True)
class Taken:
    """For the resident's receipt: what its number is, and when by this kiosk's clock."""

    number: UUID
    at: datetime


class IntakeDesk:
    """Thread-safe."""

    def __init__(self, outbox: Outbox, blobs: Blobs, policy: PolicyHolder, clock: TrustedClock, folder: Path) -> None:
        """``folder``: on the disk whose free space counts."""
        self._outbox = outbox
        self._blobs = blobs
        self._policy = policy
        self._clock = clock
        self._folder = folder
        self.revoked = False
        self.writable = True

    def reasons(self, kind: IntakeKind) -> tuple[limits.Reason, ...]:
        """All that keeps this kind from being taken in now; empty: it may be."""
        return limits.reasons(kind, self._policy.current(), self._standing())

    def hand_in(self, content: Content, files: Sequence[bytes] = ()) -> Taken:
        """Seal it and keep it, durably. ``files``: ciphertext. Raises IntakeClosedError, and StoreUnwritableError: then
        nothing of it is left."""
        kind, rules = _KINDS[type(content)], self._rules(_KINDS[type(content)])
        stamp, names = self._stamp(), []
        number = uuid7(stamp.at, randbits(RANDOM_BITS))
        try:
            names = [self._blobs.keep(file) for file in files]
            sealed = seal_intake(content, number, kind, rules, tuple(names))
            self._outbox.put(Sealed(number, kind, rules.key_id, sealed, stamp, tuple(names)))
        except BaseException as error:
            self._blobs.drop(names)
            if isinstance(error, StoreUnwritableError):
                self.writable = False  # until it was seen to take something again
            raise
        return Taken(number, stamp.at)

    def waited(self) -> timedelta:
        """How long the first that waits has: by the machine's own clock within one start of it, whatever the wall clock
        was set to meanwhile; over a restart by the time at which it was handed in, as far as that is known."""
        oldest = self._outbox.oldest()
        if oldest is None:
            return timedelta(0)
        if oldest.boot_id == self._clock.boot:
            return timedelta(seconds=self._clock.monotonic(), milliseconds=-oldest.monotonic_ms)
        now = self._clock.records_now() or self._clock.now()
        return max(timedelta(0), now - oldest.at - timedelta(milliseconds=oldest.skew_ms or 0))

    def _rules(self, kind: IntakeKind) -> IntakeRules:
        reasons, policy = self.reasons(kind), self._policy.current()
        if reasons or policy is None or policy.intake is None:
            raise IntakeClosedError(" ".join(reasons))
        return policy.intake

    def _standing(self) -> limits.Standing:
        state = self._outbox.state()
        return limits.Standing(
            kept=state.waiting + state.aside,
            oldest=self.waited(),
            free=shutil.disk_usage(self._folder).free,
            skew=self._clock.skew(),
            writable=self.writable,
            revoked=self.revoked,
        )

    def _stamp(self) -> Stamp:
        skew = self._clock.skew()
        at, monotonic_ms = self._clock.wall().astimezone(UTC), int(self._clock.monotonic() * 1000)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)  # as the store keeps it
        return Stamp(at, self._clock.boot, monotonic_ms, None if skew is None else round(skew * 1000))
