"""The degraded path says no more than the printer's ROM can."""

import pytest

from devices.thermal_printer import text
from devices.thermal_printer.api import UnprintableStripError


def test_each_line_begins_in_chinese_mode() -> None:
    assert list(text.lines("平安\nA1")) == [b"\x1c&\xc6\xbd\xb0\xb2\n", b"\x1c&A1\n"]


@pytest.mark.parametrize("character", ["㛃", "䶮", "𠮷", "𫞩", "\ue000", "\x10", "\x7f", "\t", "\ud800"])
def test_a_character_that_no_rom_has_is_refused_before_anything_is_sent(character: str) -> None:
    """Its place is told, and not the character: it may be part of a name."""
    with pytest.raises(UnprintableStripError, match="at: 1, 3") as refused:
        text.lines(f"王{character}丁{character}")
    assert character not in str(refused.value)
