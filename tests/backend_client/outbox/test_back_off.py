"""Patience: who waits how long, and that a city does not come back in one second."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.outbox.back_off import FIRST_S, LONGEST_S, WAKE_WITHIN_S, BackOff


class Highest(Random):
    """Draws the end of every interval."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


def test_waits_double_from_a_second_to_a_quarter_of_an_hour() -> None:
    """At the most: each is drawn from nothing to there."""
    patience = BackOff(Highest(), 0.0)
    patience.succeeded()
    ends = []
    for _ in range(12):
        patience.failed(0.0)
        ends.append(patience.wait(0.0))
    assert ends == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert (FIRST_S, LONGEST_S) == (1.0, 900.0)


def test_a_success_takes_all_patience_back() -> None:
    """The next failure is a first one."""
    patience = BackOff(Highest(), 0.0)
    for _ in range(9):
        patience.failed(0.0)
    patience.succeeded()
    assert patience.due(0.0)
    patience.failed(10.0)
    assert (patience.due(10.9), patience.due(11.0)) == (False, True)


def test_nobody_comes_before_they_were_asked_to_and_not_all_at_that_moment() -> None:
    """Retry-After, and jitter on top."""
    waits = []
    for seed in range(40):
        patience = BackOff(Random(seed), 0.0)
        for _ in range(6):
            patience.failed(0.0)
        patience.failed(0.0, retry_after=120.0)
        waits.append(patience.wait(0.0))
    assert min(waits) >= 120
    assert max(waits) - min(waits) > 30


def _firsts_after(outage_s: float) -> list[float]:
    """When each of forty kiosks asks for the first time after an outage: seconds since its end."""
    firsts = []
    for seed in range(40):
        patience, now = BackOff(Random(seed), 0.0), 0.0
        patience.succeeded()
        while now < outage_s:
            patience.failed(now)
            now += patience.wait(now)
        firsts.append(now - outage_s)
    return firsts


def test_a_city_that_comes_back_after_a_night_does_not_come_back_at_once() -> None:
    """Forty kiosks over a quarter of an hour: no minute sees more than an eighth of them."""
    firsts = _firsts_after(8 * 3600.0)
    minutes = Counter(int(each // 60) for each in firsts)
    assert max(minutes.values()) <= 8
    assert max(firsts) > LONGEST_S / 2
    assert len(minutes) >= 10


def test_after_a_blink_everybody_is_back_soon() -> None:
    """A link that was away for five seconds is no outage to wait out."""
    assert max(_firsts_after(5.0)) < 16


def test_a_start_is_the_end_of_an_outage_of_unknown_length() -> None:
    """When the power comes back, it comes back to all of them."""
    firsts = [BackOff(Random(seed), 0.0).wait(0.0) for seed in range(40)]
    assert max(Counter(int(each // 60) for each in firsts).values()) <= 8
    assert max(firsts) > LONGEST_S / 2


def test_a_hint_brings_them_sooner_but_not_in_one_second() -> None:
    """Everybody hears of a new policy in the same moment."""
    waits = []
    for seed in range(40):
        patience = BackOff(Random(seed), 0.0)
        patience.rest(0.0)
        patience.wake(0.0)
        waits.append(patience.wait(0.0))
    assert max(waits) <= WAKE_WITHIN_S
    assert max(Counter(int(each) for each in waits).values()) <= 6


@given(st.integers(0, 2**32), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_hint_never_makes_anybody_later(seed: int, now: float, later: float) -> None:
    """Whenever it comes."""
    patience = BackOff(Random(seed), now)
    before = patience.wait(now + later)
    patience.wake(now + later)
    assert patience.wait(now + later) <= before


@pytest.mark.parametrize("step", ["failed", "rest"])
def test_the_wait_is_never_longer_than_the_longest(step: str) -> None:
    """However long it has been going on."""
    patience = BackOff(Random(1), 0.0)
    for _ in range(50):
        getattr(patience, step)(0.0)
        assert 0 <= patience.wait(0.0) <= LONGEST_S
