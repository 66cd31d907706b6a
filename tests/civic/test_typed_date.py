"""Digits of a date, one by one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.typed_date import DatePart, day_of, impossible_part

EARLIEST, LATEST = date(1900, 1, 1), date(2026, 11, 22)
DAYS = st.dates(EARLIEST, LATEST)


@given(DAYS)
def test_no_prefix_of_a_possible_day_is_impossible(day: date) -> None:
    digits = f"{day:%Y%m%d}"
    assert all(impossible_part(digits[:size], EARLIEST, LATEST) is None for size in range(9))
    assert day_of(digits) == day


@pytest.fixture(scope="module")
def beginnings() -> set[str]:
    """Every beginning of every day there is, gathered the slow way."""
    days = (date.fromordinal(day) for day in range(EARLIEST.toordinal(), LATEST.toordinal() + 1))
    return {day.isoformat().replace("-", "")[:size] for day in days for size in range(1, 9)}


@given(st.text("0129", min_size=1, max_size=8) | DAYS.map(lambda day: f"{day:%Y%m%d}"), st.integers(1, 8))
def test_a_prefix_is_impossible_exactly_if_no_day_begins_with_it(beginnings: set[str], digits: str, size: int) -> None:
    typed = digits[:size]
    assert (impossible_part(typed, EARLIEST, LATEST) is None) == (typed in beginnings)


@pytest.mark.parametrize(
    ("digits", "part"),
    [
        ("3", DatePart.YEAR),
        ("18", DatePart.YEAR),
        ("2027", DatePart.YEAR),
        ("19902", DatePart.MONTH),
        ("199013", DatePart.MONTH),
        ("199000", DatePart.MONTH),
        ("202612", DatePart.MONTH),  # next month
        ("1990024", DatePart.DAY),
        ("1990023", DatePart.DAY),
        ("19900229", DatePart.DAY),
        ("19900431", DatePart.DAY),
        ("20261123", DatePart.DAY),  # tomorrow
        ("19000229", DatePart.DAY),
        ("20000229", None),
        ("20261122", None),
    ],
)
def test_the_part_with_the_first_impossible_digit_is_named(digits: str, part: DatePart | None) -> None:
    assert impossible_part(digits, EARLIEST, LATEST) == part
