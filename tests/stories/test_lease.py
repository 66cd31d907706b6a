"""``make lease`` in short: what is agreed to or handed in at a kiosk opens a gate, and what is over opens nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.gate_latency import ADDED, ANSWERED, CONFIRMED, ENDED, GOAL_WORST_S, LOST, WITHDRAWN, measured
from tests.lease.later import LaterClock
from tests.lease.timeline import Timeline


@pytest.mark.timeout(120)
def test_a_landlords_yes_opens_the_gate_and_every_revocation_shuts_it(tmp_path: Path) -> None:
    """A kiosk's session, records, a composed gate and its door: each part within a minute, and a table of it."""
    taken = measured(tmp_path, runs=1)
    assert list(taken.rows) == [ANSWERED, CONFIRMED, ADDED, LOST, WITHDRAWN, ENDED]
    assert all(0 < max(each) < GOAL_WORST_S for each in taken.rows.values())
    assert taken.table().count("| 1 |") == len(taken.rows)


def test_the_timeline_says_what_happened_when_and_what_it_took(tmp_path: Path) -> None:
    timeline = Timeline(tmp_path)
    timeline.note("tenant", "registers")
    timeline.note("gate", "opens", 0.12345)
    told = json.loads((tmp_path / "timeline.json").read_text("utf-8"))
    assert [(each["what"], each["took"]) for each in told] == [("registers", None), ("opens", 0.123)]
    assert "[0.12 s]" in (tmp_path / "timeline.txt").read_text("utf-8")
    with pytest.raises(LookupError):
        timeline.took("registers")


def test_days_pass_for_all_who_look_at_the_same_file(tmp_path: Path) -> None:
    clock, another = LaterClock(tmp_path / "days-later"), LaterClock(tmp_path / "days-later")
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)
    clock.run_ahead(22)
    assert timedelta(days=21) < another.now() - datetime.now(UTC) < timedelta(days=23)
    assert another.monotonic() < clock.monotonic() + 1
