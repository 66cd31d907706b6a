"""The citizen identification number: its four rules, and that it never shows itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.id_number import IdNumber, InvalidIdNumberError, Sex, check_character

DIGITS = "0123456789"
REGIONS = st.text(DIGITS, min_size=6, max_size=6)
BIRTHS = st.dates(date(1850, 1, 1), date(2099, 12, 31))
ORDERS = st.text(DIGITS, min_size=3, max_size=3)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A valid number."""
    first = draw(REGIONS) + draw(BIRTHS).strftime("%Y%m%d") + draw(ORDERS)
    return first + check_character(first)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "931586198001010028"])
def test_the_published_examples_are_valid(number: str) -> None:
    """GB 11643-1999 annex, and the specimen of the foreigner's card of 2023."""
    assert IdNumber(number).reveal() == number


@given(numbers())
def test_a_number_made_by_the_rules_is_valid(number: str) -> None:
    """Whatever the region, the birth date and the order."""
    assert IdNumber(number).reveal() == number


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, at: int, shift: int) -> None:
    """ISO 7064 MOD 11-2 finds every single substitution."""
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    with pytest.raises(InvalidIdNumberError):
        IdNumber(wrong)


@given(numbers(), st.integers(0, 15))
def test_two_swapped_neighbours_are_always_noticed(number: str, at: int) -> None:
    """ISO 7064 MOD 11-2 finds every transposition of neighbours that differ."""
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        with pytest.raises(InvalidIdNumberError):
            IdNumber(swapped)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "length"),
        ("99010119860314001", "length"),
        ("9901011986031400190", "length"),
        ("99010119860314OO19", "digits"),
        ("９９0101198603140019", "digits"),
        ("99010１198603140019", "digits"),
        ("990101198613140019", "birth date"),
        ("990101198602300019", "birth date"),
        ("990101000003140019", "birth date"),
        ("990101198603140018", "check character"),
        ("99010119860314001X", "check character"),
    ],
)
def test_a_refusal_names_the_rule_and_not_the_number(text: str, rule: str) -> None:
    """The message goes to logs."""
    with pytest.raises(InvalidIdNumberError) as refused:
        IdNumber(text)
    assert refused.value.detail == rule
    assert str(refused.value) == f"invalid-id-number: {rule}"


def test_a_small_x_and_surrounding_blanks_are_forgiven() -> None:
    """People type them; cards never hold them."""
    assert IdNumber(" 11010519491231002x ").reveal() == "11010519491231002X"


def test_a_number_tells_birth_date_sex_and_region() -> None:
    """Characters 7 to 14, the 17th, and the first six."""
    man, woman = IdNumber("990101198603140019"), IdNumber("990101199109230021")
    assert (man.birth_date, man.sex, man.region_code) == (date(1986, 3, 14), Sex.MALE, "990101")
    assert (woman.birth_date, woman.sex) == (date(1991, 9, 23), Sex.FEMALE)


def test_an_unknown_region_is_no_reason_to_refuse() -> None:
    """Regions are renamed and dissolved; numbers stay."""
    assert IdNumber("990101198603140019").region_code == "990101"


@given(numbers())
def test_the_mask_hides_the_birth_date_and_the_region_below_the_province(number: str) -> None:
    """Four characters at each end stay readable."""
    masked = IdNumber(number).masked()
    assert masked == f"{number[:4]}{'*' * 10}{number[-4:]}"


def test_numbers_are_equal_by_value() -> None:
    """Two readings of one card agree."""
    assert IdNumber("11010519491231002x") == IdNumber("11010519491231002X")
    assert len({IdNumber("11010519491231002x"), IdNumber("11010519491231002X")}) == 1
