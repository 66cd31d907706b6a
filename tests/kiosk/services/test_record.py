"""The own row as the screen shows it: in the paper's order, masked, and whole only while it is held."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import ClosedService, Dependant, HouseholdRecord, Member, OpenReissue
from backend_client.device_files import DeviceIdentity
from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from civic.period import age_on
from devices.page_printer.api import PrinterReason
from forms.paper import HouseholdCertificate, PaperKind
from kiosk.flows import errand
from kiosk.flows import happenings as h
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk, own_data
from terminal.store.audit import AuditKind
from terminal.texts import Catalogue
from tests.support.clocks import NOW
from tests.support.identification import card_of, proven_subject
from tests.support.issuing import MemoryRecords, TrayPrinter, assemble
from tests.support.kiosk_store import KioskStore
from tests.support.records_client import DAUGHTER, DENG, LAN, RARE, WIFE, Card

ROW = HouseholdRecord(
    name="王灯明",
    former_name="王小明",
    sex="女",
    nation="汉族",
    birth_date=date(1990, 3, 7),
    id_number="990101199003070023",
    birthplace="示例省示例市",
    native_place="示例省示例市",
    address="示例市平安区灯火路12号3幢2单元501室",
    household_type="家庭户",
    householder="王大明",
    relation="子",
    moved_in="2008年9月1日由外省迁来",
)
SPARSE = ROW.model_copy(
    update=dict.fromkeys(("former_name", "birthplace", "native_place", "householder", "relation", "moved_in"), "")
)


ASKED = h.OpenRecord("household_certificate")


def presented(record: HouseholdRecord, kind: str = "household_certificate") -> h.OwnData:
    """As the screen has it, on a day of its own."""
    return own_data(record, kind, lambda born: age_on(born, date(2026, 11, 22)))


Proven = Callable[[Card], VisitMemory]


@pytest.fixture
def printer(tmp_path: Path) -> TrayPrinter:
    return TrayPrinter(tmp_path / "tray")


@pytest.fixture
def desk(session: RecordsSession, store: KioskStore, printer: TrayPrinter) -> RecordDesk:
    parts = assemble(store.database, store.journal, MemoryRecords(), printer)
    return RecordDesk(session, PaperDesk(parts.issue), store.audit, SystemClock())


@pytest.fixture
def proven(session: RecordsSession, device: DeviceIdentity) -> Proven:
    """A visit whose identity is proven at records."""

    def prove(card: Card) -> VisitMemory:
        memory = VisitMemory()
        memory.subject = proven_subject(session, device.key, card, memory.visit, SystemClock().now())
        return memory

    return prove


# --- fetched from the real service ---


def test_the_own_row_is_read_once_and_audited(desk: RecordDesk, proven: Proven, store: KioskStore) -> None:
    """With the visit's number, and nothing of the row."""
    memory = proven(DENG)
    opened = desk.open(memory, ASKED)
    assert isinstance(opened, h.RecordOpened)
    values = {field.name: field.value.reveal() for field in opened.own.fields}
    assert (values["name"], values["id_number"]) == (DENG.name, DENG.id_number)
    assert store.audited() == [{"visit": memory.visit}]
    assert DENG.name not in store.text()


def test_no_row_without_a_proven_identity(desk: RecordDesk, store: KioskStore) -> None:
    """Records refuse; the kiosk asks nothing else of them."""
    assert desk.open(VisitMemory(subject="nobody-s-subject"), ASKED) == h.RecordNotOpened("records-refused")
    assert store.audited(AuditKind.RECORD_READ) == []


def test_a_printer_that_went_out_meanwhile_is_said_before_the_data_are_shown(
    desk: RecordDesk, proven: Proven, store: KioskStore, printer: TrayPrinter
) -> None:
    """The resident is asked to check nothing that can't be printed; no serial is spent."""
    memory = proven(DENG)
    printer.down = PrinterReason.PAPER_OUT
    assert desk.open(memory, ASKED) == h.RecordNotOpened("paper-out")
    assert store.journal.counts().untold == 0
    assert store.audited(AuditKind.RECORD_READ) == []


