"""The tables that docs/face-at-the-gate.md shows are what the threshold rule answers."""

import math

import pytest

from scripts.draw_gate_face import PAGE, draw, interval, largest, sizes, sure


def test_the_committed_tables_are_what_the_rule_draws() -> None:
    """When this fails: python -m scripts.draw_gate_face, and read what changed."""
    page = PAGE.read_text("utf-8")
    assert page == draw()
    assert "".join(sizes()) in page
    assert "".join(sure()) in page
    assert "".join(largest()) in page


def test_a_compound_of_thousands_gets_no_face_from_the_default_pack_and_a_unit_does() -> None:
    """What the page's first sentence says."""
    rows = [[cell.strip() for cell in row.strip("|\n ").split("|")] for row in sizes()]
    answers = {(row[0], row[1]): row[-1] for row in rows}
    assert answers["1 %", "300"] == answers["1 %", "1,005"] == "yes"
    assert answers["0.1 %", "300"].startswith("no: at 0.531 it would be 0.3 %")
    assert answers["1 %", "12,000"].startswith("no: at 0.531 it would be 11 %")


def test_a_row_worked_out_by_hand_is_the_row_that_is_drawn() -> None:
    """30 vectors at 1 %: the thirtieth root for the rate, a straight line through two measured points for the rest."""
    rate = 1 - (1 - 0.01) ** (1 / 30)
    part = (math.log10(1e-3) - math.log10(rate)) / (math.log10(1e-3) - math.log10(1e-4))
    threshold = math.ceil(1000 * (0.383 + part * (0.461 - 0.383))) / 1000
    missed = [100 * least * (threshold - 0.383) / (0.461 - 0.383) for least in (0.022, 0.003)]
    cells = (
        "1 %",
        "30",
        f"{rate:.1e}",
        f"{threshold:.3f}",
        *(f"{each:.3g} %" for each in missed),
        "over 34.5 %",
        "yes",
    )
    assert f"| {' | '.join(cells)} |\n" in list(sizes())
    assert 1 - (1 - rate) ** 30 == pytest.approx(0.01)


def test_how_sure_a_rate_is_follows_from_what_was_counted() -> None:
    """Nine of 900,062 pairs: Garwood's interval of nine is 4.115 to 17.085 in every table of it."""
    assert interval(9) == pytest.approx((4.115, 17.085), abs=0.001)
    assert interval(90) == pytest.approx((72.37, 110.63), abs=0.02)
    rows = [[cell.strip() for cell in row.strip("|\n ").split("|")] for row in sure()]
    assert rows[-1] == ["1e-05", "9", "4.6e-06 to 1.9e-05", "1,005", "0.46 % to 1.9 %"]
