"""A few rounds of ``make chaos``: everything fails at a random instant, and every serial still ends as one thing."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import play
from tests.chaos.plan import rounds
from tests.chaos.table import summary, table

SEED = 20261122
COUNT = 14


def test_the_same_seed_is_the_same_plan() -> None:
    """So a round that went wrong can be played again; another seed is another one."""
    assert rounds(SEED, COUNT) == rounds(SEED, 2 * COUNT)[:COUNT]
    assert rounds(SEED, COUNT) != rounds(SEED + 1, COUNT)


@pytest.mark.timeout(300)  # one kiosk: a second one waits less, and costs more to start than it wins
def test_no_serial_is_delivered_and_void_and_none_is_neither(tmp_path: Path) -> None:
    """Nor does a void paper lie anywhere that is genuine to whoever checks it (shown with ``pytest -s``)."""
    played = play(tmp_path, SEED, COUNT, aloud=False)
    print(f"\n{table(played)}\n{summary(played)}")
    assert [each for _, verdict in played for each in verdict.wrong] == []
    assert {verdict.outcome for _, verdict in played} >= {"delivered", "void, paper out"}
