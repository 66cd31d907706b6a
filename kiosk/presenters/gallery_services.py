"""Every screen of the services that make a paper, but for identification, with synthetic content (see gallery.py)."""

from collections.abc import Iterator
from dataclasses import replace

from civic.id_number import IdNumber
from civic.masking import Personal, PersonalDate, PersonalText
from civic.person_name import PersonName
from kiosk.flows import application, details, ending, issuing, parting
from kiosk.flows import happenings as h
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.errand import Collecting, Dwelling, Errand, Service
from kiosk.presenters.gallery_identification import OFFERS

_FREE = (("zh", "免费"), ("en", "Free of charge"))
_MOVE = h.Purpose("move", (("zh", "户口迁往外省"), ("en", "Moving the household to another province")))
_SCHOOL = h.Purpose(
    "school",
    (("zh", "孩子入学"), ("en", "A child starts school")),
    book_is_enough=True,
    why_enough=(
        ("zh", "户口簿上写着孩子和您的关系，学校应当认可。"),
        ("en", "The book shows your relation to the child; schools must accept it."),
    ),
    members=True,
)
HOUSEHOLD = Service(
    "household_certificate",
    (
        _MOVE,
        h.Purpose("lost", (("zh", "户口簿遗失"), ("en", "The household book is lost"))),
        _SCHOOL,
        h.Purpose("insist", (("zh", "用人单位要求"), ("en", "An employer insists on it"))),
    ),
    valid_days=30,
    fee=_FREE,
    children_below=16,
)
TEMPORARY = Service(
    "temporary_id_proof",
    tuple(
        h.Purpose(name, (("zh", chinese), ("en", english)), valid_hours=hours)
        for name, chinese, english, hours in (
            ("rail", "乘坐火车", "Taking a train", 24),
            ("hotel", "住宿旅馆", "Staying at a hotel", 72),
            ("exam", "参加考试", "Sitting an examination", 168),
        )
    ),
    valid_days=7,
    fee=_FREE,
    hint=(
        ("zh", "这是一张纸，写明用途和几天内有效。它不是临时居民身份证：那张卡由户籍窗口三天内办好，收费 10 元。"),
        ("en", "This paper is for one purpose and a few days. The temporary ID card is made at the desk, for 10 yuan."),
    ),
)
NO_RECORD = Service(
    "no_criminal_record",
    (
        h.Purpose("job", (("zh", "求职、入职"), ("en", "A new job"))),
        h.Purpose("abroad", (("zh", "出国"), ("en", "Going abroad"))),
    ),
    valid_days=90,
    fee=_FREE,
    collecting=Collecting(
        3, (("zh", "本回执、本人有效身份证件"), ("en", "this receipt and your own valid ID document"))
    ),
)
RESIDENCE = Service(
    "residence_receipt",
    (h.Purpose("declare", (("zh", "登记现住址"), ("en", "Declaring where I live"))),),
    valid_days=365,
    fee=_FREE,
)
SERVICES = (HOUSEHOLD, TEMPORARY, NO_RECORD, RESIDENCE)
ERRAND = Errand(HOUSEHOLD, _MOVE, OFFERS)


class _Open(Personal):
    """A value that is shown unmasked, as on the real screen."""

    def masked(self) -> str:
        return self.reveal()


