"""The move-in slip and a guest's code come out of whichever printer works, and are let go."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from backend_client.contract.tenancies import MoveInSlip, WayKind
from devices.page_printer.api import PrinterReason
from devices.thermal_printer.api import StripReason
from forms.reading import page_text
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.flows.tenancy_told import GuestCode
from kiosk.services.memory import VisitMemory
from kiosk.services.move_in_slip import MoveInSlipDesk, sheet_of
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from tests.support.clocks import SetClock
from tests.support.issuing import RollPrinter, TrayPrinter
from tests.support.papers import ISSUED_AT
from tests.support.squares import squares

MADE = MoveInSlip(
    server_time=ISSUED_AT,
    number="4827-1936-5042",
    code="S1.5b2c9d1e7f3a44869f00",
    community="平安灯小区（示例）",
    address="示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室",
    name="张*灯",
    document="0019",
    registered_at=ISSUED_AT,
    ends_on=date(2027, 11, 30),
    people=3,
    ways=(WayKind.CARD,),
    valid_until=ISSUED_AT + timedelta(days=7),
    phone="0000-0110",
)


@dataclass
class Counter:
    """The desk with the printers beside it."""

    desk: MoveInSlipDesk
    page: TrayPrinter
    roll: RollPrinter

    def sheet(self) -> str:
        (sheet,) = self.page.tray.iterdir()
        return "".join(page_text(sheet.read_bytes()).split())


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    page, roll = TrayPrinter(tmp_path / "tray"), RollPrinter()
    return Counter(MoveInSlipDesk(Printers(PageOutlet(page), StripOutlet(roll)), SetClock()), page, roll)


def test_it_comes_out_as_a_strip_whose_square_opens_the_gate_and_is_let_go(counter: Counter) -> None:
    memory = VisitMemory(slip=MADE)
    assert counter.desk.print(memory, Event()) == SlipEnded(Slip.STRIP)
    (strip,) = counter.roll.strips
    (found,) = squares((~np.asarray(strip)).astype(np.uint8) * 255)
    assert found.text == MADE.code
    assert memory.slip is None


def test_without_a_strip_printer_that_works_it_is_a_page(counter: Counter) -> None:
    counter.roll.down = StripReason.PAPER_OUT
    assert counter.desk.print(VisitMemory(slip=MADE), Event()) == SlipEnded(Slip.PAGE)
    for said in ("有效7日", "√门禁卡□手机码□刷脸", "2026年11月29日23时05分", "张*灯0019"):
        assert said in counter.sheet(), said


def test_with_neither_there_is_none_and_nothing_stays(counter: Counter) -> None:
    counter.roll.down, counter.page.down = StripReason.PAPER_OUT, PrinterReason.PAPER_OUT
    memory = VisitMemory(slip=MADE)
    assert counter.desk.print(memory, Event()) == SlipEnded(Slip.NONE)
    assert memory.slip is None


def test_where_records_made_none_nothing_is_printed(counter: Counter) -> None:
    assert counter.desk.print(VisitMemory(), Event()) == SlipEnded(Slip.NONE)
    assert counter.roll.strips == []


@pytest.mark.parametrize(("hours", "days"), [(7 * 24, 7), (6 * 24 + 1, 7), (3, 1), (-1, 1)])
def test_its_days_are_counted_by_records_clock_and_begun_ones_count(hours: int, days: int) -> None:
    assert sheet_of(MADE.model_copy(update={"valid_until": ISSUED_AT + timedelta(hours=hours)})).days == days


def test_a_guests_code_is_printed_with_its_day_and_names_nobody(counter: Counter) -> None:
    counter.roll.down = StripReason.PAPER_OUT
    code = GuestCode("48271936", "G1.5b2c9d1e7f3a44869f00", date(2026, 11, 23))
    assert counter.desk.print_guest_code(code, Event()) == SlipEnded(Slip.PAGE)
    for said in ("访客码", "2026年11月23日", "48271936", "只在这一天有效", "呼叫值班室"):
        assert said in counter.sheet(), said
