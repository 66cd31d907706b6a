"""Where everything stands, before anything is drawn: whatever a paper says, nothing lies over anything else."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pypdfium2
import pytest

from forms.content import OPEN, TICKED, canonical, compose
from forms.errors import MissingGlyphError
from forms.fonts import Weight, runs
from forms.layout import POINTS_PER_MM, Area
from forms.layouts import page, strip
from forms.paper import Medium, Paper
from forms.placement import Part, Placed, fits, place, seal_place
from tests.support.papers import (
    CHILD,
    EVERY_KIND,
    FULL,
    LATER,
    LONG,
    NO_RECORD,
    PROOF,
    RAREST,
    RESIDENCE,
    SPARSE,
    lengthened,
    renamed,
)

PAPERS: dict[str, Paper] = {"sparse": SPARSE, "child": CHILD, "long": LONG}
PAPERS |= {each.kind.value: each for each in EVERY_KIND}
PAPERS |= {f"{each.kind}-long": lengthened(each) for each in EVERY_KIND}
PAPERS |= {f"{each.kind}-rare": renamed(each, f"王{RAREST}") for each in EVERY_KIND}
EVERY = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
MEDIA = pytest.mark.parametrize("medium", Medium)

_TOUCH = 0.2  # mm of the room above and below type that may be shared


def _apart(one: Area, other: Area) -> bool:
    beside = one.right <= other.x + _TOUCH or other.right <= one.x + _TOUCH
    return beside or one.bottom <= other.y + _TOUCH or other.bottom <= one.y + _TOUCH


@MEDIA
@EVERY
def test_the_lines_are_the_canonical_text(paper: Paper, medium: Medium) -> None:
    """In reading order, on both media the same: the code's digest covers either."""
    assert canonical("".join(line.text for line in place(paper, medium).lines)) == canonical(
        "".join(compose(paper).texts())
    )


@MEDIA
@EVERY
def test_no_words_lie_over_others(paper: Paper, medium: Medium) -> None:
    lines = place(paper, medium).lines
    assert [(one, other) for one, other in combinations(lines, 2) if not _apart(one.area, other.area)] == []


@MEDIA
@EVERY
def test_no_words_lie_over_the_code_or_the_photograph(paper: Paper, medium: Medium) -> None:
    """And on a strip, where it is black, none under the seal; on the page it covers the date, and nothing else."""
    placed = place(paper, medium)
    pictures = [each for each in (placed.code, placed.portrait) if each]
    assert [line for line in placed.lines for area in pictures if not _apart(line.area, area)] == []
    under = {line.part for line in placed.lines if not _apart(line.area, placed.seal)}
    assert under == (set() if medium is Medium.STRIP else {Part.DATE})


@MEDIA
@EVERY
def test_everything_stands_on_the_sheet(paper: Paper, medium: Medium) -> None:
    """Within the page's margins; on a strip within what the head prints."""
    placed = place(paper, medium)
    left, right = (page.PAGE.table.x, page.PAGE.table.x + page.PAGE.table.width) if medium is Medium.PAGE else (0, 72)
    for line in placed.lines:
        assert left - 0.01 <= line.area.x, line
        assert line.area.right <= right + 0.01, line
        assert line.area.y >= 0, line
        assert line.area.bottom <= placed.height, line


@EVERY
def test_a_place_is_where_the_page_shows_the_words(paper: Paper, request: pytest.FixtureRequest) -> None:
    """What a program finds at a value's place on the drawn page is that value: a verifier may look there."""
    rendered: Callable[..., bytes] = request.getfixturevalue("rendered")
    for medium in Medium:
        placed, document = place(paper, medium), pypdfium2.PdfDocument(rendered(paper, medium))
        text = document[0].get_textpage()
        for line in (line for line in placed.lines if line.part in (Part.VALUE, Part.SERIAL, Part.ISSUER)):
            left, lower, right, upper = _grown(placed, line.area)
            assert canonical(text.get_text_bounded(left, lower, right, upper)) == canonical(line.text)
        document.close()


def _grown(placed: Placed, area: Area) -> tuple[float, float, float, float]:
    left, lower, right, upper = placed.points(area)
    return left - 1, lower, right + 1, upper