_NAME = h.OwnField("name", PersonName("张明灯"))
_SEX = h.OwnField("sex", _Open("男"))
_NATION = h.OwnField("nation", _Open("汉"))
_BORN = h.OwnField("birth_date", PersonalDate("1986年3月14日"))
_NUMBER = h.OwnField("id_number", IdNumber("990101198603140019"))
_ADDRESS = h.OwnField("address", PersonalText("示例市平安区灯火路 12 号 3 幢 2 单元 501 室"))
_CHILDREN = (h.Child("child-1", PersonName("张小满"), 11), h.Child("child-2", PersonName("张小雪"), 4))
_MEMBERS = (
    h.Member("member-1", "配偶", "李**", adult=True),
    h.Member("member-2", "子", "张**", adult=False),
    h.Member("member-3", "母亲", "陈**", adult=True),
)
_OWN = h.OwnData(
    (
        *(_NAME, _SEX, _NATION, _BORN, _NUMBER),
        h.OwnField("birthplace", PersonalText("示例省示例市")),
        h.OwnField("native_place", PersonalText("示例省示例市")),
        _ADDRESS,
        h.OwnField("household_type", _Open("家庭户")),
        h.OwnField("householder", PersonName("张明灯")),
        h.OwnField("relation", _Open("户主")),
        h.OwnField("moved_in", PersonalText("2009年5月由示例省他县迁来")),
    ),
    children=_CHILDREN,
    members=_MEMBERS,
)
CASE = details.Case(ERRAND, _OWN)
_FAMILY = replace(CASE, errand=Errand(HOUSEHOLD, _SCHOOL, OFFERS), members=("member-2",))
_WHOLE = replace(_FAMILY, seen=("member-1",), members=("member-1", "member-2"))
_CHILD = replace(
    _FAMILY,
    child=_CHILDREN[0],
    row=h.OwnData((h.OwnField("name", PersonName("张小满")), *_OWN.fields[1:]), members=_MEMBERS[:1]),
    members=(),
)
_TEMPORARY = details.Case(
    Errand(TEMPORARY, TEMPORARY.purposes[0], OFFERS), h.OwnData((_NAME, _SEX, _NATION, _BORN, _NUMBER, _ADDRESS))
)
_INQUIRY = details.Case(
    Errand(NO_RECORD, NO_RECORD.purposes[0], OFFERS), h.OwnData((_NAME, _SEX, _BORN, _NUMBER)), later=True
)
_RESIDENCE = details.Case(
    Errand(RESIDENCE, RESIDENCE.purposes[0], OFFERS),
    h.OwnData((_NAME, _NUMBER)),
    dwelling=Dwelling("flat", PersonalText("示例市平安区灯火路 12 号 5 幢 1 单元 1203 室")),
)
_TYPED = ("5", "1", "1203")
_PAGE_FAULTS = (
    *("paper-out", "jam", "cover-open", "toner-out", "output-full", "unreachable", "paused", "wrong-paper", "busy"),
    *("tray-missing", "part-missing", "waste-full", "part-worn-out", "fuser-fault", "memory-full", "needs-repair"),
    "other",
)
_STRIP_FAULTS = (
    *("paper-out", "cover-open", "cutter-error", "overheated", "paper-left-in-presenter", "busy", "unreachable"),
    *("status-unknown", "other"),
)


def beforehand() -> Iterator[tuple[str, application.Here]]:
    """(name, state) until the first document is asked for."""
    yield "hint", application.ReadingHint(TEMPORARY, OFFERS)
    for service in SERVICES[:3]:
        yield f"purpose-{service.kind}", application.ChoosingPurpose(service, OFFERS)
    yield "book-is-enough", application.BookIsEnough(_FAMILY.errand)
    for service in SERVICES:
        yield f"notice-{service.kind}", application.ReadingNotice(Errand(service, service.purposes[0], OFFERS))


def asking() -> Iterator[tuple[str, application.Here]]:
    """(name, state) from the own row to the last look at what the paper will say."""
    yield "opening-record", application.OpeningRecord(ERRAND)
    for name, state in _details():
        yield name, application.Asking(state)
    yield "data", application.ConfirmingData(CASE)
    waits = replace(_OWN, reissues=("move",))
    yield "data-again", application.ConfirmingData(replace(CASE, own=waits))
    yield "data-members", application.ConfirmingData(_WHOLE)
    yield "data-child", application.ConfirmingData(_CHILD)
    yield "data-temporary", application.ConfirmingData(_TEMPORARY)
    yield "data-no-record", application.ConfirmingData(_INQUIRY)
    yield "data-no-record-now", application.ConfirmingData(replace(_INQUIRY, later=False))
    yield "data-residence", application.ConfirmingData(_RESIDENCE)


