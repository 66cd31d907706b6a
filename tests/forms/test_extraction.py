"""What programs copy out of a page is what the page says, character for character, however rare the name.

Two readers that share no code: PDFium, which the papers' own check uses, and poppler's pdftotext.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from forms.content import canonical, compose
from forms.fonts import has_glyph, runs
from forms.paper import HouseholdCertificate
from forms.reading import page_text
from tests.support.papers import FULL, LONG, RARE, SPARSE

Rendered = Callable[[HouseholdCertificate], bytes]
Reader = Callable[[bytes], str]

# first and last of extension A's newest, the newest of GB 18030-2022's base plane, extensions B, E, G and I, and one
# that only the last font of the chain has
RAREST = "\u3402\u4dae\u9fef\U00020bb7\U0002cb5b\U00030edd\U0002ec00\U00029000"
NAMED = replace(
    FULL,
    serial="PAD-2026-00000127",
    name=RAREST,
    former_name=RAREST[::-1],
    householder=f"王{RAREST}明",
    address=f"示例省示例市{RAREST}街道{RAREST}路1号",
)
PAPERS = {"full": FULL, "rare": RARE, "rarest": NAMED, "sparse": SPARSE, "long": LONG}


def poppler_text(pdf: bytes) -> str:
    """The text in the order of the content, as pdftotext gives it."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("read", [page_text, poppler_text], ids=["pdfium", "poppler"])
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_the_signed_page_s_text_is_the_text_meant(paper: HouseholdCertificate, read: Reader, signed: Rendered) -> None:
    """White space aside, which is the layout's."""
    assert canonical(read(signed(paper))) == canonical("".join(compose(paper).texts()))


@pytest.mark.parametrize("read", [page_text, poppler_text], ids=["pdfium", "poppler"])
@pytest.mark.parametrize("character", RAREST, ids=lambda character: f"U+{ord(character):04X}")
def test_each_rare_character_is_copied_as_itself(character: str, read: Reader, rendered: Rendered) -> None:
    """Name, former name, householder, and twice in the address: five times, and no twin in its place."""
    assert canonical(read(rendered(NAMED))).count(character) == 5


def test_every_font_of_the_chain_has_a_part_in_it() -> None:
    """Else the tests above would show less than they say."""
    assert {run.font for run in runs(f"王{RAREST}")} == {"NotoSerifSC-Regular", "BabelStoneHan", "HanaMinB"}
    assert not has_glyph("BabelStoneHan", RAREST[-1])
