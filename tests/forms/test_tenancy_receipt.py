"""What tenant and landlord keep of a lease: two filings, two offices, and of each other a masked name."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
import zxingcpp

from forms.errors import MissingGlyphError
from forms.paper import Medium
from forms.raster import WIDTH, strip
from forms.reading import page_text
from forms.signed_pdf import signature_count
from forms.tenancy_receipt import ReceiptKind, Side, TenancyReceipt, render_receipt
from tests.support.papers import ISSUED_AT
from tests.support.sheets import rastered

RECEIPT = TenancyReceipt(
    kind=ReceiptKind.REGISTERED,
    side=Side.TENANT,
    number="4827-1936-5042",
    name="张*灯",
    other="王*业",
    address="示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室",
    starts_on=date(2026, 12, 1),
    ends_on=date(2027, 11, 30),
    people=3,
    at=ISSUED_AT,
    mediation="社区调解室",
    phone="0000-0110",
)
TITLES = {
    ReceiptKind.REGISTERED: "租住登记回执",
    ReceiptKind.RENEWED: "续租登记回执",
    ReceiptKind.ENDED: "租住结束回执",
    ReceiptKind.FOREIGN: "境外人员住宿登记回执",
}


def text(receipt: TenancyReceipt, medium: Medium = Medium.PAGE) -> str:
    return "".join(page_text(render_receipt(receipt, medium)).split())


@pytest.mark.parametrize(("kind", "side"), list(product(ReceiptKind, Side)))
def test_each_side_has_its_copy_which_says_that_there_are_two_filings(kind: ReceiptKind, side: Side) -> None:
    said = text(replace(RECEIPT, kind=kind, side=side))
    assert TITLES[kind] in said
    assert ("租客留存" in said) is (side is Side.TENANT)
    assert ("房东留存" in said) is (side is Side.LANDLORD)
    for each in ("这是公安机关的人口登记，不是住建部门的合同备案", "4827-1936-5042", "张*灯", "王*业", "社区调解室"):
        assert each in said, each
    assert "2026年12月1日至2027年11月30日" in said


def test_a_filing_number_is_said_to_be_the_housing_departments_and_none_who_may_file() -> None:
    without, having = text(RECEIPT), text(replace(RECEIPT, filing_number="3301062026000123"))
    assert "房东不办的，租客可以办" in without
    assert "合同备案号（住建部门）" in having
    assert "3301062026000123" in having
    assert "还没有" not in having


def test_a_foreign_occupants_says_when_they_moved_in_and_the_24_hours() -> None:
    said = text(replace(RECEIPT, kind=ReceiptKind.FOREIGN, arrived_at=date(2026, 11, 22)))
    assert "入住日期" in said
    assert "2026年11月22日" in said
    assert "24小时内登记已完成" in said


def test_who_lets_a_flat_is_told_that_nobody_may_be_forced_out() -> None:
    said = text(replace(RECEIPT, kind=ReceiptKind.ENDED, side=Side.LANDLORD))
    assert "不得以断水、断电、换锁等方式迫使对方搬离" in said


def test_a_strip_is_as_wide_as_the_head_and_a_page_can_pass_for_no_paper() -> None:
    dots = strip(render_receipt(RECEIPT, Medium.STRIP))
    assert dots.shape[1] == WIDTH
    assert len(dots) < 1600
    assert not dots[:, :4].any()
    assert not dots[:, -4:].any()
    page = render_receipt(RECEIPT, Medium.PAGE)
    assert signature_count(page) == 0
    assert not zxingcpp.read_barcodes(np.asarray(rastered(page)))


def test_it_names_nobody_in_a_log_and_prints_no_empty_box() -> None:
    assert repr(RECEIPT) == str(RECEIPT) == "TenancyReceipt(registered, tenant)"
    with pytest.raises(MissingGlyphError):
        render_receipt(replace(RECEIPT, other="\ue000*"), Medium.STRIP)
