"""What programs copy out of a paper is what the paper says, character for character, however rare the name.

Two readers that share no code: PDFium, which the papers' own check uses, and poppler's pdftotext.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from forms.content import canonical, compose
from forms.fonts import has_glyph, runs
from forms.paper import Medium, Paper
from forms.reading import page_text
from tests.support.papers import CHILD, EVERY_KIND, FULL, LONG, RARE, RAREST, SPARSE, lengthened, renamed

Rendered = Callable[..., bytes]
Reader = Callable[[bytes], str]

ALL_RARE = RAREST + "\U00029000"  # and one that only the last font of the chain has
NAMED = replace(
    FULL,
    serial="PAD-2026-00000127",
    name=ALL_RARE,
    former_name=ALL_RARE[::-1],
    householder=f"王{ALL_RARE}明",
    address=f"示例省示例市{ALL_RARE}街道{ALL_RARE}路1号",
)
PAPERS: dict[str, Paper] = {"rare": RARE, "rarest": NAMED, "sparse": SPARSE, "long": LONG, "child": CHILD}
PAPERS |= {each.kind.value: each for each in EVERY_KIND}
PAPERS |= {f"{each.kind}-rare": renamed(each, f"王{RAREST}") for each in EVERY_KIND}
PAPERS |= {f"{each.kind}-long": lengthened(each) for each in EVERY_KIND}


def poppler_text(pdf: bytes) -> str:
    """The text in the order of the content, as pdftotext gives it."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


READERS = pytest.mark.parametrize("read", [page_text, poppler_text], ids=["pdfium", "poppler"])


@READERS
@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_the_signed_paper_s_text_is_the_text_meant(
    paper: Paper, medium: Medium, read: Reader, signed: Rendered
) -> None:
    """White space aside, which is the layout's: so the code vouches for both media alike."""
    assert canonical(read(signed(paper, medium))) == canonical("".join(compose(paper).texts()))


@READERS
@pytest.mark.parametrize("character", ALL_RARE, ids=lambda character: f"U+{ord(character):04X}")
def test_each_rare_character_is_copied_as_itself(character: str, read: Reader, rendered: Rendered) -> None:
    """Name, former name, householder, and twice in the address: five times, and no twin in its place."""
    assert canonical(read(rendered(NAMED))).count(character) == 5


def test_every_font_of_the_chain_has_a_part_in_it() -> None:
    """Else the tests above would show less than they say."""
    assert {run.font for run in runs(f"王{ALL_RARE}")} == {"NotoSerifSC-Regular", "BabelStoneHan", "HanaMinB"}
    assert not has_glyph("BabelStoneHan", ALL_RARE[-1])
