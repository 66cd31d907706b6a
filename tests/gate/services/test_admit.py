"""Somebody presents a way in at a gate with a store, and its disk may fail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import GrantChange
from civic.gate_codes import phone_counter
from devices.health import Health
from forms.paper import CHINA_TIME
from gate.flows.admission import (
    Admitted,
    CardKey,
    CardNumber,
    Code,
    Decision,
    FaceOf,
    Kind,
    NotAdmitted,
    Phone,
    Presented,
    Reason,
    Rules,
)
from gate.services.admit import Admit
from gate.store.opened import GateStore, gate_database, gate_store
from tests.gate.made_up import DOOR, KEY, TODAY, Still, grant, moment, number, snapshot, store_at, way
from tests.support.clocks import NOW
from tests.support.power_cut import PowerCutVfs

HOLDER = number(500_001)
COUNTER = phone_counter(NOW)
WAYS = (
    way(10, WayKind.CARD, "a2V5"),
    way(11, WayKind.CARD_NUMBER, "bnVtYmVy"),
    way(12, WayKind.PHONE, "cGhvbmU="),
    way(13, WayKind.SLIP, "c2xpcA==", NOW + timedelta(days=7)),
    way(14, WayKind.GUEST, "Z3Vlc3Q="),
    way(15, WayKind.FACE),
)
PHONE = Phone(number(12), COUNTER, signature_good=True)


@dataclass
class Gate:
    """A gate, its store and what it said of its health."""

    store: GateStore
    time: Still
    said: list[Health] = field(default_factory=list)
    admit: Admit = field(init=False)

    def __post_init__(self) -> None:
        self.admit = Admit(self.store, self.time.moment, lambda: Rules(weak_cards=True), self.said.append)

    def present(self, presented: Presented) -> Decision:
        return self.admit.present(presented)

    def passes(self) -> list[WayKind]:
        return [each.kind for each in self.store.passes.of(HOLDER, NOW - timedelta(1), NOW + timedelta(1), 99)]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    time = Still()
    with store_at(tmp_path / "gate.sqlite", time) as store:
        store.grants.restart(snapshot(grant(1, *WAYS)))
        yield Gate(store, time)


@pytest.mark.parametrize(
    ("presented", "kind"),
    [
        (CardKey("a2V5"), Kind.CARD),
        (CardNumber("bnVtYmVy"), Kind.CARD_NUMBER),
        (PHONE, Kind.PHONE),
        (Code("c2xpcA=="), Kind.SLIP),
        (Code("Z3Vlc3Q="), Kind.GUEST),
        (FaceOf(HOLDER), Kind.FACE),
    ],
)
def test_every_way_opens_and_is_noted_once(gate: Gate, presented: Presented, kind: Kind) -> None:
    decision = gate.present(presented)
    assert isinstance(decision, Admitted)
    assert (decision.kind, decision.holder) == (kind, HOLDER)
    assert gate.passes() == [WayKind(kind.value)]
    assert [each.reason for each in gate.said] == ["ok"]
    (noted,) = gate.store.passes.of(HOLDER, NOW, NOW + timedelta(seconds=1), 9)
    assert noted.door == DOOR.id


def test_a_refusal_is_noted_nowhere(gate: Gate) -> None:
    assert gate.present(CardKey("c3RyYW5nZXI=")) == NotAdmitted(Reason.UNKNOWN)
    assert (gate.store.passes.count(), gate.store.reports.waiting()) == (0, [])


def test_a_telephones_code_opens_once_and_the_next_one_again(gate: Gate) -> None:
    assert isinstance(gate.present(PHONE), Admitted)
    assert gate.present(PHONE) == NotAdmitted(Reason.REPLAYED)
    assert isinstance(gate.present(Phone(number(12), COUNTER + 1, signature_good=True)), Admitted)
    assert gate.admit.phone_key(number(12)) == "cGhvbmU="
    assert gate.admit.phone_key(number(10)) is None


def test_a_code_that_opened_opens_not_even_after_a_restart(tmp_path: Path) -> None:
    time = Still()
    for expected in (Admitted, NotAdmitted):
        with store_at(tmp_path / "gate.sqlite", time) as store:
            store.grants.restart(snapshot(grant(1, *WAYS)))
            assert isinstance(Gate(store, time).present(PHONE), expected)


def test_a_slip_opens_after_another_way_of_its_holder_too_and_records_are_told_of_that_once(gate: Gate) -> None:
    for presented in (Code("c2xpcA=="), Code("Z3Vlc3Q="), Code("c2xpcA==")):
        assert isinstance(gate.present(presented), Admitted)
    assert gate.store.reports.waiting() == []
    for _ in range(2):
        gate.present(CardKey("a2V5"))
    assert [(each.kind, each.credential) for each in gate.store.reports.waiting()] == [
        (ReportKind.WAY_PROVED, number(10))
    ]
    assert isinstance(gate.present(Code("c2xpcA==")), Admitted)


def test_a_right_ends_by_itself_without_records(gate: Gate) -> None:
    """The last day, the grace, and after it: nobody told the gate anything."""
    ends = grant(1, *WAYS, ends_on=TODAY, revision=2)
    gate.store.grants.apply([GrantChange(number(1), ends)], "c2", NOW)
    found = []
    for days in (0, 1, 7, 8):
        gate.time.at = moment(NOW + timedelta(days=days))
        decision = gate.present(CardKey("a2V5"))
        found.append(decision.in_grace if isinstance(decision, Admitted) else decision.reason)
    assert found == [False, True, True, Reason.OVER]


def test_a_disk_that_can_not_be_written_keeps_nobody_out_and_lets_no_code_in_twice(tmp_path: Path) -> None:
    """The pass is lost, and health says so; once it works again all is as before."""
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        store.grants.restart(snapshot(grant(1, *WAYS)))
        gate = Gate(store, Still())
        store.database.query("PRAGMA query_only=ON")
        assert isinstance(gate.present(CardKey("a2V5")), Admitted)
        assert isinstance(gate.present(PHONE), Admitted)
        assert gate.present(PHONE) == NotAdmitted(Reason.REPLAYED)
        assert gate.passes() == []
        store.database.query("PRAGMA query_only=OFF")
        assert isinstance(gate.present(CardKey("a2V5")), Admitted)
        assert [each.reason for each in gate.said] == ["not-noted", "not-noted", "ok"]


def test_a_disk_that_can_not_be_read_leaves_the_gate_shut_and_says_so(tmp_path: Path) -> None:
    """Nobody's right is known then, so opening would be opening to all. Once it can be read again, all is as before."""
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        store.grants.restart(snapshot(grant(1, *WAYS)))
    vfs = PowerCutVfs()
    database = gate_database(tmp_path / "gate.sqlite", KEY, vfs.name)
    gate = Gate(gate_store(database, CHINA_TIME, Still().day_and_time), Still())
    database.query("PRAGMA shrink_memory")
    vfs.on = False
    assert gate.present(CardKey("a2V5")) == NotAdmitted(Reason.UNREADABLE)
    assert gate.admit.phone_key(number(12)) is None
    vfs.on = True
    assert isinstance(gate.present(CardKey("a2V5")), Admitted)
    assert [each.reason for each in gate.said] == ["unreadable", "ok"]
    database.close()
