"""A few cells of the verification matrix: one in each way, with what a forger would do to that very paper."""

from collections.abc import Iterator

import pytest

from forms.verification import Outcome
from tests.matrix.cases import Bench, Way, Wrong, allowed, handed_in, judged, papers
from tests.support.remembered import reading_each_line_once


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        reading_each_line_once(patch)
        yield


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench.made()


@pytest.mark.parametrize(
    ("name", "way", "wrong"),
    [
        ("residence", Way.WITH_PDF, Wrong.ADDRESS),
        ("later", Way.STRIP, Wrong.DIGIT),
        ("no record", Way.TILTED, Wrong.NAME),
        ("residence", Way.JPEG, Wrong.LOOKALIKE),
        ("later", Way.SCAN_200, Wrong.VARIANT),
    ],
)
def test_no_altered_paper_is_genuine_and_an_untouched_page_always(
    bench: Bench, name: str, way: Way, wrong: Wrong
) -> None:
    """Both would pass for the other with a reader that guesses."""
    paper = papers()[name]
    outcomes = {}
    for each in (Wrong.UNTOUCHED, wrong):
        file = next(handed_in(way, paper, each, bench))[0]
        outcomes[each] = judged(way, file, paper, each, bench).outcome
    assert outcomes[Wrong.UNTOUCHED] in allowed(Wrong.UNTOUCHED)
    assert outcomes[Wrong.UNTOUCHED] is Outcome.GENUINE or way is Way.STRIP  # its coarse dots may leave a twin open
    assert outcomes[wrong] in allowed(wrong)


def test_a_strip_that_lies_askew_is_for_a_person_to_compare(bench: Bench) -> None:
    """Its code alone does not tell how it lies; that makes no altered paper of it."""
    paper = papers()["later"]
    file = next(handed_in(Way.TILTED_STRIP, paper, Wrong.UNTOUCHED, bench))[0]
    assert judged(Way.TILTED_STRIP, file, paper, Wrong.UNTOUCHED, bench).outcome is Outcome.COMPARE
