"""A guest's code on paper: what a gate reads, the day, and nothing of who lives where."""

from datetime import date, datetime

import pytest
import zxingcpp

from civic.gate_codes import guest_digits
from forms.guest_slip import GuestSheet, render_guest_slip
from forms.paper import CHINA_TIME, Medium
from forms.reading import page_text
from forms.signed_pdf import signature_count
from tests.support.sheets import rastered

CODE = guest_digits(12345678)
SHEET = GuestSheet(
    digits=CODE.digits,
    code=CODE.text,
    day=date(2026, 11, 25),
    at=datetime(2026, 11, 23, 21, 4, tzinfo=CHINA_TIME),
)


@pytest.mark.parametrize("medium", Medium)
def test_a_gate_reads_it_and_so_does_a_guest(medium: Medium) -> None:
    """The square as it is printed; the digits in two groups; the day. It passes for no paper."""
    made = render_guest_slip(SHEET, medium)
    assert [each.text for each in zxingcpp.read_barcodes(rastered(made).convert("L"))] == [CODE.text]
    text = page_text(made)
    for said in ("访客码", "2026年11月25日", "1234 5678", "只在这一天有效", "Guest code"):
        assert said in text, said
    assert signature_count(made) == 0


def test_what_opens_a_gate_does_not_print_itself() -> None:
    assert CODE.digits not in repr(SHEET)
