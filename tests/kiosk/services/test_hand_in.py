"""What residents hand in: the card alone says who, it is on the disk before it is received, a slip or none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend_client.contract.intakes import CorrectionContent, ResidenceContent, TenancyContent
from backend_client.policy import PolicyHolder
from backend_client.seals import open_seal
from backend_client.trusted_clock import TrustedClock
from civic.document import DocumentKind
from civic.id_number import ResidencePermitNumber
from civic.masking import Personal, PersonalText
from civic.person_name import PersonName
from civic.slip_number import slip_number
from devices.page_printer.api import NotPrinted, PrinterReason
from devices.thermal_printer.api import NotPrinted as StripNotPrinted
from devices.thermal_printer.api import StripReason
from devices.travel_document.api import TravelDocument
from forms.reading import page_text
from kiosk.flows import contents, declaration
from kiosk.flows import hand_in as flow
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.presenters.gallery import PLACE
from kiosk.services.hand_in import HandInDesk
from kiosk.services.memory import VisitMemory
from kiosk.services.outbox import IntakeDesk
from kiosk.services.printers import PageOutlet, Printers, StripOutlet
from kiosk.store.blobs import Blobs
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.outbox import Outbox
from kiosk.store.settings import Settings
from terminal.store.audit import Audit
from terminal.store.database import Database
from tests.support.clocks import SetClock
from tests.support.issuing import RollPrinter, TrayPrinter
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.made_up import NAME, NUMBER, card
from tests.support.outbox import BOOT, KEY, intake_rules, policy_with
from tests.support.power_cut import Loss, PowerCutVfs, abandon

DOOR = DwellingEntry(DoorPart.ROOM, ("5", "1", "1203"))


@dataclass
class Counter:
    """The desk with the printers beside it."""

    desk: HandInDesk
    outbox: Outbox
    policy: Any
    page: TrayPrinter
    roll: RollPrinter


def at_counter(store: KioskStore, folder: Path) -> Counter:
    machine = SetClock()
    time = TrustedClock(machine, BOOT, store.settings)
    time.hear(machine.up, machine.wall)
    policy = SimpleNamespace(current=lambda: policy_with(intake_rules()))
    blobs, page, roll = Blobs(folder), TrayPrinter(folder / "tray"), RollPrinter()
    outbox = Outbox(store.database, store.audit, blobs, time)
    intakes = IntakeDesk(outbox, blobs, cast("PolicyHolder", policy), time, folder)
    printers = Printers(PageOutlet(page), StripOutlet(roll))
    return Counter(HandInDesk(intakes, printers, lambda: PLACE, machine), outbox, policy, page, roll)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with store_on(tmp_path / "kiosk.db", SetClock()) as store:
        yield at_counter(store, tmp_path)


def declarant(desk: HandInDesk) -> flow.Declarant:
    taken = desk.check_card(VisitMemory(card=card()))
    assert isinstance(taken, declaration.CardTaken)
    return taken.who


def residence(counter: Counter) -> flow.Residence:
    return flow.Residence(declarant(counter.desk), DOOR, date(2026, 5, 1))


def test_the_card_says_who_is_here_and_is_let_go(counter: Counter) -> None:
    memory = VisitMemory(card=card())
    taken = counter.desk.check_card(memory)
    assert isinstance(taken, declaration.CardTaken)
    assert (taken.who.name.reveal(), taken.who.number.reveal(), taken.who.proven) == (NAME, NUMBER, False)
    assert memory.card is None
    assert NAME not in repr(taken)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"validity": replace(card().validity, last=date(2026, 11, 21))}, "card-expired"),
        ({"validity": replace(card().validity, first=date(2026, 11, 24))}, "card-not-yet-valid"),
        ({"id_number": ResidencePermitNumber("CAN110121150003")}, "unexpected"),
    ],
)
def test_a_card_that_does_not_do_says_why(counter: Counter, changes: dict[str, Any], why: str) -> None:
    assert counter.desk.check_card(VisitMemory(card=replace(card(), **changes))) == declaration.CardUnfit(why)


def test_what_was_handed_in_opens_at_records_under_the_number_of_the_receipt(counter: Counter) -> None:
    """With what the resident read over, and that nobody compared their face."""
    handed = counter.desk.hand_in(residence(counter), VisitMemory())
    assert isinstance(handed, flow.HandedIn)
    (item,) = counter.outbox.ready(0)
    assert handed.receipt.number == slip_number(item.id)
    content = ResidenceContent.model_validate_json(open_seal(item, KEY))
    assert (content.who.id_number, content.who.proven, content.since) == (NUMBER, False, "2026-05-01")
    assert (content.door.building, content.door.unit, content.door.room) == DOOR.texts


def test_a_correction_names_the_lines_and_nothing_else(counter: Counter) -> None:
    who = replace(declarant(counter.desk), proven=True)
    handed = counter.desk.hand_in(flow.Correction(who, ("name", "address")), VisitMemory())
    assert isinstance(handed, flow.HandedIn)
    (item,) = counter.outbox.ready(0)
    content = CorrectionContent.model_validate_json(open_seal(item, KEY))
    assert (content.fields, content.who.proven) == (("name", "address"), True)


def test_what_is_closed_meanwhile_is_not_taken_and_says_why(counter: Counter) -> None:
    content = residence(counter)
    counter.policy.current = lambda: policy_with(intake_rules().model_copy(update={"kinds": ()}))
    assert counter.desk.hand_in(content, VisitMemory()) == flow.NotHandedIn("outbox.not-offered")
    assert counter.outbox.ready(0) == ()


def test_a_slip_comes_out_of_the_first_printer_that_works(counter: Counter) -> None:
    """It names nobody; the page says the same as the strip."""
    handed = counter.desk.hand_in(residence(counter), VisitMemory())
    assert isinstance(handed, flow.HandedIn)
    assert counter.desk.print_slip(handed.receipt, Event()) == flow.SlipEnded(flow.Slip.STRIP)
    assert len(counter.roll.strips) == 1
    counter.roll.result = StripNotPrinted(StripReason.CUTTER_ERROR, paper_may_be_out=True)
    assert counter.desk.print_slip(handed.receipt, Event()) == flow.SlipEnded(flow.Slip.PAGE)
    (page,) = counter.page.tray.iterdir()
    text = page_text(page.read_bytes())
    assert handed.receipt.number in text
    assert "王**" in text
    assert not any(part in text for part in (NAME, NUMBER, "1203"))


@pytest.mark.parametrize("fault", ["none works", "jam"])
def test_without_a_slip_nothing_is_lost(counter: Counter, fault: str) -> None:
    handed = counter.desk.hand_in(residence(counter), VisitMemory())
    assert isinstance(handed, flow.HandedIn)
    counter.roll.down = StripReason.PAPER_OUT
    if fault == "jam":
        counter.page.result = NotPrinted(PrinterReason.JAM, paper_may_be_out=True)
    else:
        counter.page.down = PrinterReason.PAPER_OUT
    assert counter.desk.print_slip(handed.receipt, Event()) == flow.SlipEnded(flow.Slip.NONE)
    assert len(counter.outbox.ready(0)) == 1


@pytest.mark.parametrize("loss", Loss)
def test_what_was_said_to_be_received_outlives_a_power_cut_right_after(tmp_path: Path, loss: Loss) -> None:
    """Before the slip, before anything else is written; a cut within is tests/kiosk/store/test_outbox.py."""
    path, vfs, clock = tmp_path / "kiosk.db", PowerCutVfs(), SetClock()
    database = Database(path, MIGRATIONS, vfs=vfs.name)
    audit, journal = Audit(database, clock), Journal(database, clock)
    counter = at_counter(KioskStore(database, audit, Settings(database), journal), tmp_path)
    handed = counter.desk.hand_in(residence(counter), VisitMemory())
    vfs.cut(loss, Random(1))
    abandon(database)
    assert isinstance(handed, flow.HandedIn)
    with store_on(path, clock) as store:
        kept = at_counter(store, tmp_path).outbox.ready(0)
    assert [slip_number(item.id) for item in kept] == [handed.receipt.number]


CARD_2017 = replace(
    card(), kind=DocumentKind.FOREIGNER_CARD_2017, id_number=ResidencePermitNumber("CAN110121150003"), nationality="CAN"
)
FAMILY = contents.Comer(DocumentKind.FOREIGNER_CARD, card().name, card().id_number, date(1990, 1, 1))


def _lease(who: flow.Declarant, *comers: contents.Comer, address: Personal | None = None) -> contents.Lease:
    days = date(2026, 12, 1), date(2027, 11, 30)
    return contents.Lease(who, DOOR, "", *days, comers=comers, address=address)


def test_somebody_from_abroad_hands_in_by_their_own_document(counter: Counter) -> None:
    """With its own number; that nobody has proven it stands beside it."""
    taken = counter.desk.check_card(VisitMemory(card=CARD_2017))
    assert isinstance(taken, declaration.CardTaken)
    counter.desk.hand_in(_lease(taken.who), VisitMemory())
    (item,) = counter.outbox.ready(0)
    who = TenancyContent.model_validate_json(open_seal(item, KEY)).who
    assert (who.document, who.id_number, who.proven) == (CARD_2017.kind, "CAN110121150003", False)


def test_a_passport_of_which_records_say_nothing_is_taken_and_let_go(counter: Counter) -> None:
    document = cast(
        "TravelDocument",
        SimpleNamespace(
            kind=DocumentKind.PASSPORT,
            name=PersonName("EXAMPLE ALEX"),
            number=PersonalText("L898902C3"),
            issuing_state="UTO",
        ),
    )
    memory = VisitMemory(document=document, kind=DocumentKind.PASSPORT)
    taken = counter.desk.check_card(memory)
    assert isinstance(taken, declaration.CardTaken)
    assert (taken.who.issuing_state, taken.who.foreign, memory.document) == ("UTO", True, None)
    counter.desk.hand_in(_lease(taken.who), VisitMemory())
    (item,) = counter.outbox.ready(0)
    assert TenancyContent.model_validate_json(open_seal(item, KEY)).who.id_number == "L898902C3"


def test_everybody_from_abroad_has_a_receipt_of_their_own_behind_the_slip(counter: Counter) -> None:
    """With the address as records told it, or as it was typed; where one is not out, nobody is told that all is."""
    handed = counter.desk.hand_in(_lease(replace(declarant(counter.desk), foreign=True), FAMILY), VisitMemory())
    assert isinstance(handed, flow.HandedIn)
    assert counter.desk.print_slip(handed.receipt, Event()) == flow.SlipEnded(flow.Slip.STRIP)
    assert len(counter.roll.strips) == 3
    counter.roll.down = StripReason.PAPER_OUT
    one = replace(handed.receipt, stays=handed.receipt.stays[:1])
    assert counter.desk.print_slip(one, Event()) == flow.SlipEnded(flow.Slip.PAGE)
    said = ["".join(page_text(sheet.read_bytes()).split()) for sheet in sorted(counter.page.tray.iterdir())]
    (own,) = (each for each in said if "境外人员住宿登记回执" in each)
    assert all(each in own for each in ("".join(handed.receipt.number.split()), "5号楼1单元1203室", "2026年12月1日"))
    assert NAME not in own
    counter.page.down = PrinterReason.PAPER_OUT
    assert counter.desk.print_slip(one, Event()) == flow.SlipEnded(flow.Slip.NONE)


def test_whoever_moves_in_later_has_one_too_and_a_citizen_has_none(counter: Counter) -> None:
    who, home = declarant(counter.desk), PersonalText("平安灯小区 5 号楼 1 单元 1203 室")
    joined = counter.desk.hand_in(contents.Joining(who, "0" * 32, (FAMILY,), home), VisitMemory())
    assert isinstance(joined, flow.HandedIn)
    assert [(each.address, each.since) for each in joined.receipt.stays] == [(home, joined.receipt.at.date())]
    citizen = replace(FAMILY, document=DocumentKind.RESIDENT_CARD)
    kept = counter.desk.hand_in(_lease(who, citizen, address=home), VisitMemory())
    assert isinstance(kept, flow.HandedIn)
    assert kept.receipt.stays == ()
