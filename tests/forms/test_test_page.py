"""The technician's test page and test strip: they judge a printer, and can pass for nothing else."""

import io
from datetime import timedelta

import numpy as np
import pikepdf
import pytest
import zxingcpp

from forms.reading import codes_in, page_text
from forms.signed_pdf import signature_count
from forms.test_page import MARK, MARK_ENGLISH, SENTENCE, render_test_page
from forms.test_strip import render_test_strip
from tests.support.papers import ISSUED_AT
from tests.support.sheets import rastered


@pytest.fixture(scope="module")
def page() -> bytes:
    """Drawn by whoever runs this file, and not by everybody who only collects it."""
    return render_test_page(ISSUED_AT)


def test_the_page_says_in_words_that_it_is_none(page: bytes) -> None:
    """So that a reader of files is told as well as a reader of paper."""
    text = page_text(page)
    assert MARK in text
    assert MARK_ENGLISH in text
    assert SENTENCE in text
    assert "2026-11-22 23:05" in text


def test_the_page_is_sealed_by_nothing(page: bytes) -> None:
    """No signature, no code, no red."""
    picture = rastered(page)
    assert signature_count(page) == 0
    assert codes_in(np.asarray(picture)) == ()
    assert not zxingcpp.read_barcodes(np.asarray(picture))
    with pikepdf.open(io.BytesIO(page)) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_the_ruler_is_as_long_as_it_says(page: bytes) -> None:
    """150 mm between its outer ticks, on the sheet itself."""
    row = np.asarray(rastered(page, 600))[round(107 * 600 / 25.4)]
    black = np.flatnonzero(row < 128)
    assert (black[-1] - black[0]) / 600 * 25.4 == pytest.approx(150, abs=0.3)


@pytest.mark.parametrize("width", [576, 384])
def test_a_strip_tries_every_dot_of_the_head(width: int) -> None:
    """Each column is burnt alone at least once, and all of them together; the last rows show where the cut is."""
    dots = render_test_strip(ISSUED_AT, width)
    assert dots.dtype == np.bool_
    assert dots.shape[1] == width
    alone = dots & ~np.roll(dots, 1, axis=1) & ~np.roll(dots, -1, axis=1)
    assert alone.any(axis=0).all()
    assert dots.all(axis=1).any()
    assert dots[-2:].any(axis=1).all()


def test_a_strip_has_no_code_and_fits_its_printer() -> None:
    """Short enough not to waste paper: a hand's length."""
    dots = render_test_strip(ISSUED_AT)
    assert not zxingcpp.read_barcodes(np.where(dots, 0, 255).astype(np.uint8))
    assert 500 < len(dots) < 1000


def test_two_strips_differ_by_their_time_alone() -> None:
    """The rest is always the same, so that two strips can be laid side by side."""
    first, later = render_test_strip(ISSUED_AT), render_test_strip(ISSUED_AT + timedelta(minutes=1))
    rows = np.flatnonzero((first != later).any(axis=1))
    assert 0 < rows[-1] - rows[0] < 45