# --- the child, the household, the flat ---


def test_a_child_s_row_is_opened_by_its_handle(desk: RecordDesk, proven: Proven) -> None:
    """The guardian's own row names the child; the child's says who else is there."""
    memory = proven(DENG)
    own = desk.open(memory, ASKED)
    assert isinstance(own, h.RecordOpened)
    (child,) = own.own.children
    assert (child.name.reveal(), child.name.masked()) == (DAUGHTER.name, "张**")
    opened = desk.open(memory, h.OpenRecord("household_certificate", child.handle))
    assert isinstance(opened, h.RecordOpened)
    assert opened.own.fields[0].value.reveal() == DAUGHTER.name
    assert desk.open(memory, h.OpenRecord("household_certificate", "a-stranger")) == h.RecordNotOpened(
        "records-refused"
    )


def test_a_member_s_own_card_is_seen_once_and_let_go(desk: RecordDesk, proven: Proven) -> None:
    """Records say whose it is; somebody else's adds nobody."""
    memory = proven(DENG)
    opened = desk.open(memory, ASKED)
    assert isinstance(opened, h.RecordOpened)
    wife = next(each for each in opened.own.members if each.name.startswith(WIFE.name[0]))
    memory.card = card_of(WIFE)
    assert desk.companion(memory) == errand.CompanionSeen(wife.handle)
    assert memory.card is None
    memory.card = card_of(LAN)
    assert desk.companion(memory) == errand.CompanionRefused("not-of-household")
    assert desk.companion(memory) == errand.CompanionRefused("card-not-read"), "no card, no question"


def test_a_door_is_a_flat_or_no_such_door(desk: RecordDesk) -> None:
    """Its address masks itself; nothing of who lives there comes with it."""
    found = desk.find_dwelling(DwellingEntry(DoorPart.ROOM, ("5", "1", "602")))
    assert isinstance(found, errand.DwellingFound)
    assert found.dwelling.address.reveal().endswith("5幢1单元602室")
    assert "602" not in repr(found)
    nowhere = desk.find_dwelling(DwellingEntry(DoorPart.ROOM, ("5", "1", "9999")))
    assert nowhere == errand.DwellingNotFound("dwelling-unknown")


