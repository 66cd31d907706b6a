"""The tables that docs/face-at-the-gate.md shows are what the threshold rule answers."""

from scripts.draw_gate_face import PAGE, draw, largest, sizes


def test_the_committed_tables_are_what_the_rule_draws() -> None:
    """When this fails: python -m scripts.draw_gate_face, and read what changed."""
    page = PAGE.read_text("utf-8")
    assert page == draw()
    assert "".join(sizes()) in page
    assert "".join(largest()) in page


def test_a_compound_of_thousands_gets_no_face_from_the_default_pack_and_a_unit_does() -> None:
    """What the page's first sentence says."""
    rows = [[cell.strip() for cell in row.strip("|\n ").split("|")] for row in sizes()]
    answers = {(row[0], row[1]): row[-1] for row in rows}
    assert answers["1 %", "300"] == answers["1 %", "1,005"] == "yes"
    assert answers["0.1 %", "300"].startswith("no: at 0.531 it would be 0.3 %")
    assert answers["1 %", "12,000"].startswith("no: at 0.531 it would be 11 %")
