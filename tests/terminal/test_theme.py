"""The design system keeps its promises."""

import pytest

from tests.support import screen

# isort: split
from terminal.theme import PIXEL_PITCH_MM, SHRINK, TEXT_ON_GROUND, TYPE, Rgb, contrast, rgb, theme


def test_black_on_white_has_the_known_contrast() -> None:
    """WCAG's own example: 21 to 1."""
    assert contrast(rgb("#000000"), rgb("#FFFFFF")) == pytest.approx(21)


@pytest.mark.parametrize("pair", TEXT_ON_GROUND.values(), ids=TEXT_ON_GROUND.keys())
def test_every_text_can_be_read_on_its_ground(pair: tuple[Rgb, Rgb]) -> None:
    """At least 4.5 to 1, whatever its size (WCAG 2.2, 1.4.3)."""
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("role", ["label", "small", "body"])
def test_large_type_is_much_larger_where_type_is_small(role: str) -> None:
    """What is small already grows the most."""
    normal, large = TYPE[role]
    assert large >= 1.4 * normal


def test_the_smallest_target_is_twenty_millimetres() -> None:
    """On the panel the product is made for."""
    theme.fit(1080, 1920)
    assert theme.target * PIXEL_PITCH_MM == pytest.approx(20, abs=0.4)
    theme.fit(*screen.SIZE)


def test_few_type_sizes_are_ever_opened() -> None:
    """Each size opens its font anew and is kept."""
    assert len({size for pair in TYPE.values() for size in pair} | set(SHRINK)) <= 12
