"""A paper as dots: exact where it is read by machines, sharp where it is read by people."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from forms.code import CodeKey, sign_code
from forms.errors import UnreadablePaperError
from forms.layout import DOTS_PER_MM
from forms.paper import Medium, Paper
from forms.placement import place
from forms.qr import QUIET_ZONE, modules
from forms.raster import WIDTH, Dots, strip
from forms.reading import codes_in
from tests.support.papers import EVERY_KIND, FULL, LATER, PROOF, lengthened
from tests.support.sheets import worn

ROOT = Path(__file__).parents[2]
Rendered = Callable[..., bytes]
KINDS = pytest.mark.parametrize("paper", EVERY_KIND, ids=[each.kind for each in EVERY_KIND])


def picture(dots: Dots) -> Image.Image:
    return Image.fromarray(np.where(dots, 0, 255).astype(np.uint8))


def code_of(paper: Paper, dots: Dots) -> Dots:
    """The square that holds the code, cut out."""
    area = place(paper, Medium.STRIP).code
    left, top, side = (round(length * DOTS_PER_MM) for length in (area.x, area.y, area.width))
    return dots[top : top + side, left : left + side]


@KINDS
def test_a_strip_is_rastered_dot_for_dot(paper: Paper, rendered: Rendered) -> None:
    """As wide as the head, as high as the sheet in eighths of a millimetre."""
    dots = strip(rendered(paper, Medium.STRIP))
    assert dots.dtype == np.bool_
    assert dots.shape == (round(place(paper, Medium.STRIP).height * DOTS_PER_MM), WIDTH)


@KINDS
def test_every_module_of_the_code_is_whole_dots(paper: Paper, rendered: Rendered, code_key: CodeKey) -> None:
    """All of one colour, at least four dots wide, with the quiet zone around them."""
    symbol = modules(sign_code(paper, code_key))
    square = code_of(paper, strip(rendered(paper, Medium.STRIP)))
    each = len(square) // (len(symbol) + 2 * QUIET_ZONE)
    inset = (len(square) - each * len(symbol)) // 2
    inner = square[inset : inset + each * len(symbol), inset : inset + each * len(symbol)]
    cells = inner.reshape(len(symbol), each, len(symbol), each)
    assert each >= 4
    assert (cells.all(axis=(1, 3)) | ~cells.any(axis=(1, 3))).all()
    assert inset >= QUIET_ZONE * each
    assert square.sum() == inner.sum()


@KINDS
def test_the_code_is_read_from_the_strip(paper: Paper, rendered: Rendered, code_key: CodeKey) -> None:
    """As printed, and as a telephone sees it."""
    dots = strip(rendered(paper, Medium.STRIP))
    (read,) = zxingcpp.read_barcodes(np.asarray(picture(code_of(paper, dots))))
    assert len(read.text) == len(sign_code(paper, code_key))
    assert codes_in(np.asarray(worn(picture(dots)))) == (read.text,)


def test_the_longest_code_still_has_four_dots_to_a_module() -> None:
    """Version 14 at level M, the largest that a paper's code becomes."""
    assert WIDTH // (73 + 2 * QUIET_ZONE) >= 4


def test_a_photograph_is_dithered_and_words_are_not(rendered: Rendered) -> None:
    """The same grey that the photograph shows as a mixture of dots, type shows as black or white alone."""
    dots, area = strip(rendered(PROOF, Medium.STRIP)), place(PROOF, Medium.STRIP).portrait
    assert area is not None
    left, top, right, bottom = (round(edge * DOTS_PER_MM) for edge in (area.x, area.y, area.right, area.bottom))
    photograph, title = dots[top:bottom, left:right], dots[: round(34 * DOTS_PER_MM)]
    assert 0.05 < photograph[:60, :60].mean() < 0.4  # its light background
    assert alone(photograph) > 0.1
    assert alone(title) < 0.005


def alone(dots: Dots) -> float:
    """The share of black dots that have no black neighbour."""
    padded = np.pad(dots, 1)
    beside = padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return float((dots & ~beside).sum() / dots.sum())


def test_lines_are_solid(rendered: Rendered) -> None:
    """No rule is lost between two rows of dots: each has at least one that is black from edge to edge."""
    dots, placed = strip(rendered(LATER, Medium.STRIP)), place(LATER, Medium.STRIP)
    for rule in placed.rules:
        row = round(rule.y * DOTS_PER_MM)
        assert dots[row - 3 : row + 3].all(axis=1).any(), rule


def test_the_seal_disturbs_no_word() -> None:
    """On the strip it is black, so it stands beside the words; nothing of it lies under one."""
    for paper in (LATER, lengthened(LATER)):
        placed = place(paper, Medium.STRIP)
        seal = placed.seal
        for line in placed.lines:
            area = line.area
            apart = area.right <= seal.x or area.x >= seal.right or area.bottom <= seal.y or area.y >= seal.bottom
            assert apart, line


def test_an_a4_page_becomes_as_wide_as_the_strip(rendered: Rendered) -> None:
    """Scaled; its code can still be read."""
    dots = strip(rendered(FULL))
    assert dots.shape == (815, WIDTH)
    assert strip(rendered(FULL), 1160).shape == (1641, 1160)
    assert codes_in(np.asarray(picture(strip(rendered(FULL), 1160))))


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(UnreadablePaperError):
        strip(b"nothing")


_TOGETHER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from forms.fonts import Weight
from forms.outlines import outlined_line
from forms.raster import strip
from forms.reading import page_text

pdf = Path(sys.argv[1]).read_bytes()
sys.setswitchinterval(1e-5)

def work(number):
    drawn = outlined_line("公安局派出所户籍证明样张", Weight.BOLD, 9.0, 0.5)
    return drawn, *((page_text(pdf), strip(pdf).tobytes()) for _ in range(12))

with ThreadPoolExecutor(4) as threads:
    print(len(set(threads.map(work, range(4)))))
"""


def test_threads_that_draw_read_and_raster_at_once_do_no_harm(rendered: Rendered, tmp_path: Path) -> None:
    """PDFium and a font's reader allow for one thread each: without locks, many a process ends by a signal here."""
    (paper := tmp_path / "paper.pdf").write_bytes(rendered(FULL, Medium.STRIP))
    command = [sys.executable, "-c", _TOGETHER, str(paper)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert (ended.returncode, ended.stdout.strip()) == (0, "1")
