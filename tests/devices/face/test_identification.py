"""From which similarity a face counts as one of many, and from which size of the gallery it is not offered."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from devices.face.api import Threshold
from devices.face.driver import DEFAULT_THRESHOLD
from devices.face.identification import (
    NotOffered,
    Offer,
    OperatingPoints,
    OperatingPointsError,
    Point,
    Why,
    fpir_of,
    largest_gallery,
    misses,
    offered,
    required_rate,
    similarity_for,
)
from devices.face.operating_points import SFACE, operating_points
from tests.support.camera import PACK

LICENSED = OperatingPoints((Point(1e-6, 0.30), Point(1e-7, 0.35), Point(1e-8, 0.40)), 400_000_000, "vendor")


@pytest.mark.parametrize("vectors", [1, 100, 12_000, 1_000_000])
@pytest.mark.parametrize("fpir", [0.1, 0.01, 0.0001])
def test_the_required_rate_gives_the_stated_fpir(vectors: int, fpir: float) -> None:
    """As 1 - (1 - FMR)^N says, and never more than N x FMR, which holds for any dependence."""
    rate = required_rate(fpir, vectors)
    assert fpir_of(rate, vectors) == pytest.approx(fpir, rel=1e-9)
    assert fpir <= vectors * rate <= fpir * 1.06


def test_the_rate_of_a_real_gallery_of_independent_strangers_is_the_formula_s() -> None:
    """By drawing: 200,000 strangers before 50 members whose scores have a known rate."""
    random = np.random.default_rng(4)
    rate = required_rate(0.01, 50)
    false = (random.random((200_000, 50)) < rate).any(axis=1).mean()
    assert false == pytest.approx(0.01, abs=4 * math.sqrt(0.01 / 200_000))


@pytest.mark.parametrize(("rate", "similarity"), [(1e-3, 0.383), (1e-4, 0.461), (1e-5, 0.531), (0.5, 0.383)])
def test_measured_rates_have_their_measured_thresholds(rate: float, similarity: float) -> None:
    """A rate above all of them the loosest one: less was never measured to be enough."""
    assert similarity_for(SFACE, rate) == similarity


def test_between_two_points_the_threshold_rises_as_the_logarithm_falls() -> None:
    middle = similarity_for(SFACE, math.sqrt(1e-4 * 1e-5))
    assert middle == pytest.approx((0.461 + 0.531) / 2)
    steps = [similarity_for(SFACE, rate) for rate in np.geomspace(1e-3, 1e-5, 50)]
    assert steps == sorted(step for step in steps if step is not None)


@pytest.mark.parametrize("rate", [9.99e-6, 3.4e-6, 1e-9])
def test_below_the_smallest_measured_rate_nothing_is_assumed(rate: float) -> None:
    """Neither a line that goes on nor the highest impostor that happened to be there."""
    assert similarity_for(SFACE, rate) is None


@pytest.mark.parametrize(("fpir", "largest"), [(0.1, 10_535), (0.01, 1_005), (0.001, 100), (0.0001, 10)])
def test_the_default_pack_carries_a_small_gallery_and_no_larger_one(fpir: float, largest: int) -> None:
    assert largest_gallery(SFACE, fpir) == largest
    last = offered(SFACE, fpir, largest)
    assert isinstance(last, Offer)
    assert last.similarity == 0.531
    assert fpir_of(last.false_match_rate, largest) == pytest.approx(fpir)
    assert offered(SFACE, fpir, largest + 1) == NotOffered(Why.TOO_MANY)


def test_a_pack_that_was_measured_further_carries_a_compound() -> None:
    """12,000 at one in a hundred needs 8.4e-7: a point at 1e-6 does not reach it."""
    assert required_rate(0.01, 12_000) == pytest.approx(8.375e-7, rel=1e-3)
    offer = offered(LICENSED, 0.01, 12_000)
    assert isinstance(offer, Offer)
    assert 0.30 < offer.similarity < 0.35
    only_one = OperatingPoints((Point(1e-6, 0.30),), 40_000_000, "vendor")
    assert offered(only_one, 0.01, 12_000) == NotOffered(Why.TOO_MANY)


def test_a_larger_gallery_never_gets_a_lower_threshold() -> None:
    found = [offered(SFACE, 0.01, vectors) for vectors in range(1, 1006)]
    steps = [each.similarity for each in found if isinstance(each, Offer)]
    assert len(steps) == 1005
    assert steps == sorted(steps)


def test_without_a_door_a_measurement_or_a_member_it_is_not_offered() -> None:
    assert offered(SFACE, None, 10) == NotOffered(Why.NOT_HERE)
    assert offered(None, 0.01, 10) == NotOffered(Why.NO_POINTS)
    assert offered(SFACE, 0.01, 0) == NotOffered(Why.NOBODY)


def test_misses_stand_where_they_were_measured_and_are_a_lower_bound_elsewhere() -> None:
    lfw, orl, web = misses(SFACE, 0.461)
    assert (lfw.of, lfw.rate, lfw.at_least) == ("LFW", 0.022, False)
    assert (orl.rate, orl.at_least) == (0.003, False)
    assert (web.rate, web.at_least) == (0.345, True)
    lfw, orl, web = misses(SFACE, 0.496)
    assert lfw.rate == pytest.approx(0.033)
    assert orl.rate == pytest.approx(0.0135)
    assert (web.rate, web.at_least) == (0.345, True)
    assert [each.rate for each in misses(SFACE, 0.383)] == [0.0, 0.0, 0.345]
    assert all(each.at_least for each in misses(SFACE, 0.6))
    assert misses(LICENSED, 0.32) == ()


@pytest.mark.parametrize(
    ("points", "pairs", "problem"),
    [
        ((), 1, "none"),
        ((Point(1e-3, 0.4), Point(1e-3, 0.5)), 10**6, "not in order"),
        ((Point(1e-3, 0.4), Point(1e-4, 0.3)), 10**6, "not in order"),
        ((Point(1e-4, 0.4), Point(1e-3, 0.5)), 10**6, "not in order"),
        ((Point(0.0, 0.4),), 10**6, "out of range"),
        ((Point(1e-3, 1.2),), 10**6, "out of range"),
        ((Point(1e-3, math.nan),), 10**6, "out of range"),
        ((Point(1e-3, 0.4, (0.1,)),), 10**6, "misses"),
        ((Point(1e-6, 0.4),), 2_999_999, "too few pairs"),
    ],
)
def test_points_that_contradict_themselves_or_claim_too_much_are_refused(
    points: tuple[Point, ...], pairs: int, problem: str
) -> None:
    """Three million pairs are the fewest that can speak of one in a million."""
    with pytest.raises(OperatingPointsError, match=problem):
        OperatingPoints(points, pairs, "test")


def test_the_default_pack_is_known_by_its_manifest_and_agrees_with_the_kiosk_s_threshold() -> None:
    """One measurement, said in two places."""
    assert operating_points(PACK) is SFACE
    point = Point(DEFAULT_THRESHOLD.false_match_rate, DEFAULT_THRESHOLD.similarity)
    assert (point.false_match_rate, point.similarity) in {(p.false_match_rate, p.similarity) for p in SFACE.points}


def manifest(folder: Path, **fields: object) -> Path:
    (folder / "manifest.json").write_text(json.dumps({"model_id": "vendor-x", **fields}), "utf-8")
    return folder


def test_a_licensed_pack_brings_its_own_points(tmp_path: Path) -> None:
    """In the manifest; it wins over what is known of the default pack."""
    entry = {
        "source": "vendor's report 12",
        "pairs": 40_000_000,
        "sets": ["visa"],
        "points": [
            {"false_match_rate": 1e-6, "similarity": 0.31, "misses": [0.004]},
            {"false_match_rate": 1e-7, "similarity": 0.36},
        ],
    }
    read = operating_points(manifest(tmp_path, identification=entry))
    assert read == OperatingPoints(
        (Point(1e-6, 0.31, (0.004,)), Point(1e-7, 0.36, (None,))), 40_000_000, "vendor's report 12", ("visa",)
    )
    assert largest_gallery(read, 0.01) == 100_503


def test_a_pack_of_which_nothing_is_known_gets_no_points(tmp_path: Path) -> None:
    """Neither without a manifest nor with one that says nothing, or is none."""
    assert operating_points(tmp_path) is None
    assert operating_points(manifest(tmp_path)) is None
    (tmp_path / "manifest.json").write_text("[1", "utf-8")
    assert operating_points(tmp_path) is None
    (tmp_path / "manifest.json").write_text("[1]", "utf-8")
    assert operating_points(tmp_path) is None


@pytest.mark.parametrize(
    "entry", [[], {}, {"points": 3, "pairs": 1, "source": ""}, {"points": [{}], "pairs": 9, "source": ""}, 4]
)
def test_a_manifest_with_points_of_another_form_is_refused(tmp_path: Path, entry: object) -> None:
    """In silence it would look like a pack without any."""
    with pytest.raises(OperatingPointsError):
        operating_points(manifest(tmp_path, identification=entry))


def test_a_site_that_measured_its_own_threshold_is_held_to_that_one() -> None:
    """78 people are 3,003 pairs, which is 1 in 1,000, which is a gallery of ten."""
    read = operating_points(PACK, Threshold(0.47, 1e-3, "own recordings"))
    assert read is not None
    assert (read.points, read.source) == ((Point(1e-3, 0.47),), "own recordings")
    assert largest_gallery(read, 0.01) == 10
    offer = offered(read, 0.01, 10)
    assert isinstance(offer, Offer)
    assert offer.similarity == 0.47
