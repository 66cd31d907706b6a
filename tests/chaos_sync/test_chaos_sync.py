"""A short run of ``make chaos-sync``: healthy kiosks keep every promise, and beside them each sick one is caught."""

from pathlib import Path
from typing import Any, cast

import pytest

from terminal.store.audit import AuditKind
from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.city import Box
from tests.chaos_sync.evidence import at_kiosk
from tests.chaos_sync.lines import Way
from tests.chaos_sync.parts import STORE, Place
from tests.chaos_sync.plan import Act, Deed, acts, in_order
from tests.chaos_sync.run import Outcome, play
from tests.chaos_sync.table import table
from tests.support.clocks import StillClock
from tests.support.kiosk_store import store_on

SEED = 20261123
SECONDS, SPEED, PACE = 5.0, 0.3, 0.8
HEALTHY = 2
SICK = {2: Bug.KIOSK_NO_SYNCS, 3: Bug.KIOSK_TWICE, 4: Bug.KIOSK_SKIPS}
ITS_END = (Act(0.0, Deed.LINE, 2, SECONDS, Way.CUT), Act(4.0, Deed.KILL, 2, 0.1))  # of the first of the sick ones
CAUGHT = {2: "taken in and not at records", 3: "at records more than once", 4: "missing, 0 too many"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return what became of the one run."""
    folder = tmp_path_factory.mktemp("city")
    plan = in_order([*acts(SEED, HEALTHY, SECONDS, SPEED), *ITS_END])
    return play(folder, SEED, HEALTHY + len(SICK), plan, pace=PACE, speed=SPEED, bugs=SICK)


def test_the_same_seed_is_the_same_plan() -> None:
    """So a run that went wrong can be tried again."""
    assert acts(SEED, 4, 60) == acts(SEED, 4, 60) != acts(SEED + 1, 4, 60)


def test_nothing_is_lost_or_twice_and_no_feed_has_a_gap(outcome: Outcome) -> None:
    """Shown with ``pytest -s``."""
    print(f"\n{table(outcome)}")
    assert {number: wrong for number, wrong in outcome.wrong.items() if number not in SICK} == {}
    assert outcome.done["records killed"] >= 1
    assert all(kiosk.took for kiosk in outcome.evidence.kiosks)


def test_a_kiosk_whose_own_audit_was_changed_is_caught(tmp_path: Path) -> None:
    """Though it says nothing of it."""
    with store_on(tmp_path / STORE, StillClock()) as store:
        store.audit.append(AuditKind.STARTED)
        store.database.execute("DROP TRIGGER audit_is_not_rewritten")
        store.database.execute("UPDATE audit SET kind = 'stopped'")
    place = Place(0, 1, 0, str(tmp_path), str(tmp_path / "ledger"), "", "", "", "", "")
    nothing = cast("Any", None)
    assert at_kiosk(nothing, 0, Box(place, "kiosk-0001", nothing)).broke == ("audit-broken",)


@pytest.mark.parametrize("number", SICK)
def test_a_sick_kiosk_is_caught(outcome: Outcome, number: int) -> None:
    """The judge is not blind."""
    assert CAUGHT[number] in " | ".join(outcome.wrong[number])
