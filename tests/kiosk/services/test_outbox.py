"""Taking in and sending: what may begin, what the desk keeps, and what the job makes of each night."""

import base64
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.intakes import CorrectionContent, IntakeKind, ResidenceContent
from backend_client.contract.persons import DwellingRequest
from backend_client.errors import DeviceRevokedError, RecordsProtocolError, RecordsUnreachableError
from backend_client.outbox.back_off import LONGEST_S, BackOff
from backend_client.outbox.limits import Reason
from backend_client.outbox.sender import Sender
from backend_client.policy import PolicyHolder
from backend_client.seals import open_seal
from backend_client.trusted_clock import TrustedClock
from kiosk.flows.readiness import Readiness
from kiosk.services.outbox import IntakeClosedError, IntakeDesk
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.readiness import Watch
from kiosk.store.blobs import FOLDER, Blobs
from kiosk.store.outbox import ASIDE_KEPT, Outbox
from terminal.store.errors import StoreUnwritableError
from tests.support.clocks import NOW, SetClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.outbox import (
    BOOT,
    CONTENT,
    KEY,
    WHO,
    MemoryRecords,
    intake_rules,
    poisonous,
    policy_with,
    refused,
    sealed,
)

NEXT_BOOT = UUID(int=2)
KIND = IntakeKind.CORRECTION
LOST = RecordsUnreachableError("x")
RESIDENCE = ResidenceContent(who=WHO, door=DwellingRequest(building="3", unit="1", room="1201"), since="2026-05-01")


@dataclass
class Room:
    """A kiosk's outbox with its clocks, and records that a test leads."""

    folder: Path
    machine: SetClock
    store: KioskStore
    records: MemoryRecords
    policy: Any
    heard: list[Readiness]
    boot: UUID = BOOT

    def __post_init__(self) -> None:
        self.start()

    def start(self, boot: UUID = BOOT) -> None:
        """The process, anew; with another ``boot`` the machine."""
        if boot != self.boot:
            self.boot, self.machine.up = boot, 5.0
        self.time = TrustedClock(self.machine, self.boot, self.store.settings)
        blobs = Blobs(self.folder)
        self.outbox = Outbox(self.store.database, self.store.audit, blobs, self.time)
        self.desk = IntakeDesk(self.outbox, blobs, cast("PolicyHolder", self.policy), self.time, self.folder)
        watch = Watch(self.store.audit, self.heard.append, self.machine)
        line, held = (BackOff(Random(seed), self.machine.up) for seed in (1, 2))
        self.sync = OutboxSync(self.desk, self.outbox, Sender(self.records, self.outbox), watch, self.time, line, held)

    def hear(self, ahead: float = 0.0) -> None:
        """A heartbeat was answered; records' clock is so many seconds ahead of this one."""
        self.time.hear(self.machine.up, self.machine.wall + timedelta(seconds=ahead))

    def tick(self, seconds: float = 1.0) -> None:
        """One tick, and so much time."""
        self.sync.tick()
        self.machine.pass_by(seconds)

    def told(self) -> tuple[str, ...]:
        """What the tile heard last."""
        return self.heard[-1].reasons(KIND.value)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    machine = SetClock()
    rules = policy_with(intake_rules())
    policy = SimpleNamespace(current=lambda: rules)
    with store_on(tmp_path / "kiosk.db", machine) as store:
        yield Room(tmp_path, machine, store, MemoryRecords(), policy, [])


# --- the desk ---


@pytest.mark.parametrize("content", [CONTENT, RESIDENCE])
def test_what_is_handed_in_is_sealed_kept_and_opens_at_records(
    room: Room, content: CorrectionContent | ResidenceContent
) -> None:
    """Its number is on the receipt; nobody here can read it."""
    room.hear(ahead=2.0)
    taken = room.desk.hand_in(content)
    (item,) = room.outbox.ready(0)
    assert (item.id, item.at, item.sequence, item.skew_ms) == (taken.number, NOW, 1, 2000)
    assert (taken.number.version, item.boot_id, item.monotonic_ms) == (7, BOOT, 100_000)
    assert type(content).model_validate_json(open_seal(item, KEY)) == content


