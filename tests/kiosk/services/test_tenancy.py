"""What records answer about flats, as the flow hears it, and what a visit keeps of it. The way to real records is
walked in tests/stories/test_tenancy.py."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend_client.contract import tenancies as wire
from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.persons import HouseholdRecord
from backend_client.contract.policy import GateRules, TenancyRules
from backend_client.errors import RecordsError, RecordsUnreachableError, refusal
from civic.document import DocumentKind
from civic.id_number import ResidencePermitNumber
from devices.id_card.api import IdCard
from forms.paper import CHINA_TIME
from kiosk.flows import tenancy as flow
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.services.memory import VisitMemory
from kiosk.services.own_tenancies import told
from kiosk.services.tenancy import TenancyDesk
from terminal.store.audit import AuditKind
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore
from tests.support.made_up import FLAT, NAME, NUMBER, card, fresh

REF, TODAY, ENDS = "0" * 32, NOW.astimezone(CHINA_TIME).date(), date(2027, 11, 21)
WAY = wire.OwnWay(ref=REF, kind=wire.WayKind.CARD, label="7A1C", since=TODAY, waiting=True)
RIGHT = wire.OwnRight(
    ref=REF,
    kind=wire.RightKind.TENANT,
    state=wire.RightState.ACTIVE,
    dwelling="d",
    address=FLAT,
    starts_on=TODAY,
    ends_on=ENDS,
    others=2,
    missing=(wire.Missing.LANDLORD,),
    goes_on_at=NOW,
    ways=(WAY,),
    choosing=True,
)
ASK = wire.Ask(
    ref=REF,
    kind=wire.AskKind.RENEWAL,
    address=FLAT,
    name="李**",
    starts_on=TODAY,
    ends_on=ENDS,
    until=NOW,
    goes_on=True,
)
LET = wire.LetFlat(
    tenancy=REF,
    address=FLAT,
    tenant="王**",
    state=wire.RightState.DISPUTED,
    starts_on=TODAY,
    ends_on=ENDS,
    people=3,
)
OWN = wire.OwnTenancies(server_time=NOW, rights=(RIGHT,), asks=(ASK,), let=(LET,))
SLIP = wire.MoveInSlip(
    server_time=NOW,
    number="ABCD-2345",
    code="LP1:slip",
    community="平安灯小区",
    address=FLAT,
    name="王**",
    document="0023",
    registered_at=NOW,
    ends_on=ENDS,
    people=1,
    valid_until=NOW + timedelta(days=7),
)


def _refused(code: ProblemCode) -> RecordsError:
    return refusal(Problem(type="t", title="t", status=400, code=code))


@dataclass
class Answering:
    """Records that say what a test wrote down, and remember what they were asked."""

    error: RecordsError | None = None
    asked: list[str] = field(default_factory=list)

    def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        if self.error:
            raise self.error

    def tenancies(self, subject: str) -> wire.OwnTenancies:
        self._answer(f"tenancies {subject}")
        return OWN

    def record(self, subject: str) -> HouseholdRecord:
        self._answer(f"record {subject}")
        return cast("HouseholdRecord", SimpleNamespace(name=fresh(NAME), id_number=fresh(NUMBER)))

    def phone_link(self, subject: str, right: str) -> wire.PhoneLink:
        self._answer(f"phone {subject} {right}")
        return wire.PhoneLink(server_time=NOW, url="https://records.test/pass/#token", expires_at=NOW)

    def guest_code(self, subject: str, request: wire.GuestRequest) -> wire.GuestCode:
        self._answer(f"guest {subject} {request.right} {request.day}")
        return wire.GuestCode(server_time=NOW, digits="12345678", code="LP1:guest", day=request.day)

    def move_in_slip(self, subject: str, right: str) -> wire.MoveInSlip:
        self._answer(f"slip {subject} {right}")
        return SLIP


@pytest.fixture
def records() -> Answering:
    return Answering()


@pytest.fixture
def memory() -> VisitMemory:
    return VisitMemory(subject="subject")


@pytest.fixture
def desk(records: Answering, store: KioskStore) -> TenancyDesk:
    return TenancyDesk(cast("Any", records), store.audit, StillClock(), TenancyRules, GateRules)


def test_what_is_theirs_comes_with_who_they_are_in_the_register(
    desk: TenancyDesk, memory: VisitMemory, records: Answering, store: KioskStore
) -> None:
    """Asked once in a visit; the kiosk's own audit says that it was read, and not of whom."""
    opened = desk.open(memory)
    assert isinstance(opened, flow.TenanciesOpened)
    assert (opened.who.name.reveal(), opened.who.number.reveal(), opened.who.proven) == (NAME, NUMBER, True)
    assert desk.open(memory) == opened
    assert records.asked == ["tenancies subject", "record subject", "tenancies subject"]
    assert len(store.audited(AuditKind.RECORD_READ)) == 1
    assert not any(each in store.text() for each in (NAME, NUMBER))
    assert not any(each in repr(opened) for each in (NAME, NUMBER, FLAT))


