"""Whenever the power fails, a gate has heard the whole of a page or nothing of it, and no deleted face comes back."""

from pathlib import Path

from tests.gate.power_cuts import DELETIONS, UPDATES, cuts, table


def test_every_transaction_is_whole_or_absent_wherever_the_power_fails(tmp_path: Path) -> None:
    """``python -m tests.gate.power_cuts`` does it more often. Faces, receipts and grants are compared together."""
    outcomes = cuts(tmp_path, 46, seed=3)
    assert [each for each in outcomes if each.found.startswith("wrong")] == []
    for kinds in (UPDATES, DELETIONS):
        assert {each.found for each in outcomes if each.step in kinds} == {"before", "after"}
    assert {*UPDATES, *DELETIONS} <= {each.step for each in outcomes}
    assert "46 cuts, 0 wrong" in table(outcomes)


def test_without_waiting_for_the_disk_something_is_lost(tmp_path: Path) -> None:
    """The negative control: what is judged can go wrong."""
    outcomes = cuts(tmp_path, 12, seed=4, syncs=False)
    assert [each for each in outcomes if each.found.startswith("wrong")]
