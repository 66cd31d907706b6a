"""What each side keeps comes out of whichever printer works, and says of the other side no more than a masked name."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from backend_client.contract.policy import TenancyRules
from civic.masking import PersonalText
from devices.page_printer.api import PrinterReason
from devices.thermal_printer.api import StripReason
from forms.paper import CHINA_TIME
from forms.reading import page_text
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.flows.tenancy_receipts import PrintReceipt
from kiosk.flows.tenancy_told import LetFlat, OwnRight, Registered
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.gallery_intakes import WHO
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from kiosk.services.tenancy_receipts import ReceiptDesk
from tests.support.issuing import RollPrinter, TrayPrinter
from tests.support.papers import ISSUED_AT

ADDRESS = PersonalText("示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室")
FIRST, LAST = date(2026, 12, 1), date(2027, 11, 30)
SAID = Registered("4827-1936-5042", ISSUED_AT.astimezone(CHINA_TIME), FIRST, LAST, 3)
RIGHT = OwnRight("r", "tenant", "active", ADDRESS, FIRST, LAST, permit_from=date(2027, 6, 1), registered=SAID)
LET = LetFlat("t", ADDRESS, "王**", "active", FIRST, LAST, 3, "3301062026000123", registered=SAID)


class Counter:
    """The desk with a printer of pages alone that works."""

    def __init__(self, folder: Path) -> None:
        self.page, self.roll = TrayPrinter(folder / "tray"), RollPrinter()
        self.roll.down = StripReason.PAPER_OUT
        printers = Printers(PageOutlet(self.page), StripOutlet(self.roll))
        self.desk = ReceiptDesk(printers, TenancyRules, lambda: PLACE)

    def prints(self, of: OwnRight | LetFlat) -> SlipEnded:
        return self.desk.print(PrintReceipt(WHO, of), Event())

    def sheet(self) -> str:
        (sheet,) = self.page.tray.iterdir()
        return "".join(page_text(sheet.read_bytes()).split())


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


@pytest.mark.parametrize(
    ("of", "title", "copy"),
    [
        (RIGHT, "租住登记回执", "租客留存"),
        (LET, "租住登记回执", "房东留存"),
        (replace(RIGHT, registered=replace(SAID, renewed=True)), "续租登记回执", "租客留存"),
        (replace(LET, registered=replace(SAID, renewed=True, ended=True)), "租住结束回执", "房东留存"),
    ],
)
def test_each_side_has_its_own(counter: Counter, of: OwnRight | LetFlat, title: str, copy: str) -> None:
    assert counter.prints(of) == SlipEnded(Slip.PAGE)
    for said in (title, copy, "4827-1936-5042", "2026年12月1日至2027年11月30日", "3人", "社区调解室"):
        assert said in counter.sheet(), said
    assert "不是住建部门的合同备案" in counter.sheet()
    assert WHO.name.reveal() not in counter.sheet()


def test_the_tenants_says_when_a_permit_is_possible_and_nothing_of_the_landlord(counter: Counter) -> None:
    counter.prints(RIGHT)
    assert "从2027年6月1日起可以申请居住证" in counter.sheet()
    assert "Landlord" not in counter.sheet().replace("Thelandlordfiles", "")


def test_the_landlords_has_the_filing_number_and_the_tenants_masked_name(counter: Counter) -> None:
    counter.prints(LET)
    assert "3301062026000123" in counter.sheet()
    assert "王**" in counter.sheet()
    assert "居住证" not in counter.sheet()


def test_without_a_printer_or_before_it_was_carried_out_there_is_none(counter: Counter) -> None:
    assert counter.prints(replace(RIGHT, registered=None)) == SlipEnded(Slip.NONE)
    counter.page.down = PrinterReason.PAPER_OUT
    assert counter.prints(RIGHT) == SlipEnded(Slip.NONE)
