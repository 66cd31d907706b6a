"""What a gate forgets by itself, hour by hour, with nobody telling it to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import phone_counter
from devices.health import Health
from gate.services.tidy import EVERY_S, Tidy
from gate.store.opened import GateStore
from gate.store.templates import Template
from tests.gate.made_up import TODAY, VECTOR, Still, grant, moment, number, snapshot, store_at, way
from tests.support.clocks import NOW, StillClock


@dataclass
class Gate:
    """A gate's store, and its time."""

    store: GateStore
    time: Still = field(default_factory=Still)
    clock: StillClock = field(default_factory=StillClock)
    said: list[Health] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tidy = Tidy(self.store, self.time.moment, lambda: 30, self.clock, self.said.append)

    def after(self, passed: timedelta) -> None:
        """Let time pass, and the job run."""
        self.clock.pass_by(passed.total_seconds())
        self.time.at = moment(self.clock.now())
        self.tidy.tick()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        subject = Gate(store)
        store.grants.restart(snapshot(grant(1, way(7, WayKind.FACE), ends_on=TODAY), grant(2)))
        yield subject


def test_passes_go_after_the_policys_days(gate: Gate) -> None:
    for days in (0, 29, 31):
        gate.store.passes.note("gate-1", number(1), NOW - timedelta(days=days), WayKind.CARD)
    gate.after(timedelta())
    assert gate.store.passes.count() == 2
    gate.after(timedelta(days=2))
    assert gate.store.passes.count() == 1


def test_half_minutes_go_once_they_can_not_open_any_more(gate: Gate) -> None:
    counter = phone_counter(NOW)
    gate.store.passes.use("phone", counter)
    gate.store.passes.use("phone", counter - 4)
    gate.after(timedelta())
    assert gate.store.passes.used("phone") == {counter, counter - 4}
    gate.after(timedelta(hours=1))
    assert gate.store.passes.used("phone") == frozenset()


def test_a_right_that_is_over_goes_and_its_holders_face_within_the_hour(gate: Gate) -> None:
    gate.store.templates.put(Template(number(500_001), VECTOR, NOW, number(7)))
    gate.after(timedelta(days=7))
    assert (gate.store.grants.count(), len(gate.store.templates.all())) == (2, 1)
    gate.after(timedelta(hours=1, days=1))
    assert (gate.store.grants.count(), gate.store.templates.all()) == (1, [])
    assert {each.kind for each in gate.store.reports.waiting()} == {
        ReportKind.TEMPLATE_MADE,
        ReportKind.TEMPLATE_DELETED,
    }


def test_it_does_so_at_a_start_and_then_hourly(gate: Gate) -> None:
    gate.store.passes.note("gate-1", number(1), NOW - timedelta(days=31), WayKind.CARD)
    gate.after(timedelta())
    gate.store.passes.note("gate-1", number(1), NOW - timedelta(days=31), WayKind.CARD)
    gate.after(timedelta(seconds=EVERY_S - 1))
    assert gate.store.passes.count() == 1
    gate.after(timedelta(seconds=1))
    assert gate.store.passes.count() == 0


def test_a_disk_that_failed_is_tried_again_soon(gate: Gate) -> None:
    gate.store.passes.note("gate-1", number(1), NOW - timedelta(days=31), WayKind.CARD)
    gate.store.database.query("PRAGMA query_only=ON")
    gate.after(timedelta())
    gate.store.database.query("PRAGMA query_only=OFF")
    assert [each.reason for each in gate.said] == ["not-tidied"]
    gate.after(timedelta(minutes=1))
    assert gate.store.passes.count() == 0
