"""入住登记流程单, on a strip and on a page: what is done and to do, a square for the gate, and no more of a person than
whoever finds it may know."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from forms.errors import MissingGlyphError
from forms.move_in_slip import MoveInSheet, render_move_in_slip
from forms.paper import Medium
from forms.raster import WIDTH, strip
from forms.reading import page_text
from forms.signed_pdf import signature_count
from tests.support.papers import ISSUED_AT
from tests.support.sheets import rastered
from tests.support.squares import squares

SHEET = MoveInSheet(
    number="4827-1936-5042",
    code="S1.5b2c9d1e7f3a44869f00a1b2c3d4e5f6",
    community="平安灯小区（示例）",
    address="示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室",
    name="张*灯",
    document="0019",
    registered_at=ISSUED_AT,
    ends_on=date(2027, 11, 30),
    people=3,
    ways=("card",),
    valid_until=ISSUED_AT + timedelta(days=7),
    days=7,
    phone="0000-0110",
)


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("medium", Medium)
def test_it_says_what_is_done_what_is_to_do_and_whose_filing_it_is(medium: Medium) -> None:
    text = joined(page_text(render_move_in_slip(SHEET, medium)))
    for said in (
        "入住登记流程单",
        SHEET.number,
        SHEET.community,
        SHEET.address,
        "张*灯0019",
        "2027年11月30日3人",
        "有效7日",
        "有效至2026年11月29日23时05分",
        "①√已登记",
        "√门禁卡□手机码□刷脸",
        "不刷脸也可办卡",
        "本登记不是住建部门的合同备案",
        "租客可以办",
        SHEET.phone,
    ):
        assert joined(said) in text, said


@pytest.mark.parametrize("medium", Medium)
def test_its_square_is_read_from_what_the_printer_gets_and_holds_the_code_alone(medium: Medium) -> None:
    pdf = render_move_in_slip(SHEET, medium)
    grey = (~strip(pdf)).astype(np.uint8) * 255 if medium is Medium.STRIP else np.asarray(rastered(pdf).convert("L"))
    (found,) = squares(grey)
    assert found.text == SHEET.code


def test_it_fits_one_page_and_a_strip_no_longer_than_a_forearm() -> None:
    """Eight dots to the millimetre; words stand within it."""
    dots = strip(render_move_in_slip(SHEET, Medium.STRIP))
    assert dots.shape[1] == WIDTH
    assert len(dots) < 280 * 8
    assert not dots[:, :4].any()
    assert not dots[:, -4:].any()
    text = page_text(render_move_in_slip(replace(SHEET, address=SHEET.address * 2), Medium.PAGE))
    assert SHEET.phone in text


def test_who_owns_the_flat_has_no_last_day_and_what_is_not_known_is_left_out() -> None:
    text = joined(page_text(render_move_in_slip(replace(SHEET, ends_on=None, phone="", ways=()), Medium.PAGE)))
    assert "无期限" in text
    assert "□门禁卡□手机码□刷脸" in text
    assert "咨询电话" not in text


def test_it_is_sealed_by_nothing_and_says_nothing_in_a_log() -> None:
    assert signature_count(render_move_in_slip(SHEET, Medium.PAGE)) == 0
    assert repr(SHEET) == str(SHEET) == "MoveInSheet()"


def test_what_no_font_has_is_an_error_and_no_empty_box() -> None:
    with pytest.raises(MissingGlyphError):
        render_move_in_slip(replace(SHEET, name="\ue000*"), Medium.STRIP)
