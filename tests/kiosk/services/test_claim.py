"""Who is said to be here, at the real records service: what is asked, what is said, and what is kept."""

from dataclasses import replace
from datetime import date
from threading import Event

import pytest

from backend_client.session import RecordsSession
from civic.document import DocumentKind
from civic.masking import PersonalBytes, PersonalText
from civic.person_name import PersonName
from devices.travel_document.api import TravelDocument
from kiosk.flows import identity as who
from kiosk.services.memory import VisitMemory
from terminal.store.audit import AuditKind
from tests.support.identification import Counter, card_of, laid
from tests.support.kiosk_store import KioskStore
from tests.support.records_client import CHANGED, CHILD, DENG, EXPIRED, LATE, NOBODYS_NUMBER, RARE, UNCLEAR, Card
from tests.support.records_server import out_of_reach

CLEAR = who.Claim(DocumentKind.RESIDENT_CARD)


def test_a_resident_with_a_portrait_is_identified(desk: Counter, store: KioskStore) -> None:
    """The subject is kept for this visit; the audit says that, and not who."""
    memory = laid(DENG)
    assert desk.come(memory) == who.Identified(CLEAR)
    assert memory.subject
    assert store.audited(AuditKind.PERSON_IDENTIFIED) == [
        {"visit": memory.visit, "state": "clear", "document": "resident_card"}
    ]
    assert all(part not in store.text() for part in (DENG.name, DENG.id_number, memory.subject))


def test_a_resident_without_a_portrait_hears_so_before_the_camera(desk: Counter) -> None:
    """An officer is the way then."""
    assert desk.come(laid(RARE)) == who.Identified(replace(CLEAR, has_portrait=False))


def test_a_card_s_own_photo_serves_where_records_have_none_and_it_can_be_opened(desk: Counter) -> None:
    """The vendor's decoder is asked only then."""

    class Photos:
        def decode(self, wlt: PersonalBytes) -> PersonalBytes:
            return PersonalBytes(b"opened " + wlt.reveal())

    memory, other = laid(RARE), laid(DENG)
    claim = replace(desk.claim, photos=Photos())
    assert claim.identify(memory) == who.Identified(CLEAR)
    assert memory.from_chip
    assert memory.portrait is not None
    assert memory.portrait.reveal() == b"opened wlt"
    claim.identify(other)
    assert other.portrait is None


def test_below_fourteen_nobody_is_asked_for_a_face(desk: Counter) -> None:
    """As the policy has it."""
    assert desk.come(laid(CHILD)) == who.Identified(replace(CLEAR, minor=True, has_portrait=False))


@pytest.mark.parametrize("card", [UNCLEAR, LATE, CHANGED, replace(DENG, birth_date=date(1986, 3, 15))])
def test_whoever_records_doubt_goes_to_an_officer_and_hears_no_reason(desk: Counter, card: Card) -> None:
    """A number given twice, a register that says deceased, another name, another birthday: one answer."""
    answer = desk.come(laid(card))
    assert isinstance(answer, who.Identified)
    assert answer.claim.unclear


@pytest.mark.parametrize(
    ("card", "first", "code"),
    [
        (EXPIRED, date(2010, 1, 1), "card-expired"),
        (DENG, date(2027, 1, 1), "card-not-yet-valid"),
    ],
)
def test_a_card_that_is_not_valid_today_is_not_sent_to_records(
    desk: Counter, store: KioskStore, card: Card, first: date, code: str
) -> None:
    """Nothing leaves the kiosk that is not needed."""
    memory = laid(card, first)
    assert desk.come(memory) == who.NotIdentified(code)
    assert (memory.subject, store.audited()) == ("", [])


def test_a_character_that_no_font_holds_is_refused_before_anything_is_asked(desk: Counter, store: KioskStore) -> None:
    """Of the card itself at once; of the record's other fields as soon as records answer. Never after the face."""
    unprintable = replace(card_of(DENG), name=PersonName("张\U00030041"))
    memory = VisitMemory(card=unprintable)
    assert desk.come(memory) == who.NotIdentified("rare-character")
    assert store.audited() == []


def test_a_memory_wiped_meanwhile_asks_nobody(desk: Counter, store: KioskStore) -> None:
    """The job began after its resident had left."""
    memory = laid(DENG)
    memory.forget()
    assert isinstance(desk.come(memory), who.NotIdentified)
    assert store.audited() == []


def test_a_typed_number_is_answered_alike_whether_anyone_has_it(desk: Counter) -> None:
    """The register's own, nobody's, a dead person's, one without a portrait."""
    answers = [
        desk.come(VisitMemory(), number)
        for number in (DENG.id_number, NOBODYS_NUMBER, LATE.id_number, RARE.id_number, UNCLEAR.id_number)
    ]
    assert answers == [who.Identified(who.Claim(DocumentKind.NUMBER))] * 5


def test_who_brings_a_card_after_all_is_asked_about_by_the_card(desk: Counter) -> None:
    """The passport was read first, and is another's or served elsewhere: what was brought last counts."""
    memory = laid(DENG)
    memory.document = TravelDocument(
        kind=DocumentKind.PASSPORT,
        issuing_state="UTO",
        number=PersonalText("L898902C3"),
        name=PersonName("ERIKSSON ANNA MARIA"),
        chinese_name=None,
        nationality="UTO",
        sex="F",
        birth_date=date(1974, 8, 12),
        expiry_date=date(2032, 4, 15),
        personal_number=PersonalText(""),
        portrait=PersonalBytes(b"anna"),
        access="BAC",
        signer="CN=Utopia",
    )
    assert desk.come(memory) == who.Identified(CLEAR)
    assert (memory.portrait, memory.from_chip) == (None, False)
    memory.kind = DocumentKind.PASSPORT
    assert desk.come(memory) == who.Identified(who.Claim(DocumentKind.PASSPORT, unclear=True, abroad=True))
    assert memory.from_chip


def test_records_gone_are_said_as_that(session: RecordsSession, desk: Counter) -> None:
    """And a later try goes on."""
    with out_of_reach(session):
        assert desk.come(laid(DENG)) == who.NotIdentified("records-unreachable")
        assert desk.come(VisitMemory(), DENG.id_number) == who.NotIdentified("records-unreachable")
    assert desk.come(laid(DENG)) == who.Identified(CLEAR)


def test_a_wait_counts_down_and_ends_when_its_resident_leaves(desk: Counter) -> None:
    """Once a second; at once when nobody waits."""
    told: list[who.Slowed] = []
    assert desk.claim.wait_out(2, Event(), told.append) == who.WaitedOut()
    assert told == [who.Slowed(2), who.Slowed(1)]
    left = Event()
    left.set()
    desk.claim.wait_out(600, left, told.append)
    assert told[2:] == [who.Slowed(600)]