def test_records_that_are_away_say_nothing_of_cards_and_doors(
    desk: RecordDesk, session: RecordsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question stays, and can be asked again."""

    def away(*_: object) -> None:
        raise RecordsUnreachableError("away")

    monkeypatch.setattr(session, "companion", away)
    monkeypatch.setattr(session, "dwelling", away)
    memory = VisitMemory(card=card_of(WIFE))
    assert desk.companion(memory) == errand.CompanionRefused("records-unreachable")
    entry = DwellingEntry(DoorPart.ROOM, ("5", "1", "602"))
    assert desk.find_dwelling(entry) == errand.DwellingNotFound("records-unreachable")


# --- as it is shown ---


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("temporary_id_proof", ["name", "sex", "nation", "birth_date", "id_number", "address"]),
        ("no_criminal_record", ["name", "sex", "birth_date", "id_number"]),
        ("residence_receipt", ["name", "id_number"]),
    ],
)
def test_a_resident_confirms_what_this_paper_says_and_no_more(kind: str, names: list[str]) -> None:
    assert [field.name for field in presented(ROW, kind).fields] == names


def test_the_family_is_shown_by_handles_and_masks() -> None:
    """Children with their age; members as records masked them."""
    child = Dependant(handle="c", name="王小灯", birth_date=date(2014, 11, 23))
    member = Member(handle="m", relation="配偶", name="李**", adult=True)
    family = presented(ROW.model_copy(update={"children": (child,), "members": (member,)}))
    assert [(each.handle, each.age, str(each.name)) for each in family.children] == [("c", 11, "王**")]
    assert family.members == (h.Member("m", "配偶", "李**", adult=True),)
    assert "王小灯" not in repr(family)


def test_a_paper_that_one_can_t_have_is_closed_and_no_other() -> None:
    closed = ClosedService(kind=PaperKind.NO_CRIMINAL_RECORD, why=ProblemCode.YEARLY_LIMIT)
    row = ROW.model_copy(update={"closed": (closed,)})
    assert presented(row, "no_criminal_record").closed == "yearly-limit"
    assert presented(row).closed == ""


def test_fields_stand_in_the_paper_s_order(checkout: Path) -> None:
    """Every field of the certificate, each with its name in both languages."""
    names = [field.name for field in presented(ROW).fields]
    on_paper = [name for name in HouseholdCertificate.__dataclass_fields__ if name in names]
    assert names == on_paper
    assert set(names) == set(HouseholdRecord.model_fields) - {"reissues", "children", "members", "closed"}
    catalogue = Catalogue.load(checkout / "assets" / "texts")
    assert all(catalogue.in_language(tongue).has(f"field.{name}") for tongue in ("zh", "en") for name in names)


def test_what_tells_who_it_is_is_masked_and_revealed_when_asked() -> None:
    """A glance from behind learns no name, number or address."""
    shown = {field.name: field.value.masked() for field in presented(ROW).fields}
    assert shown["name"] == "王**"
    assert shown["former_name"] == "王**"
    assert shown["householder"] == "王**"
    assert shown["id_number"] == "9901**********0023"
    assert shown["address"].startswith("示例市***")
    assert shown["birth_date"] == "1990年**月**日"
    assert "2008" not in shown["moved_in"][3:]
    assert (shown["sex"], shown["nation"], shown["household_type"], shown["relation"]) == ("女", "汉族", "家庭户", "子")
    revealed = {field.name: field.value.reveal() for field in presented(ROW).fields}
    assert revealed["birth_date"] == "1990年3月7日"
    assert revealed["address"] == ROW.address
    assert all(part not in repr(presented(ROW)) for part in (ROW.name, ROW.id_number, ROW.address))


def test_fields_without_a_value_are_not_shown() -> None:
    """A collective household has no householder: that is no fault."""
    names = [field.name for field in presented(SPARSE).fields]
    assert names == ["name", "sex", "nation", "birth_date", "id_number", "address", "household_type"]


@pytest.mark.parametrize(
    ("name", "value"), [("name", "王（曾用）明"), ("householder", "7号"), ("id_number", "990101900307002")]
)
def test_what_no_rule_of_ours_allows_for_is_shown_all_the_same(name: str, value: str) -> None:
    """The register is older than our rules; its odd values are masked whole."""
    fields = {field.name: field.value for field in presented(ROW.model_copy(update={name: value})).fields}
    assert fields[name].reveal() == value
    assert set(fields[name].masked()) == {"*"}


def test_a_voided_paper_that_waits_is_told_and_made_again(
    desk: RecordDesk, session: RecordsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next paper for the same purpose takes its place; forgetting forgets that too."""
    waiting = OpenReissue(kind="household_certificate", purpose="move", voided_at=NOW, serial="2026-0001-000007-00")
    row = ROW.model_copy(update={"reissues": (waiting,)})
    monkeypatch.setattr(session, "record", lambda *_: row)
    memory = VisitMemory(subject="somebody")
    opened = desk.open(memory, ASKED)
    assert isinstance(opened, h.RecordOpened)
    assert opened.own.reissues == ("move",)
    assert memory.voided == {("household_certificate", "move", ""): waiting.serial}
    memory.forget()
    assert memory.voided == {}
    assert presented(ROW).reissues == ()
    assert presented(row, "temporary_id_proof").reissues == (), "another paper's"


def test_a_character_that_no_font_has_is_said_before_the_data_are_shown(
    desk: RecordDesk, session: RecordsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is never printed with a hole in it. (Rare characters that the fonts have are no obstacle.)"""
    memory = VisitMemory(subject="somebody")
    monkeypatch.setattr(session, "record", lambda *_: ROW.model_copy(update={"name": "王\ue000"}))
    assert desk.open(memory, ASKED) == h.RecordNotOpened("rare-character")
    monkeypatch.setattr(session, "record", lambda *_: ROW.model_copy(update={"name": RARE.name}))
    assert isinstance(desk.open(memory, ASKED), h.RecordOpened)
