"""The thread to records: what a heartbeat says, what its answer means, and that nobody at the door waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import uuid4

import pytest

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.devices import Heartbeat, HeartbeatAnswer
from backend_client.contract.policy import SignedPolicy
from backend_client.errors import DeviceRevokedError, RecordsRefusedError, RecordsUnreachableError
from backend_client.outbox.back_off import BackOff
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import TrustedClock
from devices.door.api import DoorEvent
from gate.services.link import GateLink
from gate.services.watch import GateWatch
from gate.store.opened import GateStore
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from tests.backend_client.test_policy import ROOT
from tests.gate.made_up import Still, store_at
from tests.support.clocks import NOW, StillClock


@dataclass
class Records:
    """Records, as far as a heartbeat goes: they answer, or raise."""

    raises: list[Exception] = field(default_factory=list)
    version: int = 0
    heard: list[Heartbeat] = field(default_factory=list)
    fetched: int = 0

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        self.heard.append(heartbeat)
        if self.raises:
            raise self.raises.pop(0)
        return HeartbeatAnswer(server_time=NOW, policy_version=self.version)

    def policy(self) -> SignedPolicy:
        self.fetched += 1
        return SignedPolicy(payload="", key_id="", signature="", certificate_pem="")


@dataclass
class Ticks:
    """Tell and Journal, counted."""

    ticks: int = 0

    def tick(self) -> None:
        self.ticks += 1


@dataclass
class Line:
    link: GateLink
    records: Records
    watch: GateWatch
    clock: StillClock
    audit: Audit
    tell: Ticks
    journal: Ticks
    marks: list[int]

    @property
    def reason(self) -> str:
        return self.watch.reasons()["records"]

    def refusals(self, store: GateStore) -> int:
        rows = store.database.query("SELECT 1 FROM audit WHERE kind = ?", AuditKind.POLICY_REFUSED.value)
        return len(rows)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GateStore]:
    with store_at(tmp_path / "gate.sqlite", Still()) as opened:
        yield opened


@pytest.fixture
def line(store: GateStore) -> Line:
    clock, records, marks = StillClock(), Records(), []
    audit = Audit(store.database, clock)
    watch = GateWatch(audit, clock, lambda _: None)
    trusted = TrustedClock(clock, uuid4(), store.settings)
    held = PolicyHolder(store.settings, policy_keys_under(ROOT.pem), trusted)
    tell, journal = Ticks(), Ticks()
    link = GateLink(
        session=records,
        policy=held,
        audit=audit,
        watch=watch,
        trusted=trusted,
        clock=clock,
        software="lamplight 0.1",
        tell=cast("Any", tell),
        journal=cast("Any", journal),
        back_off=BackOff(Random(1), clock.monotonic(), 2.5, 20.0),
        mark=lambda: marks.append(1),
        count=lambda: 7,
    )
    return Line(link, records, watch, clock, audit, tell, journal, marks)


def _refused(code: ProblemCode) -> RecordsRefusedError:
    return RecordsRefusedError(Problem(type="about:blank", title="t", status=409, code=code))


def test_a_heartbeat_says_how_the_gate_is_and_of_nobody_that_they_passed(line: Line) -> None:
    line.watch.count(DoorEvent.FORCED)
    line.watch.count(DoorEvent.EXIT_PRESSED)
    line.link.tick()
    (told,) = line.records.heard
    assert (told.grants, told.open_papers, told.out_of_service) == (7, 0, "no-door")
    assert told.devices == {"door-forced": "1"}
    assert told.audit_rows == line.audit.head().seq - 1  # since then: records answer
    assert (line.reason, line.link.answers, line.tell.ticks) == ("ok", 1, 1)


def test_records_time_counts_from_their_first_answer_on(line: Line) -> None:
    line.clock.pass_by(3600)
    line.link.tick()
    skew = line.link.trusted.skew()
    assert skew == -3600


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecordsUnreachableError("away"), "unreachable"),
        (DeviceRevokedError(Problem(type="t", title="t", status=403, code=ProblemCode.DEVICE_REVOKED)), "revoked"),
        (_refused(ProblemCode.VALIDATION), "refused"),
    ],
)
def test_without_records_it_asks_again_later_and_tells_them_nothing(line: Line, error: Exception, reason: str) -> None:
    """Later each time, so that a city's gates don't all ask in the second in which records come back."""
    line.records.raises = [error]
    line.link.tick()
    assert (line.reason, line.tell.ticks) == (reason, 0)
    line.link.tick()
    assert len(line.records.heard) == 1
    assert len(line.marks) == 2  # what passes meanwhile counts after a restart
    line.clock.pass_by(3)
    line.link.tick()
    assert line.reason == "ok"


def test_a_hint_about_the_gate_itself_waits_for_nothing(line: Line) -> None:
    line.records.raises = [RecordsUnreachableError("away")]
    line.link.tick()
    line.link.look()
    assert (len(line.records.heard), line.reason) == (2, "ok")


def test_an_audit_that_records_know_otherwise_keeps_nobody_out(line: Line) -> None:
    """They raise an alert, and go on from the one that is there."""
    line.records.raises = [_refused(ProblemCode.AUDIT_FORK)]
    line.link.tick()
    assert (len(line.records.heard), line.reason) == (2, "ok")


def test_a_policy_that_is_none_is_audited_once_and_the_one_that_was_held_stays(line: Line, store: GateStore) -> None:
    line.records.version = 3
    for _ in range(3):
        line.link.tick()
    line.link.renew_policy()
    assert line.records.fetched == 4
    assert line.link.policy.version() == 0
    assert line.refusals(store) == 1
    assert line.reason == "ok"


def test_a_question_for_passes_is_looked_at_when_it_is_told_of(line: Line) -> None:
    line.link.asked()
    assert line.journal.ticks == 1
