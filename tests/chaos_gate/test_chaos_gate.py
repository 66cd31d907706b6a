"""A short run of ``make chaos-gate``: healthy gates keep every promise, and beside them each sick one is caught."""

from datetime import timedelta

import pytest

from tests.chaos_gate.bugs import Bug
from tests.chaos_gate.plan import Act, Deed, acts, in_order
from tests.chaos_gate.run import Outcome, play
from tests.chaos_gate.stage import Gate
from tests.chaos_gate.table import table

SEED = 20261123
PEOPLE, DAYS = 50, 3
HEALTHY = {0: Gate(), 1: Gate(("101", "1"))}
SICK = {
    2: Gate(bugs=frozenset({Bug.WALL_CLOCK, Bug.ASKED_OUT})),
    3: Gate(bugs=frozenset({Bug.PAGE_TWICE})),
    4: Gate(bugs=frozenset({Bug.LOST})),
    5: Gate(bugs=frozenset({Bug.NO_END})),
    6: Gate(bugs=frozenset({Bug.REPLAY, Bug.FACE_STAYS, Bug.PASSES_STAY})),
    7: Gate(bugs=frozenset({Bug.DROPS, Bug.STUCK})),  # of the half that it drops it shows no other bug
}
GATE_OF = {bug: number for number, gate in SICK.items() for bug in gate.bugs}
ADMITS = "whose right is over"
CAUGHT = {
    Bug.WALL_CLOCK: ADMITS,
    Bug.PAGE_TWICE: "admitted: card lost",
    Bug.LOST: "admitted: card lost",
    Bug.NO_END: ADMITS,
    Bug.REPLAY: "admitted: phone's code photographed",
    Bug.FACE_STAYS: "a face is still there",
    Bug.PASSES_STAY: "a pass is still there",
    Bug.DROPS: "refused: ",
    Bug.ASKED_OUT: "kept in: by the button",
    Bug.STUCK: "the strike does not hold",
}
HOUR = 3600.0


def _plan() -> list[Act]:
    """What befalls the healthy gates is drawn; each clock bug is shown what it does not stand."""
    back = Act(6 * HOUR, Deed.CLOCK, GATE_OF[Bug.WALL_CLOCK], 64 * HOUR, -timedelta(days=40))
    alone = Act(5 * HOUR, Deed.LINE, GATE_OF[Bug.WALL_CLOCK], 66 * HOUR)
    cut = Act(2 * HOUR, Deed.LINE, GATE_OF[Bug.NO_END], 69 * HOUR)
    off = Act(50 * HOUR, Deed.REBOOT, GATE_OF[Bug.ASKED_OUT], HOUR)
    return in_order([*acts(SEED, HEALTHY, DAYS), alone, back, cut, off])


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return what became of the one run."""
    return play(tmp_path_factory.mktemp("community"), SEED, PEOPLE, DAYS, _plan(), HEALTHY | SICK)


def test_the_same_seed_is_the_same_plan() -> None:
    """So a run that went wrong can be tried again."""
    assert acts(SEED, HEALTHY, 14) == acts(SEED, HEALTHY, 14) != acts(SEED + 1, HEALTHY, 14)


def test_nobody_is_in_without_a_right_or_kept_out_with_one(outcome: Outcome) -> None:
    """Shown with ``pytest -s``."""
    print(f"\n{table(outcome)}")
    assert {number: wrong for number, wrong in outcome.wrong.items() if number in HEALTHY} == {}
    assert outcome.left == 0
    happened = ("records restarted", "a backup put back", "lost cards", "renewals", "leaves", "consents withdrawn")
    assert all(outcome.done[what] for what in happened)


@pytest.mark.parametrize("bug", Bug)
def test_a_sick_gate_is_caught(outcome: Outcome, bug: Bug) -> None:
    """The judge is not blind."""
    assert CAUGHT[bug] in " | ".join(outcome.wrong.get(GATE_OF[bug], ()))
