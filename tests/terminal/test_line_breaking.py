"""Chinese lines end where they may."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.line_breaking import NEVER_FIRST, NEVER_LAST, balance_lines, break_lines, pieces, widest_piece

ANY_TEXT = st.text("请把身份证放在读卡区，。、？（）《》“”ab12 -./", min_size=1, max_size=80)


def cells(text: str) -> float:
    """A measure: Chinese characters are two cells wide."""
    return float(sum(2 if ord(character) > 0x2000 else 1 for character in text))


def test_closing_punctuation_never_begins_a_line() -> None:
    """A comma that does not fit takes the character before it along."""
    assert break_lines("请把卡，放好。", 6, cells) == ["请把", "卡，放", "好。"]


def test_opening_punctuation_never_ends_a_line() -> None:
    """An opening bracket goes with what it opens."""
    assert break_lines("证明（样张）", 6, cells) == ["证明", "（样", "张）"]


@pytest.mark.parametrize("word", ["certificate", "110", "08:30", "A-1024", "9901**********0019"])
def test_words_and_numbers_stay_whole(word: str) -> None:
    """No line ends within a Latin word, a number or a masked ID number."""
    assert any(word in piece for piece in pieces(f"请看{word}这里"))


def test_a_piece_wider_than_the_line_is_cut_rather_than_lost() -> None:
    """Nothing can hold it whole, and every character of it is still there."""
    assert "".join(break_lines("certificate", 4, cells)) == "certificate"


def test_line_breaks_in_the_text_are_kept() -> None:
    """An address stays below a name."""
    assert break_lines("甲\n乙", 20, cells) == ["甲", "乙"]


def test_balanced_lines_leave_no_lone_character() -> None:
    """The last line of a question is about as long as the others."""
    assert balance_lines("请把身份证放在读卡区上", 20, cells) == ["请把身份证放", "在读卡区上"]


def test_two_lines_divide_where_the_sentence_pauses() -> None:
    """读卡区上已有一张 / 卡 would have to be read twice."""
    lines = balance_lines("读卡区上已有一张卡，请先拿起来。", 26, cells)
    assert lines == ["读卡区上已有一张卡，", "请先拿起来。"]


def test_a_pause_at_the_very_beginning_divides_nothing() -> None:
    """One short word alone on a line looks like a mistake."""
    assert balance_lines("好，请把身份证放在读卡区上", 20, cells)[0] != "好，"


@given(ANY_TEXT, st.integers(8, 40))
def test_every_line_keeps_the_width_and_the_rules(text: str, width: int) -> None:
    """Whatever the text: nothing is lost, nothing too wide, no forbidden line end unless a piece had to be cut."""
    lines = break_lines(text, width, cells)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cells(line) <= width for line in lines)
    if widest_piece(text, cells) <= width:
        for before, after in pairwise(lines):
            if after and before:
                broken_at_space = not text.replace("\n", "").startswith(before + after)
                assert broken_at_space or after[0] not in NEVER_FIRST
                assert broken_at_space or before[-1] not in NEVER_LAST


@given(ANY_TEXT, st.integers(8, 40))
def test_balancing_adds_no_line(text: str, width: int) -> None:
    """It may only move line ends."""
    assert len(balance_lines(text, width, cells)) == len(break_lines(text, width, cells))