def _details() -> Iterator[tuple[str, details.Here]]:
    yield "person", details.ChoosingPerson(_FAMILY)
    yield "person-problem", details.ChoosingPerson(_FAMILY, "records-unreachable")
    yield "opening-child", details.OpeningChild(_FAMILY, _CHILDREN[0])
    yield "members", details.ChoosingMembers(replace(_FAMILY, members=()))
    yield "members-chosen", details.ChoosingMembers(_WHOLE)
    for problem in ("not-of-household", "card-not-read", "reader-failed", "records-unreachable"):
        yield f"members-{problem}", details.ChoosingMembers(_FAMILY, problem)
    yield "member-looking", details.LookingAtReader(_FAMILY)
    yield "member-lift-card", details.LiftingCard(_FAMILY)
    yield "member-card", details.AwaitingCard(_FAMILY)
    yield "member-asking", details.AskingRecords(_FAMILY)
    yield "when", details.ChoosingWhen(_INQUIRY)
    for part, typed in zip(DoorPart, (("", "", ""), ("5", "", ""), _TYPED), strict=True):
        yield f"door-{part}", details.EnteringDwelling(_RESIDENCE, DwellingEntry(part, typed))
    yield "door-letters", details.EnteringDwelling(_RESIDENCE, DwellingEntry(texts=("A3", "", ""), letters=True))
    for problem in ("dwelling-unknown", "too-many-requests", "records-unreachable"):
        entry = DwellingEntry(DoorPart.ROOM, _TYPED)
        yield f"door-{problem}", details.EnteringDwelling(_RESIDENCE, entry, problem)
    yield "door-finding", details.FindingDwelling(_RESIDENCE, DwellingEntry(DoorPart.ROOM, _TYPED))


def making(endings: tuple[tuple[str, bool, bool], ...]) -> Iterator[tuple[str, application.Here]]:
    """(name, state) of the paper's making, and of the end. ``endings``: code, void, maybe out."""
    for name, state in _making():
        yield name, application.Making(state)
    for code, void, maybe_out in endings:
        yield f"ended-{code}", application.Making(issuing.Ended(code, void, maybe_out))
    yield "parting", ending.Parting(parting.LookingForCard(served=True))
    yield "take-card", ending.Parting(parting.TakingCard(served=True))


def _making() -> Iterator[tuple[str, issuing.Here]]:
    asked, inquiry = CASE.application, _INQUIRY.application
    for stage in h.Stage:
        yield f"issuing-{stage}", issuing.Issuing(asked, stage)
    for fault in _PAGE_FAULTS:
        yield f"issuing-{fault}", issuing.Issuing(asked, h.Stage.PRINTING, fault)
    for fault in _STRIP_FAULTS:
        yield f"issuing-strip-{fault}", issuing.Issuing(asked, h.Stage.PRINTING, fault, "thermal_printer")
    yield "issuing-again", issuing.Issuing(asked, h.Stage.RESERVING, again=True)
    yield "take-paper", issuing.TakingPaper(asked, "serial")
    yield "take-paper-called", issuing.TakingPaper(asked, "serial", called=1)
    yield "take-strip", issuing.TakingPaper(asked, "serial", "strip")
    yield "take-receipt", issuing.TakingPaper(inquiry, "serial", "strip", receipt=True)
    yield "take-receipt-page", issuing.TakingPaper(inquiry, "serial", "page", receipt=True)
    yield "take-receipt-called", issuing.TakingPaper(inquiry, "serial", "strip", receipt=True, called=2)
    yield "take-receipt-unplanned", issuing.TakingPaper(asked, "serial", "strip", receipt=True)
    yield "voiding", issuing.Voiding(asked, "serial")
