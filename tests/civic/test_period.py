"""Spans of days: both ends belong to them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.period import InvalidPeriodError, Period

DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


@given(DAYS, st.integers(1, 3000))
def test_a_period_of_days_holds_exactly_so_many_days(first: date, count: int) -> None:
    """The first day is day one."""
    period = Period.of_days(first, count)
    assert period.holds_on(first)
    assert period.holds_on(first + timedelta(days=count - 1))
    assert not period.holds_on(first + timedelta(days=count))
    assert not period.holds_on(first - timedelta(days=1))


def test_a_card_is_valid_on_its_last_day() -> None:
    """And no longer on the next."""
    period = Period(date(2014, 8, 25), date(2024, 8, 25))
    assert period.holds_on(date(2024, 8, 25))
    assert not period.holds_on(date(2024, 8, 26))


@given(DAYS, st.integers(0, 40000))
def test_a_long_term_period_ends_never(first: date, later: int) -> None:
    """长期 has no last day, and none is made up for it."""
    assert Period(first, None).holds_on(first + timedelta(days=later))


def test_a_long_term_period_has_a_beginning() -> None:
    """It does not hold before."""
    assert not Period(date(2013, 4, 11), None).holds_on(date(2013, 4, 10))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """One day is the least."""
    with pytest.raises(InvalidPeriodError):
        Period(date(2026, 1, 2), date(2026, 1, 1))
    assert Period(date(2026, 1, 1), date(2026, 1, 1)).holds_on(date(2026, 1, 1))
