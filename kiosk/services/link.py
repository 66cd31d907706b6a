"""The thread to records: heartbeat, clock skew, policy, and whatever is still to be told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from backend_client.contract.devices import Heartbeat
from backend_client.errors import DeviceRevokedError, PolicyRefusedError, RecordsError, RecordsUnreachableError
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from civic.clock import Clock
from devices.health import Health, Level
from kiosk.services.readiness import Watch
from kiosk.services.settle import Settle, Settled
from kiosk.store.settings import Settings
from terminal.store.audit import Audit, AuditKind

_REFRESH_EVERY = timedelta(hours=1).total_seconds()
_KEEP_SYNC_EVERY = timedelta(minutes=1)  # the disk need not hear of every heartbeat


@dataclass(slots=True)
class RecordsLink:
    """``tick`` is called every few seconds by one repeating job."""

    session: RecordsSession
    settle: Settle
    policy: PolicyHolder
    settings: Settings
    audit: Audit
    watch: Watch
    clock: Clock
    software: str
    # what is carried for when there is no link, now and then; it is told the skew that was measured just before
    refresh: Callable[[float | None], None] = lambda _: None
    _lock: Lock = field(default_factory=Lock)
    _skew: float | None = None
    _last_sync: datetime | None = None
    _kept_sync: datetime | None = None
    _settled: Settled | None = None
    _policy_refused: str = ""
    _refreshed: float | None = None

    def __post_init__(self) -> None:
        self._last_sync = self.settings.last_sync()

    @property
    def skew(self) -> float | None:
        """Records' clock minus ours, in seconds; None before the first answer."""
        return self._skew

    @property
    def last_sync(self) -> datetime | None:
        """When records last answered."""
        return self._last_sync

    @property
    def settled(self) -> Settled | None:
        """What the last run left open."""
        return self._settled

    def tick(self) -> None:
        """Tell and ask what there is. Never raises what belongs to the network."""
        with self._lock:
            reason = self._beat()
            self.watch.tell(Health("records", Level.DOWN if reason else Level.READY, reason or "ok"))
            if not reason:
                self._refresh()
            if reason:
                self.watch.tell_officer(on_duty=False)  # whoever is there can't be reached
            self._settled = self.settle.run()
            clear = self._settled.queue_clear
            self.watch.tell(Health("queue", Level.READY if clear else Level.DOWN, "ok" if clear else "starting"))
            self._tell_policy()

    def _beat(self) -> str:
        """Empty, or why records are not to be counted on."""
        asked = self.clock.now()
        try:
            answer = self.session.heartbeat(self._heartbeat(asked))
            middle = asked + (self.clock.now() - asked) / 2
            self._skew = (answer.server_time - middle).total_seconds()
            self._keep_sync()
            self.watch.tell_officer(on_duty=answer.officer_on_duty)
            if answer.policy_version > self.policy.version() or self.policy.current() is None:
                self._accept_policy()
        except DeviceRevokedError:
            return "revoked"
        except RecordsUnreachableError:
            return "unreachable"
        except RecordsError:
            return "refused"
        return ""

    def _refresh(self) -> None:
        now = self.clock.monotonic()
        if self._refreshed is None or now - self._refreshed >= _REFRESH_EVERY:
            self._refreshed = now
            self.refresh(self._skew)

    def _heartbeat(self, at: datetime) -> Heartbeat:
        closed = self.settings.out_of_service()
        counts = self._settled.open if self._settled else None
        return Heartbeat(
            at=at,
            software=self.software,
            policy_version=self.policy.version(),
            open_papers=counts.untold if counts else 0,
            out_of_service=closed.reason if closed else "",
            audit_head=self.audit.head().hash,
            devices=self.watch.reasons(),
        )

    def _accept_policy(self) -> None:
        """What is refused is audited once, not at every beat that it is offered again; what was held stays."""
        try:
            policy = self.policy.accept(self.session.policy())
        except PolicyRefusedError as error:
            reason = error.detail or error.code
            if reason != self._policy_refused:
                self.audit.append(AuditKind.POLICY_REFUSED, reason=reason)
            self._policy_refused = reason
            return
        self._policy_refused = ""
        self.audit.append(AuditKind.POLICY_ACCEPTED, version=policy.version)

    def _tell_policy(self) -> None:
        if self.policy.current() is not None:
            self.watch.tell(Health("policy", Level.READY))
        else:
            self.watch.tell(Health("policy", Level.DOWN, "expired" if self.policy.version() else "none"))

    def _keep_sync(self) -> None:
        now = self._last_sync = self.clock.now()
        if self._kept_sync is None or now - self._kept_sync > _KEEP_SYNC_EVERY:
            self.settings.keep_last_sync(now)
            self._kept_sync = now
