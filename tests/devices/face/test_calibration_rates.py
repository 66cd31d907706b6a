"""What may be said of k errors in n trials."""

import numpy as np
import pytest

from devices.face.calibration.rates import PairScores, Rate, upper_bound


def pairs_of(*scores: float, others: int = 0) -> PairScores:
    """Pairs with these similarities, and others that are not alike at all."""
    return PairScores(np.array([*scores, *np.linspace(-0.2, 0.2, others)], np.float64))


@pytest.mark.parametrize(("trials", "bound"), [(30, 0.1), (300, 0.01), (3000, 0.001), (3, 1.0), (1, 1.0), (0, 1.0)])
def test_no_error_in_n_trials_bounds_the_rate_by_3_over_n(trials: int, bound: float) -> None:
    assert upper_bound(0, trials) == pytest.approx(bound)


@pytest.mark.parametrize(("errors", "trials"), [(1, 10), (1, 300), (2, 60), (29, 30), (7, 20_000), (5_000, 100_000)])
def test_errors_bound_the_rate_as_clopper_and_pearson_do(errors: int, trials: int) -> None:
    """Scipy's beta distribution says the same."""
    from scipy.stats import beta  # type: ignore[import-untyped] # here: a second of every process that collects

    assert upper_bound(errors, trials) == pytest.approx(float(beta.ppf(0.95, errors + 1, trials - errors)), rel=1e-6)


def test_all_errors_bound_nothing() -> None:
    assert upper_bound(12, 12) == 1.0


def test_one_more_error_raises_the_bound() -> None:
    """Also from none, where another rule holds, to one."""
    bounds = [upper_bound(errors, 200) for errors in range(20)]
    assert bounds == sorted(set(bounds))


def test_a_rate_without_trials_is_none_and_may_be_anything() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).upper == 1.0


@pytest.mark.parametrize(("pairs", "rate"), [(299, 0.01), (2999, 0.001), (0, 0.5), (2, 0.9)])
def test_a_rate_is_not_stated_on_fewer_than_3_over_rate_pairs(pairs: int, rate: float) -> None:
    assert not pairs_of(others=pairs).supports(rate)
    assert pairs_of(others=pairs).stated(rate) is None


def test_the_threshold_lies_above_every_pair_when_there_are_just_enough() -> None:
    """300 pairs without a false match are at most 1 in 100; with one they would be 1.6."""
    stated = pairs_of(0.4321, others=299).stated(0.01)
    assert stated is not None
    assert (stated.similarity, stated.false_match_rate) == (0.433, 0.01)


def test_more_pairs_allow_false_matches_as_long_as_the_bound_holds() -> None:
    """1 in 474 is at most 1 in 100, and 1 in 473 is not (Clopper-Pearson)."""
    enough, few = pairs_of(0.6, 0.4, others=472).stated(0.01), pairs_of(0.6, 0.4, others=470).stated(0.01)
    assert enough is not None
    assert enough.similarity == 0.401
    assert few is not None
    assert few.similarity == 0.601


def test_a_threshold_keeps_its_promise_on_the_pairs_it_was_chosen_on() -> None:
    """And a thousandth lower it would not."""
    scores = PairScores(np.random.default_rng(7).normal(0.1, 0.12, 5000))
    stated = scores.stated(0.005)
    assert stated is not None
    assert scores.at(stated.similarity).upper <= 0.005
    assert scores.at(stated.similarity - 0.002).upper > 0.005


def test_two_persons_that_look_the_same_leave_no_threshold() -> None:
    assert pairs_of(1.0, others=299).stated(0.01) is None


@pytest.mark.parametrize(("pairs", "smallest"), [(300, 0.01), (299, 0.011), (3160, 0.00095), (3, 1.0), (0, 1.0)])
def test_the_smallest_rate_that_can_be_stated_is_said_in_two_digits(pairs: int, smallest: float) -> None:
    """Rounded up, so that asking for it succeeds."""
    scores = pairs_of(others=pairs)
    assert scores.smallest_rate == smallest
    assert pairs <= 3 or scores.supports(smallest)


def test_every_smallest_rate_can_really_be_stated() -> None:
    for pairs in range(4, 2000, 7):
        scores = pairs_of(others=pairs)
        assert scores.stated(scores.smallest_rate) is not None
