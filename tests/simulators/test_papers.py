"""What ``make papers`` shows: papers that say what they should, and judges that can say no."""

from datetime import datetime
from pathlib import Path

import pytest

from forms.content import compose
from forms.paper import CHINA_TIME, Medium, Paper, PaperKind
from forms.placement import fits
from forms.test_page import render_test_page
from records.services.policy import DEFAULT_FILE, read_rules
from simulators.paper_checks import check
from simulators.sample_papers import RARE, samples
from tests.support.pki import make_pki

AT = datetime(2026, 11, 22, 23, 5, tzinfo=CHINA_TIME)
SAMPLES: dict[str, Paper] = dict(samples(read_rules(DEFAULT_FILE), "示例市公安局平安灯派出所 (样张)", AT))


def test_every_kind_is_there_twice() -> None:
    """For a common and for a rare name, each with a serial of its own."""
    assert {paper.kind for paper in SAMPLES.values()} == set(PaperKind)
    assert len({paper.serial for paper in SAMPLES.values()}) == len(SAMPLES) == 2 * len(PaperKind)


@pytest.mark.parametrize("name", [each for each in SAMPLES if each.endswith("-rare")])
def test_every_rare_character_is_on_every_rare_paper(name: str) -> None:
    """Where the name is masked, in a place's name."""
    text = "".join(compose(SAMPLES[name]).texts())
    assert [f"U+{ord(each):04X}" for each in RARE if each not in text] == []


@pytest.mark.parametrize("medium", Medium)
def test_the_words_of_the_default_policy_fit_every_medium(medium: Medium) -> None:
    assert [name for name, paper in SAMPLES.items() if not fits(paper, medium)] == []


def test_the_judges_can_say_no(tmp_path: Path) -> None:
    """A file that is damaged and signed by nobody finds no friends."""
    paper = SAMPLES["later_receipt"]
    torn = render_test_page(AT).replace(b"startxref", b"startover")
    found = check({"torn": (paper, torn)}, make_pki().root.pem, tmp_path)["torn"]
    assert not found.well
    assert "yes" not in (found.pdfsig, found.qpdf, found.preflight, found.text)
