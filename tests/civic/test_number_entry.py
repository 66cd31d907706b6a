"""A citizen number, key by key: every real one can be typed, and what is wrong is said at once and rightly."""

from datetime import date
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.id_number import IdNumber, check_character
from civic.number_entry import GROUPS, KEYS, LENGTH, NumberEntry, NumberHint, NumberProblem
from civic.regions import PROVINCES

TODAY = date(2026, 11, 22)
SAMPLES = ("11010519491231002X", "990101198603140019", "810000199006070029", "931586198001010028")


def typed(keys: str, start: NumberEntry | None = None) -> NumberEntry:
    return reduce(lambda entry, key: entry.press(key, TODAY), keys, start or NumberEntry())


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Any valid number: of any place, known or not, and any day to this one."""
    province = draw(st.sampled_from(sorted(PROVINCES) + ["9" + province for province in sorted(PROVINCES)]))
    rest = draw(st.text("0123456789", min_size=6 - len(province), max_size=6 - len(province)))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    first = f"{province}{rest}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + check_character(first)


@given(numbers())
def test_every_valid_number_can_be_typed(number: str) -> None:
    entry = NumberEntry()
    for key in number:
        entry = entry.press(key, TODAY)
        assert entry.problem is None
    assert entry.number == IdNumber(number)
    assert "".join(entry.groups) == number
    assert tuple(map(len, entry.groups)) == GROUPS


@given(st.text(sorted(KEYS), max_size=24))
def test_whatever_is_typed_a_number_comes_out_only_if_it_is_valid(keys: str) -> None:
    entry = typed(keys)
    if entry.number:
        assert entry.problem is None
        assert IdNumber(entry.text).birth_date <= TODAY
    assert len(entry.text) <= LENGTH
    assert "X" not in entry.text[:-1] or len(entry.text) < LENGTH


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: str, place: int, off: int) -> None:
    """ISO 7064 finds every single error; what is impossible before the end is said before it."""
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert typed(wrong).number is None
    assert typed(wrong).problem is not None


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("0", NumberProblem.PROVINCE),
        ("16", NumberProblem.PROVINCE),
        ("98", None),  # a permanent resident's number, of a province that begins with 8
        ("984", NumberProblem.PROVINCE),
        ("991", None),  # demonstration
        ("1101053", NumberProblem.YEAR),
        ("1101052027", NumberProblem.YEAR),
        ("11010519902", NumberProblem.MONTH),
        ("110105199013", NumberProblem.MONTH),
        ("110105202612", NumberProblem.MONTH),
        ("1101051990023", NumberProblem.DAY),
        ("11010519900431", NumberProblem.DAY),
        ("11010520261123", NumberProblem.DAY),
        ("110105194912310021", NumberProblem.CHECK),
        ("1101X", NumberProblem.X_EARLY),
        ("11010519491231002", None),
        ("1", None),
        ("", None),
    ],
)
def test_what_is_wrong_is_said_at_the_key_that_makes_it_so(keys: str, problem: NumberProblem | None) -> None:
    assert typed(keys).problem is problem
    assert typed(keys[:-1]).problem is None


@given(numbers(), st.integers(0, 17), st.sampled_from(sorted(KEYS)))
def test_erasing_undoes_a_key_and_what_it_made_wrong(number: str, place: int, key: str) -> None:
    before = typed(number[:place])
    after = before.press(key, TODAY)
    undone = after.erase() if len(after.text) > len(before.text) else after
    assert undone.text == before.text
    assert undone.problem in (before.problem, NumberProblem.X_EARLY if key == "X" else None)


def test_an_earlier_mistake_stays_said_until_it_is_erased() -> None:
    entry = typed("11010519901341")
    assert entry.problem is NumberProblem.MONTH
    assert entry.press("X", TODAY).problem is NumberProblem.MONTH
    assert entry.erase().erase().problem is NumberProblem.MONTH
    assert entry.erase().erase().erase().problem is None


def test_an_early_x_is_not_taken_and_the_next_digit_is() -> None:
    entry = typed("1101X")
    assert entry.text == "1101"
    assert entry.press("0", TODAY) == typed("11010")


@pytest.mark.parametrize("key", ["", "x", "a", "12", "-", "٣", " "])
def test_keys_that_are_none_are_not_taken(key: str) -> None:
    assert typed("110").press(key, TODAY) == typed("110")


def test_a_full_entry_takes_no_more() -> None:
    assert typed(SAMPLES[0] + "1") == typed(SAMPLES[0])


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("110105", None),
        ("110103", None),  # dissolved in 2010
        ("11019", None),  # not complete
        ("110199", NumberHint.UNKNOWN_DIVISION),
        ("931586", None),  # a nationality, no division
        ("160000", None),  # something is wrong already
    ],
)
def test_an_unknown_division_is_a_hint_and_no_problem(keys: str, hint: NumberHint | None) -> None:
    assert typed(keys).hint is hint


def test_a_number_of_an_unknown_division_is_a_number() -> None:
    first = "11019919900101001"
    assert typed(first + check_character(first)).number


@given(numbers())
def test_nothing_typed_is_shown_by_accident(number: str) -> None:
    for shown in (repr(typed(number)), str(typed(number)), f"{typed(number)}"):
        assert not any(number[at : at + 3] in shown for at in range(16))
    assert repr(typed("110105")) == "NumberEntry(6 of 18)"
