"""A technician at a gate: in by the PIN alone, every action audited, and a page that says nothing of anybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest

from backend_client.contract.tenancies import WayKind
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import TrustedClock
from civic.masking import Personal
from devices.door.api import DoorReason, DoorSecondsError, Opening
from devices.health import Health, Level
from gate.flows.technician import DoorTested, PinAccepted, PinRefused
from gate.services.machine import Machine
from gate.services.rules import InForce
from gate.services.technician import TechnicianDesk
from gate.services.watch import GateWatch
from gate.store.opened import GateStore
from terminal.machine import MachineRow, summary, table
from terminal.pin import PinFile
from terminal.pin_tries import LOCKED, TRIES, PinCheck
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreDamagedError
from terminal.texts import LANGUAGES, Catalogue
from tests.backend_client.test_policy import ROOT
from tests.gate.made_up import Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_room import ASSETS

RIGHT, WRONG = Personal("27182818"), Personal("31415926")
WORDS = Catalogue.load(ASSETS / "texts" / "gate")
DAYS_LEFT = 61


@dataclass
class Door:
    """A controller: what it answers, and for how long it was asked to let go."""

    answers: Opening | Exception = Opening.OPENED
    asked: list[float] = field(default_factory=list)

    def open(self, for_s: float, _cancel: Event) -> Opening:
        self.asked.append(for_s)
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


def _fails(*_: object) -> None:
    raise StoreDamagedError("gate.sqlite")


@dataclass
class Bench:
    """All that a technician's page is made of."""

    desk: TechnicianDesk
    door: Door
    watch: GateWatch
    store: GateStore
    clock: StillClock
    trusted: TrustedClock

    def audited(self, kind: AuditKind) -> list[dict[str, str]]:
        rows = self.store.database.query("SELECT fields FROM audit WHERE kind = ?", kind.value)
        return [json.loads(row[0]) for row in rows]

    def rows(self) -> dict[str, MachineRow]:
        return {row.name: row for group in self.desk.machine() for row in group.rows}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        clock, door, pin = StillClock(), Door(), PinFile(tmp_path / "pin.json")
        pin.set(RIGHT)
        audit = Audit(store.database, clock)
        watch = GateWatch(audit, clock, lambda _: None)
        trusted = TrustedClock(clock, uuid4(), store.settings)
        rules = InForce(PolicyHolder(store.settings, policy_keys_under(ROOT.pem), trusted))
        machine = Machine(watch, store, rules, trusted, tmp_path, lambda: DAYS_LEFT, "lamplight 0.1")
        check = PinCheck(pin, store.settings, audit, clock)
        desk = TechnicianDesk(check, door, lambda: 4.0, watch.count_trial, audit, machine.table, Event())  # type: ignore[arg-type]
        yield Bench(desk, door, watch, store, clock, trusted)


def test_five_wrong_pins_lock_the_page_and_not_the_door(bench: Bench) -> None:
    assert [bench.desk.check(WRONG) for _ in range(TRIES)] == [PinRefused()] * (TRIES - 1) + [PinRefused(15)]
    assert bench.desk.check(RIGHT) == PinRefused(15)
    bench.clock.pass_by(LOCKED.total_seconds())
    assert bench.desk.check(RIGHT) == PinAccepted()
    assert [len(bench.audited(kind)) for kind in (AuditKind.PIN_WRONG, AuditKind.PIN_LOCKED)] == [TRIES - 1, 1]
    assert len(bench.audited(AuditKind.MAINTENANCE_ENTERED)) == 1


def test_without_a_pin_there_is_no_way_in(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "pin.json").unlink()
    assert bench.desk.check(RIGHT) == PinRefused(unset=True)


def test_a_disk_that_fails_lets_nobody_in(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.store.database, "execute", _fails)
    assert bench.desk.check(RIGHT) == PinRefused()


@pytest.mark.parametrize(
    ("answer", "opened"),
    [(Opening.OPENED, True), (Opening.OFFLINE, False), (DoorSecondsError("too long"), False)],
    ids=["opened", "offline", "error"],
)
def test_a_trial_opens_as_long_as_a_pass_and_is_none(bench: Bench, answer: Opening | Exception, opened: bool) -> None:
    bench.door.answers = answer
    assert bench.desk.try_door() == DoorTested(opened)
    assert bench.door.asked == [4.0]
    assert bench.store.passes.count() == 0
    assert bench.watch.reasons()["door-tried"] == "1"
    outcome = "opened" if opened else "failed"
    (noted,) = bench.audited(AuditKind.MAINTENANCE_ACTION)
    assert (noted["action"], noted["outcome"]) == ("test-door", outcome)


def test_the_page_says_how_each_part_is_and_since_when(bench: Bench) -> None:
    bench.watch.tell(Health("door", Level.READY))
    bench.clock.pass_by(3600)
    bench.watch.tell(Health("door", Level.DOWN, DoorReason.SILENT))
    bench.clock.pass_by(60)
    bench.watch.tell(Health("door", Level.DOWN, DoorReason.SILENT))
    rows = bench.rows()
    assert (rows["door"].state, rows["door"].level) == ("silent", Level.DOWN)
    assert dict(rows["door"].facts)["since"] == "11-23 00:05", "of this reason, not of its last word"
    assert rows["gate_store"].state == "starting"
    assert "camera" not in rows, "none is fitted here"
    assert summary(bench.desk.machine(), WORDS.in_language("zh")).startswith("有问题：门")


def test_the_page_counts_and_names_nobody(bench: Bench) -> None:
    bench.store.grants.restart(
        snapshot(*(grant(each, way(900 + each, WayKind.CARD, f"card{each}")) for each in (1, 2)))
    )
    bench.store.passes.note("gate-1", number(500_001), NOW, WayKind.CARD)
    bench.trusted.hear(bench.clock.monotonic(), bench.clock.now())
    rows = bench.rows()
    counts = {name: dict(rows[name].values)["count"] for name in ("grants", "passes", "faces")}
    assert counts == {"grants": 2, "passes": 1, "faces": 0}
    assert dict(rows["clock_skew"].values) == {"seconds": "+0.0"}
    assert dict(rows["certificate"].values) == {"days": DAYS_LEFT}
    for language in LANGUAGES:
        said = repr(table(bench.desk.machine(), WORDS.in_language(language)))
        assert not any(secret in said for secret in (number(500_001), number(901), number(1), "card1"))


def test_a_store_that_can_t_be_read_is_what_the_page_says(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.store.database, "query", _fails)
    assert (bench.rows()["grants"].value, bench.rows()["grants"].level) == ("damaged", Level.DOWN)
