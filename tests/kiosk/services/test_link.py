"""The thread to records: at the real service, and at scripted answers for what a healthy one never says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Change, Topic
from backend_client.contract.devices import Heartbeat, HeartbeatAnswer, OutboxState
from backend_client.contract.policy import SignedPolicy
from backend_client.errors import (
    PolicyRefusedError,
    RecordsError,
    RecordsProtocolError,
    RecordsUnreachableError,
)
from backend_client.outbox.back_off import BackOff
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.clock import SystemClock
from devices.errors import DeviceUnavailableError
from kiosk.flows.readiness import Readiness
from kiosk.services.follow import Heed
from kiosk.services.link import BEATS_S, RecordsLink
from kiosk.services.readiness import Watch
from kiosk.store.settings import OutOfService
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import AuditKind
from tests.support.clocks import NOW, StillClock
from tests.support.issuing import TrayPrinter, assemble, refused
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.officer import on_staff
from tests.support.records_server import RecordsServer

FORGED = SignedPolicy(payload="e30=", key_id="00", signature="", certificate_pem="")


class Link:
    """A link and what the tiles heard of it."""

    def __init__(
        self, session: Any, store: KioskStore, printer: TrayPrinter, root_pem: str, clock: StillClock | SystemClock
    ) -> None:
        self.heard: list[Readiness] = []
        self.watch = Watch(store.audit, self.heard.append, clock)
        self.policy = PolicyHolder(store.settings, policy_keys_under(root_pem), clock)
        settle = assemble(store.database, store.journal, session, printer).settle
        self.link = RecordsLink(
            cast("RecordsSession", session),
            settle,
            self.policy,
            store.settings,
            store.audit,
            self.watch,
            clock,
            software="lamplight 0.1",
        )

    def tick(self) -> dict[str, str]:
        """One beat; what is known of records, policy and queue then."""
        self.link.tick()
        known = self.watch.reasons()
        return {name: known[name] for name in ("records", "policy", "queue")}

    def officer(self) -> bool:
        """Whether the tiles take it, after one beat, that an officer is there."""
        self.link.tick()
        return bool(self.heard) and self.heard[-1].officer


WELL = {"records": "ok", "policy": "ok", "queue": "ok"}


@pytest.fixture
def printer(tmp_path: Path) -> TrayPrinter:
    return TrayPrinter(tmp_path / "tray")


@pytest.fixture
def real_store(tmp_path: Path) -> Iterator[KioskStore]:
    with store_on(tmp_path / "real.db", SystemClock()) as opened:
        yield opened


def real(session: RecordsSession, records: RecordsServer, store: KioskStore, printer: TrayPrinter) -> Link:
    return Link(session, store, printer, records.root_pem.read_text("ascii"), SystemClock())


# --- at the real service ---


def test_the_first_beat_brings_everything(
    session: RecordsSession, records: RecordsServer, real_store: KioskStore, printer: TrayPrinter
) -> None:
    """Link, policy, an empty queue; skew and last sync are known."""
    link = real(session, records, real_store, printer)
    assert link.link.skew is None
    assert link.link.last_sync is None
    assert link.tick() == WELL
    assert link.link.skew is not None
    assert abs(link.link.skew) < 1
    assert real_store.settings.last_sync() is not None
    assert real_store.audited(AuditKind.POLICY_ACCEPTED) == [{"version": link.policy.version()}]
    link.tick()
    assert len(real_store.audited(AuditKind.POLICY_ACCEPTED)) == 1


def test_records_that_go_down_are_known_within_one_beat_and_come_back_by_themselves(
    session: RecordsSession, records: RecordsServer, real_store: KioskStore, printer: TrayPrinter
) -> None:
    """The policy that is held stays; each change is audited once."""
    link = real(session, records, real_store, printer)
    link.tick()
    records.kill()
    for _ in range(3):
        assert link.tick() == {**WELL, "records": "unreachable"}
    records.start()
    assert link.tick() == WELL
    changes = [row["state"] for row in real_store.audited(AuditKind.DEVICE_CHANGED) if row["device"] == "records"]
    assert changes == ["ok", "unreachable", "ok"]


def test_whether_an_officer_is_on_duty_is_known_within_one_beat(
    session: RecordsSession, records: RecordsServer, real_store: KioskStore, printer: TrayPrinter
) -> None:
    """Signed in is not yet on duty."""
    link = real(session, records, real_store, printer)
    officer = on_staff(records.cli, records.url, records.root_pem, "link-officer")
    known = [link.officer()]
    for change in (True, False):
        officer.duty(on=change)
        known.append(link.officer())
    officer.close()
    assert known == [False, True, False]


def test_a_revoked_kiosk_hears_so(
    records: RecordsServer, session: RecordsSession, tmp_path: Path, printer: TrayPrinter
) -> None:
    """Its tile says that the link is down, its technician's page that the certificate was revoked."""
    assert session is not None
    device = records.enrol()
    own = RecordsSession(records.url, records.root_pem, device.certificate, device.key, Timeouts(2.0, 5.0))
    with store_on(tmp_path / "revoked.db", SystemClock()) as store:
        link = real(own, records, store, printer)
        assert link.tick()["records"] == "ok"
        records.cli("revoke", device.device_id)
        assert link.tick()["records"] == "revoked"
    own.close()