def test_files_are_kept_beside_it_and_bound_to_it(room: Room) -> None:
    """By their hashes, which the seal vouches for."""
    room.hear()
    room.desk.hand_in(CONTENT, [b"one", b"two"])
    (item,) = room.outbox.ready(0)
    assert [room.outbox.blob(name) for name in item.blobs] == [b"one", b"two"]
    assert open_seal(item, KEY)


def test_what_can_t_be_kept_leaves_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file without its row; and nobody else begins until the disk takes something again."""
    room.hear()

    def full(_: object) -> None:
        raise StoreUnwritableError("full")

    monkeypatch.setattr(room.outbox, "put", full)
    with pytest.raises(StoreUnwritableError):
        room.desk.hand_in(CONTENT, [b"one"])
    assert list((room.folder / FOLDER).iterdir()) == []
    assert room.desk.reasons(KIND) == (Reason.STORE_UNWRITABLE,)
    room.tick(61)
    assert room.desk.reasons(KIND) == ()


def test_all_reasons_are_there_before_the_resident_begins_and_nothing_is_taken_in_then(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the tile at once, and at the desk once more."""
    room.policy.current = lambda: policy_with(intake_rules(most=1))
    room.hear(ahead=700.0)
    room.outbox.put(sealed())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**20))
    assert {*room.desk.reasons(KIND)} == {Reason.QUEUE_FULL, Reason.DISK_LOW, Reason.CLOCK_OFF}
    with pytest.raises(IntakeClosedError, match="queue-full disk-low clock-off"):
        room.desk.hand_in(CONTENT)
    room.records.fails = [LOST]
    room.sync.tick()
    assert {*room.told()} == {"outbox.queue-full", "outbox.disk-low", "outbox.clock-off"}
    assert room.outbox.state().waiting == 1


def test_a_kiosk_that_has_not_heard_of_records_since_its_start_takes_nothing_in(room: Room) -> None:
    """Nobody knows what its clock is worth. Once it has, it may be alone for days."""
    room.tick()
    assert room.told() == ("outbox.clock-unmeasured",)
    room.hear()
    room.tick(3 * 86400)
    room.tick()
    assert room.told() == ()
    room.start(NEXT_BOOT)
    room.tick()
    assert room.told() == ("outbox.clock-unmeasured",)


def test_without_a_policy_or_with_one_that_says_nothing_the_tile_is_grey(room: Room) -> None:
    """As before the first policy of this release."""
    room.hear()
    room.policy.current = lambda: None
    room.tick()
    assert room.told() == ("outbox.no-policy",)
    room.policy.current = lambda: policy_with(None)
    room.tick()
    assert room.told() == ("outbox.not-offered",)


