"""The slip for what was handed in: a plain receipt, on a page and on a strip, that can pass for no paper."""

import io
from dataclasses import replace
from uuid import UUID

import numpy as np
import pikepdf
import pytest
import zxingcpp

from backend_client.contract.intakes import IntakeKind
from civic.check_digits import holds
from civic.slip_number import slip_number
from forms.errors import MissingGlyphError
from forms.intake_slip import IntakeSlip, SlipKind, render_slip
from forms.paper import Medium
from forms.raster import WIDTH, strip
from forms.reading import codes_in, page_text
from forms.signed_pdf import signature_count
from records.rules.numbering import is_serial
from tests.support.papers import ISSUED_AT
from tests.support.sheets import rastered

SLIP = IntakeSlip(
    kind=SlipKind.RESIDENCE,
    number="4827-1936-5042",
    name="张*灯",
    at=ISSUED_AT,
    window="平安灯派出所户籍窗口（示例），示例市灯火路 1 号",
    hours="每天 08:30 至 17:30",
    phone="0000-0110",
)
SAID = {
    SlipKind.RESIDENCE: ("已收到，待联网处理", "这不是居住登记凭证", "Not a residence registration receipt"),
    SlipKind.CORRECTION: ("已收到，待民警核对", "这不是证明", "This certifies nothing"),
    SlipKind.TENANCY: ("已收到，待核实", "这不是住建部门的合同备案", "Not the housing department's filing"),
    SlipKind.OCCUPANT: ("已收到，待核实", "这不是居住证", "within 24 hours"),
    SlipKind.DEPARTURE: ("已收到，待核实", "没有人会因此被锁在门外或门里", "Nobody is locked out or in"),
    SlipKind.ANSWER: ("已收到您的答复", "这不是合同，也不是备案", "Neither a contract nor a filing"),
    SlipKind.WAYS: ("已收到，联网后办好", "不刷脸也可办卡", "A card or a telephone does as well"),
}


def test_whatever_can_be_handed_in_has_a_slip() -> None:
    assert {kind.value for kind in SlipKind} == {kind.value for kind in IntakeKind}


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("kind", SlipKind)
def test_it_says_what_was_received_what_it_is_not_and_where_to_go(kind: SlipKind, medium: Medium) -> None:
    """In both languages, with the number and the hour."""
    text = joined(page_text(render_slip(replace(SLIP, kind=kind), medium)))
    for said in (*SAID[kind], SLIP.number, SLIP.name, "2026-11-22 23:05", SLIP.window, SLIP.hours, SLIP.phone):
        assert joined(said) in text, said
    assert "我的通知" in text


def test_a_page_is_sealed_by_nothing_and_carries_no_code() -> None:
    page = render_slip(SLIP, Medium.PAGE)
    picture = np.asarray(rastered(page))
    assert signature_count(page) == 0
    assert codes_in(picture) == ()
    assert not zxingcpp.read_barcodes(picture)
    with pikepdf.open(io.BytesIO(page)) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_a_strip_is_as_wide_as_the_head_and_no_longer_than_a_hand() -> None:
    """Words stand within it: no dot at its edges."""
    dots = strip(render_slip(SLIP, Medium.STRIP))
    assert dots.shape[1] == WIDTH
    assert 600 < len(dots) < 1400
    assert not dots[:, :4].any()
    assert not dots[:, -4:].any()


def test_what_no_font_has_is_an_error_and_no_empty_box() -> None:
    with pytest.raises(MissingGlyphError):
        render_slip(replace(SLIP, name="\ue000*"), Medium.STRIP)


def test_it_names_nobody_when_it_is_printed_in_a_log() -> None:
    assert SLIP.name not in repr(SLIP)
    assert SLIP.number not in f"{SLIP}"


@pytest.mark.parametrize(
    ("intake", "number"),
    [
        ("0198f3a2-5c1e-7b6d-8000-000000000000", "0000-0000-0098"),
        ("0198f3a2-5c1e-7b6d-8a41-3f0c2d9e7b15", "5402-9903-5745"),
    ],
)
def test_its_number_has_check_digits_and_looks_like_no_papers_serial(intake: str, number: str) -> None:
    made = slip_number(UUID(intake))
    assert made == number
    assert holds(made.replace("-", ""))
    assert not holds(made.replace("-", "")[:-1] + str((int(made[-1]) + 1) % 10))
    assert not is_serial(made)