# --- at scripted answers ---


@dataclass
class Scripted:
    """Answers what it is told to. ``beats`` is what was sent."""

    version: int = 1
    ahead: timedelta = timedelta(0)
    fails: Exception | None = None
    bundle: SignedPolicy | Exception = FORGED
    beats: list[Heartbeat] = field(default_factory=list)
    bundles_given: int = 0
    clock: StillClock = field(default_factory=StillClock)
    takes: float = 0.0
    officer: bool = False

    def heartbeat(self, beat: Heartbeat) -> HeartbeatAnswer:
        """Here."""
        self.beats.append(beat)
        if self.fails is not None:
            raise self.fails
        self.clock.pass_by(self.takes / 2)
        answered = self.clock.now() + self.ahead
        self.clock.pass_by(self.takes / 2)
        return HeartbeatAnswer(server_time=answered, policy_version=self.version, officer_on_duty=self.officer)

    def policy(self) -> SignedPolicy:
        """The bundle."""
        self.bundles_given += 1
        if isinstance(self.bundle, Exception):
            raise self.bundle
        return self.bundle


@pytest.fixture
def scripted(clock: StillClock) -> Scripted:
    return Scripted(clock=clock)


@pytest.fixture
def link(
    scripted: Scripted, store: KioskStore, printer: TrayPrinter, clock: StillClock, records: RecordsServer
) -> Link:
    return Link(scripted, store, printer, records.root_pem.read_text("ascii"), clock)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (RecordsUnreachableError("x"), "unreachable"),
        (RecordsProtocolError("x"), "refused"),
        (refused(ProblemCode.NOT_PERMITTED), "refused"),
        (refused(ProblemCode.DEVICE_REVOKED), "revoked"),
    ],
)
def test_why_records_can_t_be_counted_on_is_said(
    link: Link, scripted: Scripted, failure: RecordsError, reason: str
) -> None:
    """A tick raises nothing of the network's."""
    scripted.fails = failure
    assert link.tick()["records"] == reason


def test_an_officer_who_can_t_be_reached_is_not_offered(link: Link, scripted: Scripted) -> None:
    """Whoever is on duty, is so behind a link that is down."""
    scripted.officer = True
    assert link.officer()
    scripted.fails = RecordsUnreachableError("x")
    assert not link.officer()
    scripted.fails = None
    assert link.officer()


def test_a_forged_policy_is_refused_and_audited_once(link: Link, scripted: Scripted, store: KioskStore) -> None:
    """Though it is offered at every beat; without a policy nothing is offered to residents."""
    for _ in range(4):
        assert link.tick()["policy"] == "none"
    assert scripted.bundles_given == 4
    assert store.audited(AuditKind.POLICY_REFUSED) == [{"reason": "issuer"}]
    assert store.settings.load_policy() is None


