"""Where a Chinese line may break."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.line_breaking import break_evenly, break_lines


def test_a_closing_mark_never_begins_a_line() -> None:
    """The mark goes to the next line together with its character."""
    assert break_lines("一二三四\uff0c五六七八", 4, len) == ("一二三", "四\uff0c五", "六七八")


def test_an_opening_mark_never_ends_a_line() -> None:
    """The bracket waits for what it opens."""
    assert break_lines("一二三\uff08四五\uff09六七八", 4, len) == ("一二三", "\uff08四五\uff09", "六七八")


def test_a_number_stays_whole() -> None:
    """A house number is not cut in two."""
    assert break_lines("平安路1234号平安小区", 6, len)[0] == "平安路"


def test_what_is_longer_than_a_line_falls_apart() -> None:
    """Rather than to overflow, a very long word is cut."""
    assert break_lines("A" * 10, 4, len) == ("AAAA", "AAAA", "AA")


def test_the_last_line_is_no_orphan() -> None:
    """A single character gets company from the line before, and no more than it needs."""
    assert break_lines("一二三四五六七八九十甲", 10, len) == ("一二三四五六七八", "九十甲")


def test_an_empty_text_has_no_lines() -> None:
    """Nothing gives nothing."""
    assert break_lines(" ", 4, len) == ()


def test_type_in_the_middle_ends_its_lines_with_a_phrase() -> None:
    """Where that takes no line more."""
    text = "这是人口登记\uff0c不是合同备案"
    assert break_lines(text, 10, len) == ("这是人口登记\uff0c不是合", "同备案")
    assert break_evenly(text, 10, len) == ("这是人口登记\uff0c", "不是合同备案")


def test_type_in_the_middle_is_of_about_one_length() -> None:
    """Where no phrase ends in time."""
    assert break_evenly("一二三四五六七八九十甲乙丙", 10, len) == ("一二三四五六七", "八九十甲乙丙")


@pytest.mark.parametrize("broken", [break_lines, break_evenly])
@given(st.text(alphabet="一二A1 \uff0c\uff08\uff09\u300a\u00b7", max_size=60), st.integers(min_value=2, max_value=20))
def test_no_line_overflows_and_no_character_is_lost(
    broken: Callable[[str, float, Callable[[str], float]], tuple[str, ...]], text: str, limit: int
) -> None:
    """Whatever the text, each line fits and all of it is there in order."""
    lines = broken(text, limit, len)
    assert all(len(line) <= limit for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
