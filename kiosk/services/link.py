"""The thread to records: heartbeat, their time, policy, and whatever is still to be told."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import Heartbeat, HeartbeatAnswer, OutboxState
from backend_client.errors import (
    DeviceRevokedError,
    RecordsError,
    RecordsRefusedError,
    RecordsUnreachableError,
)
from backend_client.outbox.back_off import BackOff
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.trusted_clock import TrustedClock
from civic.clock import Clock
from devices.health import Health, Level
from kiosk.services.readiness import Watch
from kiosk.services.settle import Settle, Settled
from kiosk.store.settings import Settings
from terminal.boot import boot_id
from terminal.newest_policy import NewestPolicy
from terminal.store.audit import Audit
from terminal.store.errors import StoreError

_REFRESH_EVERY = timedelta(hours=1).total_seconds()
BEATS_S = 2.5, 20.0
"""While records are away: the end of the first wait for the next beat, and of the longest."""

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
    trusted: TrustedClock | None = None  # what is told of records' time; one of its own unless it is given
    outbox: Callable[[], OutboxState] = OutboxState
    back_off: BackOff | None = None  # while records don't answer; None: every tick asks
    accepted: Callable[[], None] = lambda: None  # there is a new policy
    forked: bool = False  # records knew another audit of this kiosk than the one it has
    _lock: Lock = field(default_factory=Lock)
    _last_sync: datetime | None = None
    _kept_sync: datetime | None = None
    _settled: Settled | None = None
    _refreshed: float | None = None
    _time: TrustedClock = field(init=False)
    _newest: NewestPolicy = field(init=False)

    def __post_init__(self) -> None:
        self._last_sync = self.settings.last_sync()
        self._newest = NewestPolicy(self.policy, self.audit)
        self._time = self.trusted or TrustedClock(self.clock, boot_id(), self.settings)
        if self.back_off is not None:
            self.back_off.succeeded()  # the first screen waits for the first answer

    @property
    def skew(self) -> float | None:
        """Records' clock minus ours, in seconds; None before the first answer since this machine was started."""
        return self._time.skew()

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
            self._mark_time()
            if not self._is_time():
                return
            reason = self._beat()
            self._take_breath(reason)
            self.watch.tell(Health("records", Level.DOWN if reason else Level.READY, reason or "ok"))
            if not reason:
                self._refresh()
            if reason:
                self.watch.tell_officer(on_duty=False)  # whoever is there can't be reached
            self._settled = self.settle.run()
            clear = self._settled.queue_clear
            self.watch.tell(Health("queue", Level.READY if clear else Level.DOWN, "ok" if clear else "starting"))
            self._tell_policy()

    def look(self) -> None:
        """Records have just said something about this device: a heartbeat now, which hears what that is."""
        if self.back_off is not None:
            self.back_off.succeeded()
        self.tick()

    def renew_policy(self) -> None:
        """Records have just said that there is a newer policy: fetch it now. What fails, a later beat makes up for."""
        with self._lock, suppress(RecordsError):
            self._accept_policy()
        self._tell_policy()

    def _mark_time(self) -> None:
        """What passes without a link counts after a restart too."""
        with suppress(StoreError):
            self._time.mark()

    def _is_time(self) -> bool:
        """While records are away they are not asked at every tick, lest a whole city asks in the second in which they
        come back; but as long as a page may lie in the printer's queue, it is looked after."""
        if self.back_off is None or self.back_off.due(self.clock.monotonic()):
            return True
        return self._settled is not None and not self._settled.queue_clear

    def _take_breath(self, reason: str) -> None:
        if self.back_off is None:
            return
        if reason:
            self.back_off.failed(self.clock.monotonic())
        else:
            self.back_off.succeeded()

    def _beat(self) -> str:
        """Empty, or why records are not to be counted on."""
        asked = self.clock.monotonic()
        try:
            answer = self._ask()
            self._time.hear(asked, answer.server_time)
            self._keep_sync()
            self.watch.tell_officer(on_duty=answer.officer_on_duty)
            if answer.policy_version > self.policy.version() or self.policy.current() is None:
                self._accept_policy()
        except DeviceRevokedError:
            return "revoked"
        except RecordsUnreachableError:
            return "unreachable"
        except RecordsRefusedError as error:  # of a forked audit records tell their officers: residents are served on
            return "" if error.problem.code is ProblemCode.AUDIT_FORK else "refused"
        except RecordsError:
            return "refused"
        return ""

    def _ask(self) -> HeartbeatAnswer:
        """An audit that is not the one records have heard of is refused once: they raise an alert and go on from it."""
        try:
            return self.session.heartbeat(self._heartbeat(self.clock.now()))
        except RecordsRefusedError as error:
            if error.problem.code is not ProblemCode.AUDIT_FORK:
                raise
            self.forked = True
            return self.session.heartbeat(self._heartbeat(self.clock.now()))

    def _refresh(self) -> None:
        now = self.clock.monotonic()
        if self._refreshed is None or now - self._refreshed >= _REFRESH_EVERY:
            self._refreshed = now
            self.refresh(self.skew)

    def _heartbeat(self, at: datetime) -> Heartbeat:
        closed = self.settings.out_of_service()
        counts = self._settled.open if self._settled else None
        head = self.audit.head()
        return Heartbeat(
            at=at,
            software=self.software,
            policy_version=self.policy.version(),
            open_papers=counts.untold if counts else 0,
            out_of_service=closed.reason if closed else "",
            audit_head=head.hash,
            audit_rows=head.seq,
            devices=self.watch.reasons(),
            outbox=self.outbox(),
        )

    def _accept_policy(self) -> None:
        if self._newest.fetch(self.session):
            self.accepted()

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
