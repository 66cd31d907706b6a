"""The gate's moment: records' time while it is known, and what outlived a restart until it is known again."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from backend_client.contract.tenancies import WayKind
from backend_client.trusted_clock import Heard, TrustedClock
from forms.paper import CHINA_TIME
from gate.services.clocks import GateTime
from gate.store.opened import kept_times
from tests.gate.made_up import Still, number, snapshot, store_at
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


def test_what_a_mad_clock_said_is_not_what_the_next_start_begins_with() -> None:
    """A year ahead without a link for an hour, and then another restart: nobody is a year older by it."""
    kept, clock = Kept(), SetClock()
    TrustedClock(clock, uuid4(), kept).hear(clock.monotonic(), NOW)
    clock.set_by(400 * DAY)
    subject = GateTime(TrustedClock(clock, uuid4(), kept), [], CHINA_TIME)
    for _ in range(60):
        clock.pass_by(60)
        subject.mark()
    again = GateTime(TrustedClock(clock, uuid4(), kept), [], CHINA_TIME)
    assert NOW + timedelta(minutes=58) <= again.moment().at <= NOW + timedelta(minutes=60)


def test_the_store_says_what_is_known_to_have_been(tmp_path: Path) -> None:
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        assert kept_times(store.database) == []
        store.grants.restart(snapshot())
        store.passes.note("gate-1", number(1), NOW + timedelta(minutes=1), WayKind.CARD)
        assert kept_times(store.database) == [NOW + timedelta(minutes=1), NOW]
