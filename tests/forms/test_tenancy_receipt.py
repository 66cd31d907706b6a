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


OF_BOTH = [each for each in ReceiptKind if each is not ReceiptKind.FOREIGN]


@pytest.mark.parametrize(("kind", "side"), list(product(OF_BOTH, Side)))
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


def test_somebody_from_abroad_has_one_that_says_when_it_was_received_and_from_when_they_live_there() -> None:
    """It is no contract's, and whether an officer has looked at it, it can't say."""
    said = text(replace(RECEIPT, kind=ReceiptKind.FOREIGN, ends_on=None, mediation=""))
    assert TITLES[ReceiptKind.FOREIGN] in said
    for each in ("本人留存", "入住日期", "2026年12月1日", "收到时间", "住宿登记已收到", "不是住建部门的合同备案"):
        assert each in said, each
    assert not any(each in said for each in ("租客留存", "租期", "备案号"))


def test_the_tenants_says_from_when_a_residence_permit_is_possible_and_its_yearly_endorsement() -> None:
    said = text(replace(RECEIPT, permit_from=date(2027, 6, 1)))
    assert "从2027年6月1日起可以申请居住证" in said
    assert "每满一年前的一个月内" in said
    assert "居住证" not in text(RECEIPT)


def test_a_side_that_nobody_may_name_is_not_named() -> None:
    assert "Landlord" not in text(replace(RECEIPT, other=""))


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
