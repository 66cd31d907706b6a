"""The rules behind the papers, by themselves: days, lots, masks, who is entitled, who comes first."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.contract.papers import When
from backend_client.contract.policy import Eligibility
from forms.paper import CHINA_TIME
from records.criminal.source import Finding
from records.rules import entitlement, household
from records.rules.entitlement import Residence, Standing
from records.rules.later import comes_now, lot, ready_on, shown_name, shown_number
from records.rules.periods import half_a_year_after, start_of_year

HOLIDAYS = (date(2027, 1, 1),)


@pytest.mark.parametrize(
    ("asked", "ready"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),  # a Monday
        (date(2026, 11, 25), date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), date(2026, 12, 2)),  # on a Saturday
        (date(2026, 12, 31), date(2027, 1, 6)),  # over a holiday and a weekend
    ],
)
def test_three_working_days_are_counted_from_the_next_one(asked: date, ready: date) -> None:
    assert ready_on(asked, 3, HOLIDAYS) == ready


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_what_is_ready_is_ready_on_a_working_day(asked: date, days: int) -> None:
    """However many, it is neither a weekend nor a holiday, and so many working days lie between."""
    ready = ready_on(asked, days, HOLIDAYS)
    between = (date.fromordinal(each) for each in range(asked.toordinal() + 1, ready.toordinal() + 1))
    working = [each for each in between if each.weekday() < 5 and each not in HOLIDAYS]
    assert len(working) == days
    assert working[-1] == ready


@pytest.mark.parametrize("finding", Finding)
@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("drawn", [0.05, 0.1, 0.9])
def test_only_one_way_leads_to_the_paper_itself(finding: Finding, when: When, *, waits: bool, drawn: float) -> None:
    """Nothing found, wanted now, nothing open, and not drawn."""
    expected = (finding, when, waits, drawn >= 0.1) == (Finding.CLEAN, When.NOW, False, True)
    assert comes_now(finding, when, waits=waits, lot=drawn, share=0.1) is expected


@pytest.mark.parametrize(("share", "now"), [(0.0, True), (1.0, False)])
def test_a_share_of_nobody_and_of_everybody_is_exact(share: float, *, now: bool) -> None:
    for drawn in (lot("0" * 64), lot("f" * 64)):
        assert comes_now(Finding.CLEAN, When.NOW, waits=False, lot=drawn, share=share) is now


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张明灯", "张*灯"),
        ("李兰", "李*"),
        ("欧阳明灯", "欧**灯"),
        ("古丽娜尔•示例", "古*****例"),
        ("䶮", "䶮"),
        ("𬬩𠮷", "𬬩*"),
    ],
)
def test_a_receipt_shows_a_name_to_its_holder_alone(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_receipt_shows_four_characters_of_a_number() -> None:
    assert shown_number("99010120160908004X") == "**************004X"


def _standing(
    division: str = "", residence: Residence = Residence.NONE, age: int | None = 30, applied: int = 0
) -> Standing:
    return Standing(division, residence, age, applied)


@pytest.mark.parametrize(
    ("eligibility", "standing", "refusal"),
    [
        (Eligibility(), _standing("110101", applied=9), None),
        (Eligibility(registered=("9901",)), _standing("990101"), None),
        (Eligibility(registered=("9901",)), _standing("990205", Residence.CONFIRMED), "not-eligible"),
        (Eligibility(residence=True), _standing("990101"), "not-eligible"),
        (Eligibility(residence=True), _standing("", Residence.DECLARED), "residence-unconfirmed"),
        (Eligibility(registered=("9901",), residence=True), _standing("", Residence.CONFIRMED), None),
        (Eligibility(residence=True, confirmed=False), _standing("", Residence.DECLARED), None),
        (Eligibility(residence=True, confirmed=False), _standing(""), "not-eligible"),
        (Eligibility(registered=("9901",)), _standing("88", Residence.DECLARED), "not-eligible"),
        (Eligibility(from_age=16), _standing(age=15), "too-young"),
        (Eligibility(from_age=16), _standing(age=16), None),
        (Eligibility(from_age=16), _standing(age=None), None),
        (Eligibility(yearly=2), _standing(applied=1), None),
        (Eligibility(yearly=2), _standing(applied=2), "yearly-limit"),
        (Eligibility(registered=("99",), yearly=2), _standing("88", applied=2), "not-eligible"),
    ],
)
def test_who_is_entitled(eligibility: Eligibility, standing: Standing, refusal: str | None) -> None:
    """By age, unless a guardian asks; by register or by residence, where the policy names them; then by how often."""
    assert entitlement.refusal(eligibility, standing) == refusal


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 11, 22), date(2027, 5, 22)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_half_a_year_is_six_months(day: date, later: date) -> None:
    """The last day of a month that is too short."""
    assert half_a_year_after(day) == later


def test_a_year_begins_at_the_bureau() -> None:
    """At eight in the evening in Greenwich it has begun there."""
    assert start_of_year(datetime(2027, 1, 1, 0, 30, tzinfo=CHINA_TIME)) == datetime(2027, 1, 1, tzinfo=CHINA_TIME)


def test_relations_stand_in_the_registers_order() -> None:
    """Householder, spouse, children, grandchildren, parents, grandparents; anybody else last."""
    mixed = ["祖母", "侄", "外孙女", "母", "次女", "长子", "孙", "妻", "户主", "岳父"]
    ranked = sorted(mixed, key=household.rank)
    assert ranked == ["户主", "妻", "次女", "长子", "外孙女", "孙", "母", "岳父", "祖母", "侄"]
