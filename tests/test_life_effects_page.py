"""The table that docs/life-events.md shows is the one that is performed."""

from scripts.draw_life_effects import PAGE, draw


def test_the_committed_table_is_what_the_rules_draw() -> None:
    """When this fails: python -m scripts.draw_life_effects, and read what changed."""
    assert PAGE.read_text("utf-8") == draw()
