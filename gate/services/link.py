"""The thread to records: heartbeat, their time, policy, receipts and the answers that officers wait for."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import Heartbeat, HeartbeatAnswer
from backend_client.contract.policy import SignedPolicy
from backend_client.errors import (
    DeviceRevokedError,
    RecordsError,
    RecordsRefusedError,
    RecordsUnreachableError,
)
from backend_client.outbox.back_off import BackOff
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import TrustedClock
from civic.clock import Clock
from devices.health import Health, Level
from gate.services.journal import Journal
from gate.services.tell import Tell
from gate.services.watch import RECORDS, GateWatch
from terminal.newest_policy import NewestPolicy
from terminal.store.audit import Audit
from terminal.store.errors import StoreError

BEATS_S = 2.5, 20.0
"""While records are away: the end of the first wait for the next beat, and of the longest."""


class LinkSession(Protocol):
    """What is asked of records."""

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        """How the device is."""

    def policy(self) -> SignedPolicy:
        """The newest signed bundle, unverified."""


@dataclass(slots=True)
class GateLink:
    """``tick`` is called every few seconds by one repeating job. ``mark``: GateTime's; ``count``: of the grants that
    are held; ``renewed``: there is a new policy. Nothing here is waited for by anybody who comes in."""

    session: LinkSession
    policy: PolicyHolder
    audit: Audit
    watch: GateWatch
    trusted: TrustedClock
    clock: Clock
    software: str
    tell: Tell
    journal: Journal
    back_off: BackOff
    mark: Callable[[], None]
    count: Callable[[], int]
    renewed: Callable[[], None] = lambda: None
    answers: int = 0  # how often records have answered
    _lock: Lock = field(default_factory=Lock)
    _newest: NewestPolicy = field(init=False)

    def __post_init__(self) -> None:
        self._newest = NewestPolicy(self.policy, self.audit)
        self.back_off.succeeded()  # the first beat waits for nothing

    def tick(self) -> None:
        """Tell and ask what there is. Never raises what belongs to the network or the disk."""
        with self._lock:
            with suppress(StoreError):
                self.mark()
            if not self.back_off.due(self.clock.monotonic()):
                return
            reason = self._beat()
            self.watch.tell(Health(RECORDS, Level.DOWN if reason else Level.READY, reason or "ok"))
            if reason:
                self.back_off.failed(self.clock.monotonic())
                return
            self.back_off.succeeded()
            self.tell.tick()

    def look(self) -> None:
        """Records have just said something about this gate: a heartbeat now, which hears what that is."""
        self.back_off.succeeded()
        self.tick()

    def asked(self) -> None:
        """An officer asks for passes. Never raises."""
        self.journal.tick()

    def renew_policy(self) -> None:
        """Records have just said that there is a newer policy: fetch it now. What fails, a later beat makes up for."""
        with self._lock, suppress(RecordsError, StoreError):
            self._fetch_policy()

    def _beat(self) -> str:
        """Empty, or why records are not to be counted on."""
        asked = self.clock.monotonic()
        try:
            answer = self._ask()
            self.answers += 1
            with suppress(StoreError):  # it counts all the same
                self.trusted.hear(asked, answer.server_time)
            if answer.policy_version > self.policy.version():
                self._fetch_policy()
        except DeviceRevokedError:
            return "revoked"
        except RecordsUnreachableError:
            return "unreachable"
        except RecordsRefusedError as error:  # of a forked audit records tell their officers; the gate goes on
            return "" if error.problem.code is ProblemCode.AUDIT_FORK else "refused"
        except (RecordsError, StoreError):
            return "refused"
        return ""

    def _ask(self) -> HeartbeatAnswer:
        """An audit that is not the one records have heard of is refused once: they raise an alert and go on from it."""
        try:
            return self.session.heartbeat(self._heartbeat())
        except RecordsRefusedError as error:
            if error.problem.code is not ProblemCode.AUDIT_FORK:
                raise
            return self.session.heartbeat(self._heartbeat())

    def _fetch_policy(self) -> None:
        if self._newest.fetch(self.session):
            self.renewed()

    def _heartbeat(self) -> Heartbeat:
        """A gate issues nothing, and says of nobody that they passed."""
        head = self.audit.head()
        return Heartbeat(
            at=self.clock.now(),
            software=self.software,
            policy_version=self.policy.version(),
            open_papers=0,
            out_of_service=self.watch.out_of_service(),
            audit_head=head.hash,
            audit_rows=head.seq,
            devices=self.watch.reasons(),
            grants=self.count(),
        )
