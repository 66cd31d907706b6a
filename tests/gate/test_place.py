"""A gate that was shut by its own disk finds out by itself that the disk answers again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backend_client.contract.tenancies import WayKind
from devices.health import Health, Level
from forms.paper import CHINA_TIME
from gate.flows import states as s
from gate.flows.admission import CardKey, NotAdmitted, Reason, Rules
from gate.flows.happenings import ConditionsChanged
from gate.flows.terminal import Decide, Presented, Terminal, advance
from gate.place import Place
from gate.services.admit import HEALTH, Admit
from gate.services.rules import InForce
from gate.services.watch import GateWatch
from gate.store.opened import GateStore, gate_database, gate_store
from tests.gate.made_up import KEY, Still, grant, snapshot, store_at, way
from tests.support.clocks import StillClock
from tests.support.power_cut import PowerCutVfs
from tests.support.remembering import AuditBook


class NoPolicy:
    """None was heard of yet."""

    def last(self) -> None:
        return None


@dataclass
class Gate:
    """Its disk, what it says of it, and its screen."""

    disk: PowerCutVfs
    store: GateStore
    watch: GateWatch
    place: Place
    admit: Admit

    @property
    def screen(self) -> Terminal:
        return advance(Terminal(), ConditionsChanged(self.watch.conditions)).state


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    time, path = Still(), tmp_path / "gate.sqlite"
    with store_at(path, time) as store:
        store.grants.restart(snapshot(grant(1, way(10, WayKind.CARD, "a2V5"))))
    disk = PowerCutVfs()
    database = gate_database(path, KEY, disk.name)
    opened = gate_store(database, CHINA_TIME, time.day_and_time)
    watch = GateWatch(AuditBook(), StillClock(), lambda _: None)  # type: ignore[arg-type]
    place = Place(opened.grants, InForce(NoPolicy()), time.moment, watch)  # type: ignore[arg-type]
    yield Gate(disk, opened, watch, place, Admit(opened, time.moment, Rules, watch.tell))
    disk.on = True
    database.close()


def test_one_read_that_failed_shuts_the_gate_for_seconds_and_not_until_a_restart(gate: Gate) -> None:
    """While it is shut no card is decided about, so that no card can find out that all is well again."""
    gate.store.database.query("PRAGMA shrink_memory")
    gate.disk.on = False
    assert gate.admit.present(CardKey("a2V5")) == NotAdmitted(Reason.UNREADABLE)
    gate.place.look()
    assert isinstance(gate.screen.at, s.OutOfService), "it can't be read still"
    gate.disk.on = True
    gate.place.look()
    assert gate.watch.out_of_service() == ""
    assert advance(gate.screen, Presented("card")).commands == (Decide("card"),)


def test_a_store_that_only_was_not_written_is_said_until_it_is(gate: Gate) -> None:
    gate.watch.tell(Health(HEALTH, Level.DEGRADED, "not-noted"))
    gate.place.look()
    assert gate.watch.all()[HEALTH].reason == "not-noted"
