"""The gate's moment: records' time while it is known, and what outlived a restart until it is known again."""

from datetime import timedelta
from uuid import uuid4

from backend_client.trusted_clock import Heard, TrustedClock
from forms.paper import CHINA_TIME
from gate.services.clocks import GateTime
from tests.support.clocks import NOW, SetClock

DAY = timedelta(days=1).total_seconds()


class Kept:
    """A disk for records' time."""

    def __init__(self) -> None:
        self.heard: Heard | None = None

    def load_heard(self) -> Heard | None:
        return self.heard

    def keep_heard(self, heard: Heard) -> None:
        self.heard = heard


def test_within_one_boot_records_time_goes_on_whatever_the_wall_clock_says() -> None:
    clock = SetClock()
    trusted = TrustedClock(clock, uuid4(), Kept())
    subject = GateTime(trusted, [], CHINA_TIME)
    trusted.hear(clock.monotonic(), NOW)
    for set_by in (900 * DAY, -2000 * DAY):
        clock.set_by(set_by)
        clock.pass_by(60)
    found = subject.moment()
    assert (found.at, found.latest, found.sure) == (NOW + timedelta(minutes=2), NOW + timedelta(minutes=2), True)


def test_after_a_restart_without_a_link_nothing_is_over_by_a_clock_that_jumped() -> None:
    kept, clock = Kept(), SetClock()
    TrustedClock(clock, uuid4(), kept).hear(clock.monotonic(), NOW)
    clock.set_by(400 * DAY)
    clock.up = 5.0
    subject = GateTime(TrustedClock(clock, uuid4(), kept), [], CHINA_TIME)
    clock.pass_by(90)
    found = subject.moment()
    assert (found.at, found.sure) == (NOW + timedelta(seconds=90), False)
    assert found.latest > NOW + timedelta(days=399)
    assert subject.day_and_time() == (found.today, found.at)


def test_the_newest_pass_and_the_feeds_last_word_count_where_they_are_later() -> None:
    """Whoever takes the file of records' time away wins nothing."""
    clock = SetClock()
    clock.set_by(-30 * DAY)
    passed, told = NOW, NOW - timedelta(hours=1)
    subject = GateTime(TrustedClock(clock, uuid4(), Kept()), [told, passed], CHINA_TIME)
    clock.pass_by(10)
    assert subject.moment().at == NOW + timedelta(seconds=10)


def test_once_records_are_heard_again_their_word_counts_alone() -> None:
    clock = SetClock()
    trusted = TrustedClock(clock, uuid4(), Kept())
    subject = GateTime(trusted, [NOW + timedelta(hours=1)], CHINA_TIME)
    assert subject.moment().at == NOW + timedelta(hours=1)
    trusted.hear(clock.monotonic(), NOW)
    assert (subject.moment().at, subject.moment().sure) == (NOW, True)
