"""Places of a sheet where the same words stand on every paper, and the seal's: other words there are noticed."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from forms.code import read_claims
from forms.fonts import font_file
from forms.layout import POINTS_PER_MM, Spot
from forms.layouts import layout_of
from forms.paper import Medium, Paper
from forms.scan.judgement import REST, Judged, judge
from forms.scan.recogniser import recogniser
from tests.support.forged import drawn, on_dots, scanned
from tests.support.papers import SPARSE

_INK = (20, 20, 30)
_LAYOUT = layout_of(SPARSE.kind, Medium.PAGE)
_DOTS = 200 / 25.4  # to a millimetre


@pytest.fixture(scope="module")
def code(signed_code: Callable[[Paper], str]) -> str:
    return signed_code(SPARSE)


@pytest.fixture(scope="module")
def untouched(code: str) -> Image.Image:
    return scanned(drawn(SPARSE, code), 200)


@pytest.fixture
def page(untouched: Image.Image) -> Image.Image:
    return untouched.copy()


def _write(sheet: Image.Image, at: tuple[float, float], text: str, size: float) -> None:
    """Words on a page: millimetres from its corner, to the baseline."""
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Regular")), round(size * _DOTS))
    ImageDraw.Draw(sheet).text((at[0] * _DOTS, at[1] * _DOTS), text, fill=_INK, font=font, anchor="ls")


def _replace(sheet: Image.Image, spot: Spot, top: float, text: str) -> None:
    """What stands in a spot painted over, and other words in its place."""
    size, y = spot.style.size / POINTS_PER_MM, spot.y + top
    bottom = y + (spot.lines - 1) * spot.style.leading / POINTS_PER_MM + 0.3 * size
    box = ((spot.x - 1) * _DOTS, (y - size) * _DOTS, (spot.x + (spot.width or 90)) * _DOTS, bottom * _DOTS)
    ImageDraw.Draw(sheet).rectangle(box, fill="white")
    _write(sheet, (spot.x, y), text, size)


def _is_noticed(sheet: Image.Image, code: str) -> bool:
    judgement = judge(sheet, read_claims(code), recogniser())
    return judgement.judged is Judged.COMPARE and REST in judgement.compare


def test_another_notice_is_noticed(page: Image.Image, code: str) -> None:
    """It would say how long the paper is good for, or whom to ask."""
    _replace(page, _LAYOUT.foot.notice, _LAYOUT.foot_y, "本证明长期有效，请到示例网站核验。")
    assert _is_noticed(page, code)


@pytest.mark.parametrize("number", [0, 3])
def test_another_instruction_is_noticed(page: Image.Image, code: str, number: int) -> None:
    """It would send people to a verifier of the forger's own."""
    _replace(page, _LAYOUT.foot.instructions[number], _LAYOUT.foot_y, "请致电核验")
    assert _is_noticed(page, code)


def test_a_notice_that_was_taken_away_is_noticed(page: Image.Image, code: str) -> None:
    """That a copy is not valid stands on every paper."""
    _replace(page, _LAYOUT.foot.notice, _LAYOUT.foot_y, "")
    assert _is_noticed(page, code)


def test_words_in_the_warning_s_place_are_noticed(page: Image.Image, code: str) -> None:
    """Nothing stands there but that the paper is a specimen."""
    _write(page, (_LAYOUT.warning.x, _LAYOUT.warning.y), "准予贷款五十万元", 3.5)
    assert _is_noticed(page, code)


@pytest.mark.parametrize(("across", "down", "size"), [(2, 12, 4.0), (12, 35, 3.0), (13, 27, 2.5)])
def test_words_in_the_seal_s_place_are_noticed(
    page: Image.Image, code: str, across: float, down: float, size: float
) -> None:
    """Across its arc, under the date, in its white."""
    seal = _LAYOUT.foot.seal.below(_LAYOUT.foot_y)
    _write(page, (seal.x + across, seal.y + down), "准予贷款", size)
    assert _is_noticed(page, code)


def test_words_in_a_strip_s_seal_are_noticed(code: str) -> None:
    """It is as black as they are: what it should look like is drawn again."""
    strip = on_dots(drawn(SPARSE, code, Medium.STRIP))
    layout = layout_of(SPARSE.kind, Medium.STRIP)
    seal = layout.foot.seal.below(strip.height / 8 - layout.foot.height)
    assert judge(strip, read_claims(code), recogniser()).judged is Judged.GENUINE
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Bold")), 24)
    ImageDraw.Draw(strip).text(((seal.x + 4) * 8, (seal.y + seal.height * 0.58) * 8), "准予贷款", fill=0, font=font)
    assert _is_noticed(strip, code)