@MEDIA
@pytest.mark.parametrize("paper", [FULL, PROOF, NO_RECORD, RESIDENCE, LATER], ids=lambda paper: paper.kind)
def test_what_never_fits_is_known_beforehand(paper: Paper, medium: Medium) -> None:
    """Before a serial is spent on it; and what is only long, fits."""
    assert fits(lengthened(paper), medium)
    endless = replace(paper, wording=replace(paper.wording, remarks=("仅限所列用途。" * 40,) * 12))
    assert not fits(endless, medium)


@MEDIA
def test_an_issuer_that_only_tiny_type_could_hold_does_not_fit(medium: Medium) -> None:
    """Rather than to print what nobody reads."""
    assert fits(replace(FULL, issuer=LONG.issuer), medium)
    assert not fits(replace(FULL, issuer=LONG.issuer * 4), medium)


def test_what_nobody_can_draw_is_no_question_of_room() -> None:
    with pytest.raises(MissingGlyphError):
        fits(replace(SPARSE, name="王\ue81e"), Medium.STRIP)


def test_a_strip_is_as_long_as_it_must_be() -> None:
    """And never longer than a reader of papers accepts (forms.reading)."""
    short, long = place(LATER, Medium.STRIP), place(lengthened(LATER), Medium.STRIP)
    assert short.width == long.width == strip.WIDTH
    assert short.height < long.height <= strip.LONGEST
    assert long.height * POINTS_PER_MM < 1500


def test_one_purpose_is_ticked() -> None:
    """A box around the tick, as wide as the empty ones; the words of the chosen one in bold type."""
    placed = place(PROOF)
    marks = [line for line in placed.lines if line.text in (TICKED, OPEN)]
    assert [line.text for line in marks].count(TICKED) == len(placed.frames) == 1
    assert len(marks) == len(PROOF.purposes)
    (frame,), (tick,) = placed.frames, [line for line in marks if line.text == TICKED]
    assert frame.x < tick.area.x
    assert tick.area.right < frame.right
    chosen = [line for line in placed.lines if line.text == PROOF.purpose]
    others = [line for line in placed.lines if line.text in PROOF.purposes and line.text != PROOF.purpose]
    assert [line.style.bold for line in chosen] == [True]
    assert not any(line.style.bold for line in others)


@MEDIA
def test_the_photograph_keeps_its_proportions(medium: Medium) -> None:
    """358 by 441 (GA/T 461), at least as large as on an identity card (26 mm)."""
    area = place(PROOF, medium).portrait
    assert area is not None
    assert area.height / area.width == pytest.approx(441 / 358, rel=0.005)
    assert area.width >= 26
    assert place(FULL, medium).portrait is None


@MEDIA
def test_what_is_looked_for_first_is_set_largest(medium: Medium) -> None:
    """When, where and whom to call, on a receipt; from when to when, on a proof."""
    size = {line.text: line.style.size for line in place(LATER, medium).lines if line.part is Part.VALUE}
    assert size["2026年11月25日"] > size["2026年12月22日"]
    assert size[LATER.phone] > size[LATER.purpose]
    period = [line for line in place(PROOF, medium).lines if line.text.startswith(("自 ", "至 "))]
    assert [line.text for line in period] == ["自 2026年11月22日23时05分", "至 2026年11月25日23时05分"]


def test_a_rare_name_is_of_one_weight() -> None:
    """Its typeface has no bold, and half a bold name looks like two."""
    (name,) = [line for line in place(renamed(PROOF, f"王{RAREST}")).lines if RAREST in line.text]
    (common,) = [line for line in place(PROOF).lines if line.text == PROOF.name]
    assert common.style.bold
    assert not name.style.bold
    assert Weight.BOLD not in {run.font for run in runs(name.text)}


@MEDIA
def test_the_seal_stands_at_the_same_height_on_every_paper(medium: Medium) -> None:
    """Counted from the lower edge, as a PDF does."""
    first, *others = (seal_place(paper, medium) for paper in EVERY_KIND)
    assert all(each == pytest.approx(first) for each in others)
    assert (first == pytest.approx(page.SEAL)) is (medium is Medium.PAGE)