def test_a_disk_that_takes_nothing_is_found_out_within_a_minute(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """And again when it does."""
    room.hear()
    room.tick(61)
    with monkeypatch.context() as patch:
        patch.setattr(room.outbox, "is_writable", lambda: False)
        room.tick(61)
        assert room.told() == ("outbox.store-unwritable",)
    room.tick()
    assert room.told() == ()


# --- clocks ---


@pytest.mark.parametrize("set_by", [-400 * 86400, -3600, 0, 3600, 400 * 86400])
def test_a_clock_that_is_set_in_the_middle_ages_and_reorders_nothing(room: Room, set_by: float) -> None:
    """Within one start of the machine its other clock counts; the order is that of the places."""
    room.hear()
    for _ in range(2):
        room.desk.hand_in(CONTENT)
        room.machine.pass_by(3600)
    room.machine.set_by(set_by)
    room.outbox.put(sealed(room.desk._stamp()))
    assert room.desk.waited() == timedelta(hours=2)
    room.hear()
    room.sync.tick()
    assert room.records.order == [1, 2, 3]
    skews = [item.skew_ms for item in room.records.kept.values()]
    assert skews == [0, 0, -set_by * 1000]


def test_over_a_restart_age_is_reckoned_by_records_time(room: Room) -> None:
    """Corrected by what was known of the clock when it was handed in; never negative."""
    room.hear(ahead=7200.0)
    room.outbox.put(sealed(room.desk._stamp()))
    room.machine.pass_by(1800)
    room.start(NEXT_BOOT)
    assert room.desk.waited() == timedelta(0)  # nobody has said yet that this clock is two hours behind
    room.machine.set_by(-86400)
    room.hear(ahead=86400.0 + 7200.0)
    assert room.desk.waited() == timedelta(hours=0.5)


def test_an_error_that_became_known_later_is_sent_with_it(room: Room) -> None:
    """Handed in before the first heartbeat: the machine's own clock tells how wrong the wall clock was then."""
    room.outbox.put(sealed(room.desk._stamp()))
    room.machine.pass_by(600)
    room.machine.set_by(-300)
    room.hear(ahead=1000.0)
    room.sync.line.succeeded()
    room.sync.tick()
    assert [item.skew_ms for item in room.records.kept.values()] == [700_000]


# --- the job ---


def test_what_is_handed_in_is_sent_with_the_next_tick(room: Room) -> None:
    """While the link is well there is nothing to wait for."""
    room.hear()
    room.tick()
    taken = room.desk.hand_in(CONTENT)
    room.tick()
    assert list(room.records.kept) == [taken.number]
    assert room.outbox.state().waiting == 0


def test_nothing_is_sent_before_records_were_heard(room: Room) -> None:
    """Nobody would know how wrong the times are."""
    room.outbox.put(sealed())
    room.sync.line.succeeded()
    room.tick()
    assert room.records.batches == []


def test_after_a_start_with_a_full_queue_nobody_hurries(room: Room) -> None:
    """Perhaps the power came back to a whole city."""
    room.outbox.put(sealed())
    room.start()
    room.hear()
    room.tick()
    assert room.records.batches == []
    room.machine.pass_by(LONGEST_S)
    room.tick()
    assert room.records.order == [1]


def test_a_night_without_a_link_is_asked_about_seldom_and_then_sent_in_order(room: Room) -> None:
    """Full jitter up to a quarter of an hour: a few dozen tries in eight hours, not thousands."""
    room.hear()
    room.records.fails = [LOST] * 1000
    for _ in range(20):
        room.desk.hand_in(CONTENT)
    for _ in range(8 * 60):
        room.tick(60)
    assert 30 < len(room.records.batches) < 150
    assert room.sync.seen.problem == "records-unreachable"
    room.records.fails.clear()
    for _ in range(int(LONGEST_S // 60) + 1):
        room.tick(60)
    assert room.records.order == list(range(1, 21))
    assert (room.sync.seen.problem, room.told()) == ("", ())


def test_retry_after_is_honoured(room: Room) -> None:
    """Also when it is longer than any wait of our own."""
    room.hear()
    room.desk.hand_in(CONTENT)
    room.records.fails = [refused(ProblemCode.TOO_MANY_REQUESTS, 429, after=3600)]
    for _ in range(59):
        room.tick(60)
    assert len(room.records.batches) == 1
    for _ in range(3):
        room.tick(60)
    assert room.records.order == [1]


@pytest.mark.parametrize("error", [refused(ProblemCode.NOT_PERMITTED, 403), RecordsProtocolError("x")])
def test_what_no_haste_mends_is_left_for_somebody_to_see_to(room: Room, error: Any) -> None:
    """Nothing is set aside: it is nobody's item's fault. It is asked again within a quarter of an hour."""
    room.hear()
    room.desk.hand_in(CONTENT)
    room.records.fails = [error]
    room.tick()
    assert room.sync.seen.problem == error.code
    assert 30 < room.sync.line.wait(room.machine.up) <= LONGEST_S
    assert (room.outbox.state().waiting, room.outbox.state().aside) == (1, 0)
    room.sync.wake()
    room.machine.pass_by(30)
    room.tick()
    assert room.records.order == [1]


def test_a_revoked_kiosk_takes_nothing_in_and_sends_nothing(room: Room) -> None:
    """What waits is for the bureau."""
    room.hear()
    room.desk.hand_in(CONTENT)
    problem = Problem(type="t", title="t", status=403, code=ProblemCode.DEVICE_REVOKED)
    room.records.fails = [DeviceRevokedError(problem)]
    room.tick(LONGEST_S)
    room.tick(LONGEST_S)
    assert (len(room.records.batches), room.told()) == (1, ("outbox.revoked",))
    with pytest.raises(IntakeClosedError, match="revoked"):
        room.desk.hand_in(CONTENT)
    assert room.outbox.state().waiting == 1


def test_what_records_hold_back_keeps_nothing_that_comes_later(room: Room) -> None:
    """It is brought again with patience; a new one at once."""
    room.hear()
    room.records.held = {room.desk.hand_in(CONTENT).number}
    room.tick()
    assert room.sync.seen.kept_back == "key-away"
    room.desk.hand_in(CONTENT)
    room.tick(0.001)
    assert room.records.order == [2]
    room.records.held.clear()
    for _ in range(4):
        room.tick(1)
    assert room.records.order == [2, 1]
    assert room.sync.seen.kept_back == ""


def test_a_disk_that_fails_in_the_middle_is_no_end(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer could not be written down: the same items are sent again, and answered as duplicates."""
    room.hear()
    room.desk.hand_in(CONTENT)

    def full(_: object) -> None:
        raise StoreUnwritableError("full")

    with monkeypatch.context() as patch:
        patch.setattr(room.outbox, "settle", full)
        room.tick(5)
        assert room.sync.seen.problem == "store-unwritable"
    room.tick()
    assert (room.records.order, room.outbox.state().waiting) == ([1], 0)


def test_after_it_was_stopped_nothing_more_is_sent(room: Room) -> None:
    """The kiosk is being closed."""
    room.hear()
    room.desk.hand_in(CONTENT)
    room.sync.stop()
    room.tick()
    assert room.records.batches == []


# --- what lies aside ---


def test_a_technician_sends_again_what_was_refused_or_gives_it_up(room: Room) -> None:
    """After a repair at records it is taken; what never will be is told to the resident in another way."""
    room.hear()
    for make in (poisonous, sealed):
        room.outbox.put(make())
    number = room.outbox.ready(1)[0].id
    room.records.whole = {number}
    room.sync.line.succeeded()
    room.tick(31)
    assert [each.problem for each in room.outbox.aside()] == ["intake-unreadable", "validation"]
    room.records.whole.clear()
    assert room.sync.again() == 2
    room.tick(31)
    room.tick(31)
    assert room.records.order == [2]
    assert [each.sequence for each in room.outbox.aside()] == [1]
    assert room.sync.discard("told-resident") == 1
    assert room.outbox.aside() == ()


def test_what_nobody_saw_to_is_dropped_after_thirty_days_of_records_time(room: Room) -> None:
    """Not when somebody sets the clock."""
    room.hear()
    room.outbox.put(poisonous())
    room.sync.line.succeeded()
    room.tick()
    room.machine.set_by(ASIDE_KEPT.total_seconds() * 2)
    room.tick(61)
    room.tick()
    assert len(room.outbox.aside()) == 1
    room.machine.pass_by(ASIDE_KEPT.total_seconds())
    room.tick()
    assert room.outbox.aside() == ()


def test_no_row_of_the_audit_says_anything_of_anybody(room: Room) -> None:
    """Places, counts and codes."""
    room.hear()
    room.desk.hand_in(CONTENT)
    room.outbox.put(poisonous())
    room.tick()
    rows = room.store.audited()
    assert {name for row in rows for name in row} <= {"sequence", "count", "code", "device", "state", "was"}
    assert base64.b64encode(WHO.name.encode()).decode() not in room.store.text()