def test_every_word_of_it_reaches_the_screen_and_times_are_local() -> None:
    own = told(OWN, TenancyRules(silence_days=5, objection_hours=72), GateRules())
    (right,), (ask,), (let,) = own.rights, own.asks, own.let
    assert (right.kind, right.state, right.others, right.missing) == ("tenant", "active", 2, ("landlord",))
    assert (right.address.reveal(), right.starts_on, right.ends_on, right.choosing) == (FLAT, TODAY, ENDS, True)
    assert right.goes_on_at == NOW
    assert right.goes_on_at is not None
    assert right.goes_on_at.tzinfo is CHINA_TIME
    (way,) = right.ways
    assert (way.ref, way.kind, way.label, way.waiting) == (REF, "card", "7A1C", True)
    assert (ask.kind, ask.name, ask.until, ask.goes_on) == ("renewal", "李**", NOW, True)
    assert (let.ref, let.tenant, let.state, let.people) == (REF, "王**", "disputed", 3)
    assert (own.silence_days, own.objection_hours, dict(own.mediation)["zh"]) == (5, 72, "社区调解室")


def test_where_there_are_no_gates_no_face_is_offered() -> None:
    assert told(OWN, TenancyRules(), GateRules()).face
    assert not told(OWN, TenancyRules(), None).face


@pytest.mark.parametrize(
    ("error", "opened", "made"),
    [
        (RecordsUnreachableError("x"), "records-unreachable", "no-link"),
        (_refused(ProblemCode.RECORD_UNCLEAR), "record-unclear", "no-link"),
        (_refused(ProblemCode.SUBJECT_EXPIRED), "records-refused", "no-link"),
        (_refused(ProblemCode.NOT_FOUND), "records-refused", "not-now"),
        (_refused(ProblemCode.VALIDATION), "records-refused", "not-now"),
        (_refused(ProblemCode.TOO_MANY_REQUESTS), "records-refused", "too-many"),
    ],
)
def test_why_something_did_not_come_about_is_told(
    desk: TenancyDesk, memory: VisitMemory, records: Answering, error: RecordsError, opened: str, made: str
) -> None:
    records.error = error
    assert desk.open(memory) == flow.TenanciesUnavailable(opened)
    assert desk.phone_link(memory, REF) == ways.PhoneLinkNotMade(made)
    assert desk.guest_code(memory, REF, TODAY) == codes.NothingMade(made)
    assert desk.slip(memory, REF) == codes.NothingMade(made)
    assert (memory.who, memory.slip) == (None, None)


def test_a_link_and_a_code_are_shown_and_not_kept(desk: TenancyDesk, memory: VisitMemory, records: Answering) -> None:
    link = desk.phone_link(memory, REF)
    assert link == ways.PhoneLinkMade("https://records.test/pass/#token")
    made = desk.guest_code(memory, REF, TODAY)
    assert isinstance(made, codes.GuestCodeMade)
    assert (made.code.digits, made.code.code, made.code.day) == ("12345678", "LP1:guest", TODAY)
    assert records.asked == [f"phone subject {REF}", f"guest subject {REF} {TODAY}"]
    assert "12345678" not in repr(made)
    assert "token" not in repr(link)


def test_the_slip_waits_in_the_visits_memory_and_goes_with_it(desk: TenancyDesk, memory: VisitMemory) -> None:
    made = desk.slip(memory, REF)
    assert isinstance(made, codes.SlipMade)
    assert (made.slip.number, made.slip.code, made.slip.valid_until) == (SLIP.number, SLIP.code, SLIP.valid_until)
    assert memory.slip == SLIP
    desk.open(memory)
    assert memory.slip is None
    desk.slip(memory, REF)
    memory.forget()
    assert (memory.slip, memory.who) == (None, None)
    desk.slip(memory, REF)
    assert memory.slip is None, "a late answer brings nothing back"


# --- who lives there too ---------------------------------------------------------------------------------------------


def _comer(desk: TenancyDesk, laid: IdCard) -> people.ComerRead | people.ComerUnfit:
    memory = VisitMemory(card=laid)
    read = desk.check_comer(memory)
    assert memory.card is None, "it is let go"
    return read


def test_whoever_comes_along_is_taken_by_their_own_card_without_asking_anybody(
    desk: TenancyDesk, records: Answering
) -> None:
    read = _comer(desk, card())
    assert isinstance(read, people.ComerRead)
    assert (read.comer.document, read.comer.minor, read.comer.foreign) == (DocumentKind.RESIDENT_CARD, False, False)
    assert (read.comer.name.reveal(), read.comer.number.reveal()) == (NAME, NUMBER)
    assert records.asked == []
    assert NAME not in repr(read)


@pytest.mark.parametrize(
    ("born", "minor"), [(TODAY.replace(year=TODAY.year - 18), False), (TODAY.replace(year=TODAY.year - 17), True)]
)
def test_below_eighteen_somebody_is_a_child(desk: TenancyDesk, born: date, *, minor: bool) -> None:
    read = _comer(desk, replace(card(), birth_date=born))
    assert isinstance(read, people.ComerRead)
    assert read.comer.minor is minor


def test_of_somebody_from_abroad_it_is_asked_since_when_they_are_here(desk: TenancyDesk) -> None:
    number = ResidencePermitNumber("CAN110121150003")
    read = _comer(desk, replace(card(), kind=DocumentKind.FOREIGNER_CARD_2017, id_number=number))
    assert isinstance(read, people.ComerRead)
    assert read.comer.foreign


def test_a_card_that_is_not_valid_today_is_not_taken(desk: TenancyDesk) -> None:
    over = replace(card().validity, last=TODAY - timedelta(days=1))
    assert _comer(desk, replace(card(), validity=over)) == people.ComerUnfit("card-expired")
    assert desk.check_comer(VisitMemory()) == people.ComerUnfit("card-not-read")
