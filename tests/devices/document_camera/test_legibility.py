"""Which pages are taken and which are refused, and by which word. Scenes are drawn (see rate.py beside this)."""

from dataclasses import replace

import numpy as np
import pytest

from devices.document_camera.api import LEAST_DPI, PageInstruction
from devices.document_camera.finder import find_sheet, grey_of
from devices.document_camera.legibility import LevelPage, is_same, judged, signature_of
from simulators.lease_page import PAGES, SIZE, STATES, Hold, held
from tests.devices.document_camera.rate import TAKEN, outcome, scenes, wanted

_SCENES = 40
_MISSED = 1  # of them all; of the 240 that the command above prints, one is
_CLEAR = Hold()


def test_legible_pages_are_taken_and_bad_ones_refused_with_the_right_word() -> None:
    """Half of them legible; the others worse in one of twelve ways, in turn."""
    missed = [
        (kind, said)
        for number, (kind, page, hold) in enumerate(scenes(_SCENES))
        if (said := outcome(page, hold, number)) != wanted(kind)
    ]
    assert len(missed) <= _MISSED, missed
    assert not [said for kind, said in missed if kind != TAKEN and said == TAKEN], "one was taken that can't be read"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("tilted", "flatter"),
        ("dark", "too-dark"),
        ("blurred", "blurred"),
        ("shaken", "blurred"),
        ("cut", "whole-page"),
        ("far", "come-closer"),
        ("glare", "glare"),
        ("faint", "faint"),
    ],
)
def test_each_state_of_the_simulated_page_has_its_word(state: str, word: str) -> None:
    assert outcome(PAGES[0], STATES[state], 1) == word


def test_the_sheet_is_found_to_a_millimetre_with_thumbs_over_its_edges() -> None:
    """450 mm from a lens of 3264 pixels a millimetre is seven pixels."""
    sheet = find_sheet(grey_of(held("1", _CLEAR)))
    assert sheet is not None
    scale = SIZE[0] / _CLEAR.distance
    middle = np.array(SIZE) / 2
    expected = np.array([(-105, -148.5), (105, -148.5), (105, 148.5), (-105, 148.5)]) * scale + middle
    assert sheet.whole
    assert np.abs(sheet.corners - expected).max() < scale


def test_a_page_is_cut_out_level_and_no_finer_than_the_camera_saw_it() -> None:
    page = judged(grey_of(held("2", replace(_CLEAR, roll=5, yaw=6))))
    assert isinstance(page, LevelPage)
    height, width = page.grey.shape
    assert height / width == pytest.approx(297 / 210, abs=0.002)
    assert LEAST_DPI <= page.dpi < SIZE[0] / 440 * 25.4
    assert width == round(210 / 25.4 * page.dpi)


def test_a_page_is_known_again_and_no_other_is_taken_for_it() -> None:
    first, again, other = (
        signature_of(page)
        for name, hold in (("1", _CLEAR), ("1", replace(_CLEAR, roll=4, distance=470, noise=6)), ("2", _CLEAR))
        if isinstance(page := judged(grey_of(held(name, hold))), LevelPage)
    )
    assert is_same(first, again)
    assert not is_same(first, other)


def test_where_nothing_is_held_up_nothing_is_found() -> None:
    wall = np.full((SIZE[1], SIZE[0]), 140, np.uint8)
    assert judged(wall) is PageInstruction.SHOW_PAGE
    assert judged(np.zeros_like(wall)) is PageInstruction.TOO_DARK
