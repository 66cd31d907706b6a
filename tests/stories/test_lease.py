"""``make lease`` in short: what is handed in at a kiosk opens a gate, and what is handed in as lost opens nothing."""

import json
from pathlib import Path

import pytest

from tests.gate_latency import measured
from tests.lease.timeline import Timeline

GOAL_S = 60.0


@pytest.mark.timeout(120)
def test_a_card_that_was_handed_in_opens_the_gate_until_it_is_handed_in_as_lost(tmp_path: Path) -> None:
    """A kiosk's session, records, a composed gate and its door: each half within a minute, and a table of it."""
    taken = measured(tmp_path, runs=1)
    assert 0 < max(taken.opened) < GOAL_S
    assert 0 < max(taken.refused) < GOAL_S
    assert taken.table().count("| 1 runs |") == 1


def test_the_timeline_says_what_happened_when_and_what_it_took(tmp_path: Path) -> None:
    timeline = Timeline(tmp_path)
    timeline.note("tenant", "registers")
    timeline.note("gate", "opens", 0.12345)
    told = json.loads((tmp_path / "timeline.json").read_text("utf-8"))
    assert [(each["what"], each["took"]) for each in told] == [("registers", None), ("opens", 0.123)]
    assert "[0.12 s]" in (tmp_path / "timeline.txt").read_text("utf-8")
    with pytest.raises(LookupError):
        timeline.took("registers")
