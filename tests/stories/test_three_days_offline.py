"""A kiosk without a link for days, with one item that records will never open: the short form of ``tests.drain``."""

from pathlib import Path

from tests.drain import drain, said


def test_what_was_taken_in_over_three_days_arrives_in_order_and_one_poisonous_item_stays_aside(tmp_path: Path) -> None:
    """Once each; nothing is left, and the kiosk needs no RAM for the whole queue."""
    drained = drain(60, tmp_path)
    assert drained.in_order, said(drained)
    assert (drained.accepted, drained.aside, drained.left) == (59, ("intake-unreadable",), 0)
    assert drained.batches == 1
