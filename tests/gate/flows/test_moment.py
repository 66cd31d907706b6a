"""A clock that is set back extends nothing, one that jumps forward locks nobody out."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forms.paper import CHINA_TIME
from gate.flows.moment import Readings, moment_of
from tests.support.clocks import NOW

SKEW = timedelta(minutes=10)
AWAY = st.timedeltas(timedelta(days=-400), timedelta(days=400))


@given(off=AWAY)
def test_with_records_time_in_this_boot_no_setting_of_the_wall_clock_decides_anything(off: timedelta) -> None:
    subject = moment_of(Readings(NOW + off, NOW, NOW - timedelta(days=1), SKEW), CHINA_TIME)
    assert (subject.at, subject.latest, subject.sure) == (NOW, NOW, True)


@given(off=AWAY)
def test_without_it_nothing_is_over_by_a_clock_that_is_ahead_nor_goes_on_by_one_set_back(off: timedelta) -> None:
    subject = moment_of(Readings(NOW + off, None, NOW, SKEW), CHINA_TIME)
    assert NOW <= subject.at <= NOW + SKEW
    assert subject.latest == max(subject.at, NOW + off)
    assert subject.sure is (abs(off) <= SKEW)


def test_a_short_stop_is_bridged_by_the_wall_clock() -> None:
    subject = moment_of(Readings(NOW + timedelta(minutes=4), None, NOW, SKEW), CHINA_TIME)
    assert (subject.at, subject.sure) == (NOW + timedelta(minutes=4), True)


def test_a_clock_that_lost_its_battery_counts_for_nothing() -> None:
    subject = moment_of(Readings(datetime(2000, 1, 1, tzinfo=NOW.tzinfo), None, NOW, SKEW), CHINA_TIME)
    assert (subject.at, subject.latest, subject.sure) == (NOW, NOW, False)


def test_days_are_the_communitys() -> None:
    """Five past eleven at night in Beijing; an hour later it is tomorrow there, and not yet in UTC."""
    tonight = moment_of(Readings(NOW, NOW, None, SKEW), CHINA_TIME)
    later = NOW + timedelta(hours=1)
    assert moment_of(Readings(later, later, None, SKEW), CHINA_TIME).today == tonight.today + timedelta(days=1)


def test_a_gate_that_never_heard_records_has_its_wall_clock() -> None:
    assert moment_of(Readings(NOW, None, None, SKEW), CHINA_TIME).at == NOW
