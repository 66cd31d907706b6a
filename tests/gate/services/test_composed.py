"""A gate as its parts make it, over three starts: a lease ends while nobody can be reached and the clock runs mad."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from backend_client.contract.tenancies import WayKind
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import TrustedClock
from forms.paper import CHINA_TIME
from gate.flows.admission import Admitted, CardKey
from gate.services.admit import Admit
from gate.services.clocks import GateTime
from gate.services.rules import InForce
from gate.services.tidy import Tidy
from gate.store.key import make_store_key
from gate.store.opened import GateStore, gate_database, gate_store, kept_times
from gate.store.settings import Settings
from terminal.policy_trust import policy_keys_under
from tests.backend_client.test_policy import ROOT
from tests.gate.made_up import TODAY, grant, snapshot, way
from tests.support.clocks import NOW, SetClock

ENDS = grant(1, way(8, WayKind.CARD, "ZW5kcw=="), ends_on=TODAY + timedelta(days=3))
STAYS = grant(2, way(9, WayKind.CARD, "c3RheXM="), ends_on=TODAY + timedelta(days=300))


@dataclass
class Gate:
    """Everything that a composition root makes of a folder and a clock."""

    store: GateStore
    trusted: TrustedClock
    time: GateTime
    admit: Admit
    tidy: Tidy

    def opens_to(self) -> list[bool]:
        """The tenant whose lease ends, and the one who stays."""
        return [isinstance(self.admit.present(CardKey(ref)), Admitted) for ref in ("ZW5kcw==", "c3RheXM=")]

    def run(self, clock: SetClock, days: int) -> None:
        """Every three hours, as the days pass."""
        for _ in range(days * 8):
            clock.pass_by(3 * 3600)
            self.time.mark()
            self.tidy.tick()


def _started(folder: Path, clock: SetClock) -> Gate:
    clock.up = 10.0
    database = gate_database(folder / "gate.sqlite", make_store_key(folder / "store.key"))
    settings = Settings(database)
    trusted = TrustedClock(clock, uuid4(), settings)
    rules = InForce(PolicyHolder(settings, policy_keys_under(ROOT.pem), trusted))
    time = GateTime(trusted, kept_times(database), CHINA_TIME, rules.skew)
    store = gate_store(database, CHINA_TIME, time.day_and_time)
    admit = Admit(store, time.moment, rules.rules)
    return Gate(store, trusted, time, admit, Tidy(store, time.moment, rules.pass_days, clock))


@pytest.mark.parametrize("off", [-4000, 0, 4000], ids=["set back", "right", "set ahead"])
def test_a_lease_ends_by_itself_and_nobody_else_is_locked_out(tmp_path: Path, off: int) -> None:
    """``off``: by how many days the clock is set before the second start. Grace is seven days."""
    clock = SetClock()
    gate = _started(tmp_path, clock)
    gate.trusted.hear(clock.monotonic(), NOW)
    gate.store.grants.restart(snapshot(ENDS, STAYS))
    gate.run(clock, 2)
    assert gate.opens_to() == [True, True]
    gate.store.database.close()
    clock.set_by(timedelta(days=off).total_seconds())
    gate = _started(tmp_path, clock)
    gate.run(clock, 8)
    assert gate.opens_to() == [True, True], "the last day of the grace"
    gate.run(clock, 1)
    assert gate.opens_to() == [False, True]
    gate.store.database.close()
    gate = _started(tmp_path, clock)
    assert gate.opens_to() == [False, True]
    assert gate.store.grants.count() == 1
    gate.store.database.close()