def test_an_older_or_forged_policy_leaves_the_last_valid_one(
    session: RecordsSession,
    records: RecordsServer,
    real_store: KioskStore,
    printer: TrayPrinter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also across a restart. Records that announce version 9 and give an older bundle are not followed."""
    link = real(session, records, real_store, printer)
    link.tick()
    held = link.policy.current()
    assert held is not None
    genuine = session.policy()
    scripted = Scripted(version=9, clock=StillClock(SystemClock().now()))
    link.link.session = cast("RecordsSession", scripted)
    payload = json.dumps({"version": 9})
    refusals: list[tuple[SignedPolicy | Exception, str]] = [
        (genuine.model_copy(update={"payload": payload.encode().hex()}), "signature"),
        (genuine.model_copy(update={"signature": "AAAA"}), "signature"),
        (genuine.model_copy(update={"certificate_pem": ""}), "issuer"),
        (PolicyRefusedError("version"), "version"),
    ]
    for bundle, _ in refusals:
        scripted.bundle = bundle
        link.tick()
        assert link.policy.current() == held
    assert {row["reason"] for row in real_store.audited(AuditKind.POLICY_REFUSED)} == {why for _, why in refusals}
    monkeypatch.setattr(link.policy, "_held", held.model_copy(update={"version": held.version + 1}))
    scripted.bundle = genuine
    link.tick()
    assert link.policy.version() == held.version + 1
    root = records.root_pem.read_text("ascii")
    assert PolicyHolder(real_store.settings, policy_keys_under(root), SystemClock()).current() == held


def test_a_policy_past_its_end_offers_nothing(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said to have expired."""
    monkeypatch.setattr(type(link.policy), "version", lambda _: 3)
    assert link.tick()["policy"] == "expired"


def test_an_audit_that_records_did_not_know_is_told_and_the_kiosk_works_on(
    link: Link, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They refuse it once, and raise an alert."""
    well, forks = scripted.heartbeat, [refused(ProblemCode.AUDIT_FORK)]

    def once(beat: Heartbeat) -> HeartbeatAnswer:
        if forks:
            raise forks.pop()
        return well(beat)

    monkeypatch.setattr(scripted, "heartbeat", once)
    assert link.tick()["records"] == "ok"
    assert link.link.forked


@pytest.mark.parametrize("seconds", [-90.0, 0.0, 12.5])
def test_skew_is_measured_from_the_middle_of_the_question(link: Link, scripted: Scripted, seconds: float) -> None:
    """A slow network is no wrong clock."""
    scripted.ahead, scripted.takes = timedelta(seconds=seconds), 4.0
    link.tick()
    assert link.link.skew == pytest.approx(seconds)


def test_what_is_carried_is_refreshed_with_records_clock_of_the_same_beat(link: Link, scripted: Scripted) -> None:
    """Never without an answer: then records' clock is not known."""
    told: list[float | None] = []
    link.link.refresh = told.append
    scripted.fails, scripted.ahead = RecordsUnreachableError("x"), timedelta(days=400)
    link.tick()
    assert told == []
    scripted.fails = None
    link.tick()
    link.tick()
    assert told == [pytest.approx(400 * 86400.0)]


def test_last_sync_outlives_a_restart_and_the_disk_hears_of_it_once_a_minute(
    link: Link, scripted: Scripted, store: KioskStore, clock: StillClock
) -> None:
    """Not at every beat; and what passes without a link is marked all the same."""
    link.tick()
    assert store.settings.last_sync() == NOW
    clock.pass_by(30)
    link.tick()
    assert (link.link.last_sync, store.settings.last_sync()) == (clock.now(), NOW)
    clock.pass_by(31)
    link.tick()
    assert store.settings.last_sync() == clock.now()
    scripted.fails = RecordsUnreachableError("x")
    at: datetime | None = clock.now()
    clock.pass_by(600)
    link.tick()
    assert link.link.last_sync == at
    heard = store.settings.load_heard()
    assert heard is not None
    assert (heard.at, heard.seen) == (at, clock.now())


def test_while_records_are_away_they_are_asked_ever_more_seldom(
    link: Link, scripted: Scripted, clock: StillClock
) -> None:
    """Not every kiosk of a city in the second in which they come back; and a blink is over with the next beats."""
    link.link.back_off = BackOff(Random(7), clock.monotonic(), *BEATS_S)
    link.link.back_off.succeeded()
    scripted.fails = RecordsUnreachableError("x")
    for _ in range(240):
        link.tick()
        clock.pass_by(2.5)
    assert 30 < len(scripted.beats) < 120
    scripted.fails = None
    for _ in range(8):
        link.tick()
        clock.pass_by(2.5)
    assert link.tick()["records"] == "ok"
    asked = len(scripted.beats)
    link.tick()
    link.tick()
    assert len(scripted.beats) == asked + 2


def test_what_the_feed_says_of_this_device_or_of_a_policy_is_followed_at_once(
    link: Link, scripted: Scripted, clock: StillClock
) -> None:
    """A heartbeat now, though records were away a moment ago; a policy that is held already is not asked for."""
    link.link.back_off = BackOff(Random(7), clock.monotonic(), *BEATS_S)
    link.link.back_off.failed(clock.monotonic(), 60.0)
    heed = Heed(link.link, link.policy)
    for topic in (Topic.PAPER_VOID, Topic.INTAKE, Topic.POLICY):
        heed.heard(Change(topic=topic, ref="0", at=NOW))
    assert scripted.beats == []
    heed.heard(Change(topic=Topic.DEVICE, ref="kiosk-0001", at=NOW))
    assert len(scripted.beats) == 1


def test_a_queue_is_cleared_also_while_records_are_away(
    link: Link, scripted: Scripted, printer: TrayPrinter, clock: StillClock
) -> None:
    """Patience with records is none with the printer."""
    link.link.back_off = BackOff(Random(7), clock.monotonic(), *BEATS_S)
    link.link.back_off.succeeded()
    scripted.fails = RecordsUnreachableError("x")
    printer.clear_fails = DeviceUnavailableError("off")
    link.tick()
    printer.clear_fails = None
    assert link.tick()["queue"] == "ok"


def test_a_new_policy_is_told_to_whoever_waits_for_one(
    session: RecordsSession, records: RecordsServer, real_store: KioskStore, printer: TrayPrinter
) -> None:
    """Once, when it is taken."""
    link, told = real(session, records, real_store, printer), []
    link.link.accepted = lambda: told.append(True)
    link.tick()
    link.tick()
    assert told == [True]


def test_a_queue_that_is_not_clear_offers_nothing(link: Link, printer: TrayPrinter) -> None:
    """A job of the last start could still come out. Once the printer is back it is dropped, and the tile opens."""
    printer.clear_fails = DeviceUnavailableError("off")
    assert link.tick()["queue"] == "starting"
    printer.clear_fails = None
    assert link.tick()["queue"] == "ok"
    assert printer.cleared == 1


def test_the_heartbeat_says_how_the_kiosk_is_and_nothing_of_residents(
    link: Link, scripted: Scripted, store: KioskStore
) -> None:
    """Codes, counts and a hash: that is all there is room for."""
    store.settings.close(OutOfService("repair", "tonight", NOW))
    link.link.outbox = lambda: OutboxState(waiting=2, aside=1)
    link.tick()
    link.tick()
    beat = scripted.beats[-1]
    assert (beat.software, beat.policy_version, beat.open_papers, beat.out_of_service) == (
        "lamplight 0.1",
        0,
        0,
        "repair",
    )
    head = store.audit.head()
    assert (beat.audit_head, beat.audit_rows) == (head.hash, head.seq)
    assert beat.outbox == OutboxState(waiting=2, aside=1)
    assert beat.devices == {"records": "ok", "queue": "ok", "policy": "none"}
    assert beat.grants is None  # a gate's to say
    assert set(Heartbeat.model_fields) == {
        "at", "software", "policy_version", "open_papers", "out_of_service", "audit_head", "audit_rows", "devices",
        "outbox", "grants",
    }  # fmt: skip
