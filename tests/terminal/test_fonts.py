"""No resident reads a box instead of a name."""

import pytest

from tests.support import screen  # noqa: F401 - Kivy is set up by it

# isort: split
from terminal.fonts import FALLBACKS, SCREEN_FONT, coverage, runs


def test_the_screen_font_has_all_of_gb_2312() -> None:
    """The short cut for everyday characters rests on it."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    characters = [code.decode("gb2312", "ignore") for code in codes]
    assert {ord(c) for c in characters if c} <= coverage("fonts/NotoSansSC-Regular.ttf")
    assert coverage("fonts/NotoSansSC-Regular.ttf") == coverage("fonts/NotoSansSC-Bold.ttf")


@pytest.mark.parametrize("character", ["𠮷", "𱀀", "𬎆", "\U0002ebf0"])
def test_a_rare_character_comes_from_a_fallback(character: str) -> None:
    """Names hold characters that the screen font lacks."""
    ((before, _), (font, shown), (after, _)) = runs(f"王{character}明")
    assert (before, after) == (SCREEN_FONT, SCREEN_FONT)
    assert (font in FALLBACKS or font == SCREEN_FONT, shown) == (True, character)


def test_a_character_of_no_font_is_shown_as_its_code_point() -> None:
    """An officer can look it up; a box tells nobody anything."""
    assert runs("王\U00030041") == [(SCREEN_FONT, "王[U+30041]")]


def test_a_private_character_is_shown_as_its_code_point_though_a_font_has_a_picture_there() -> None:
    """What a typeface drew at a private code point is not the resident's name; paper refuses it too."""
    private = next(code for code in range(0xE000, 0xF900) if code in coverage(FALLBACKS["LamplightRare"]))
    assert runs(f"王{chr(private)}") == [(SCREEN_FONT, f"王[U+{private:04X}]")]


def test_a_control_character_comes_as_its_code_point_too() -> None:
    assert runs("王\x07") == [(SCREEN_FONT, "王[U+0007]")]
