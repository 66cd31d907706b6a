"""Every screen there is, with synthetic content: what ``make screens`` draws and the text tests walk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from civic.id_number import IdNumber
from civic.masking import Personal, PersonalDate, PersonalText
from civic.person_name import PersonName
from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as certificate
from kiosk.flows import maintenance, visit
from kiosk.presenters import gallery_identification as identification
from kiosk.presenters.opening import Hours
from kiosk.presenters.surroundings import MachineGroup, MachineRow, Place, Surroundings, Window
from kiosk.presenters.visit import chrome, present
from terminal.texts import Words
from terminal.views import Chrome, View

PLACE = Place(
    desk=Window(
        id="",
        name=(("zh", "平安灯派出所户籍窗口（示例）"), ("en", "Household registration desk (example)")),
        address=(("zh", "示例市灯火路 1 号"), ("en", "1 Lamplight Road, Shili City")),
        hours=(("zh", "每天 08:30 至 17:30"), ("en", "daily 08:30 to 17:30")),
        phone="0000-0110",
        openings=(Hours((1, 2, 3, 4, 5, 6, 7), "08:30", "17:30"),),
    ),
    issuer=(("zh", "示例市公安局平安灯派出所（样张）"), ("en", "Lamplight Police Station, Shili (specimen)")),
    specimen=True,
    valid_days=30,
    offices=(
        Window(
            id="exit_entry",
            name=(("zh", "出入境接待大厅（示例）"), ("en", "Exit-entry reception hall (example)")),
            address=(("zh", "示例市远行路 8 号"), ("en", "8 Yuanxing Road, Shili City")),
            hours=(("zh", "周一至周五 09:00 至 17:00"), ("en", "Monday to Friday, 09:00 to 17:00")),
            phone="0000-0120",
            openings=(Hours((1, 2, 3, 4, 5), "09:00", "17:00"),),
        ),
    ),
    notice="2026-11",
)
_PURPOSES = (
    h.Purpose("move", (("zh", "户口迁往外省"), ("en", "Moving the household to another province"))),
    h.Purpose("lost", (("zh", "户口簿遗失"), ("en", "The household book is lost"))),
    h.Purpose(
        "school",
        (("zh", "孩子入学"), ("en", "A child starts school")),
        book_is_enough=True,
        why_enough=(
            ("zh", "户口簿上写着孩子和您的关系，学校应当认可。"),
            ("en", "The book shows your relation to the child; schools must accept it."),
        ),
    ),
    h.Purpose("insist", (("zh", "用人单位要求"), ("en", "An employer insists on it"))),
)


class _Open(Personal):
    """A value that is shown unmasked, as on the real screen."""

    def masked(self) -> str:
        return self.reveal()


_OWN = h.OwnData(
    (
        h.OwnField("name", PersonName("张明灯")),
        h.OwnField("sex", _Open("男")),
        h.OwnField("nation", _Open("汉")),
        h.OwnField("birth_date", PersonalDate("1986年3月14日")),
        h.OwnField("id_number", IdNumber("990101198603140019")),
        h.OwnField("birthplace", PersonalText("示例省示例市")),
        h.OwnField("native_place", PersonalText("示例省示例市")),
        h.OwnField("address", PersonalText("示例市平安区灯火路 12 号 3 幢 2 单元 501 室")),
        h.OwnField("household_type", _Open("家庭户")),
        h.OwnField("householder", PersonName("张明灯")),
        h.OwnField("relation", _Open("户主")),
        h.OwnField("moved_in", PersonalText("2009年5月由示例省他县迁来")),
    )
)
_PORT = (("port", "/dev/lamplight-id-card"), ("baud", "115200"))
_TABLE = (
    MachineGroup(
        "devices",
        (
            MachineRow("id_card", state="unplugged", level="down", said="card_status.card-rejects-sam", facts=_PORT),
            MachineRow("travel_document", state="ok", said="document_problem.signer-unknown"),
            MachineRow("camera", state="ok"),
            MachineRow("mrz", state="ok"),
            MachineRow("face", state="ok", said="said.passive-none", facts=(("model", "face_pack"),)),
            MachineRow("page_printer", state="paper-low", level="degraded", facts=(("model", "Lamplight Laser"),)),
            MachineRow("thermal_printer", state="cover-open", level="down"),
            MachineRow("records", state="ok"),
            MachineRow("policy", state="ok"),
            MachineRow("queue", state="ok"),
        ),
    ),
    MachineGroup(
        "machine",
        (
            MachineRow("officer", value="off_duty"),
            MachineRow("untold", value="queue", values=(("count", 1),), level="degraded"),
            MachineRow("last_sync", text="2026-11-22 23:04:58"),
            MachineRow("clock_skew", value="skew", values=(("seconds", "+0.2"),)),
            MachineRow("disk", value="disk", values=(("gib", 41),)),
            MachineRow("policy_version", value="policy", values=(("version", 3), ("days", 2))),
            MachineRow("audit", text="128 · 9f86d081884c"),
            MachineRow("versions", text="lamplight 0.1.0"),
        ),
    ),
)
_PURPOSE = _PURPOSES[0]
_READY = visit.Readiness((("household_certificate", ()),))
_OFFICER_ONLY = visit.Readiness(_READY.blocked, face="face.no-pack", officer=True)
_PAPER_OUT = visit.Readiness((("household_certificate", ("page_printer.paper-out",)),))


def _serving(name: str, at: certificate.Here) -> tuple[str, visit.Visit]:
    return name, visit.Visit(visit.Serving(at), readiness=_READY)


def visits() -> Iterator[tuple[str, visit.Visit]]:
    """(name, visit) for every state that has a screen, in the order of a visit."""
    yield "attract", visit.Visit(visit.Attract(), readiness=_READY)
    yield "attract-paused", visit.Visit(visit.Attract(), readiness=_PAPER_OUT)
    yield "attract-officer-only", visit.Visit(visit.Attract(), readiness=_OFFICER_ONLY)
    yield "home", visit.Visit(visit.Home(), readiness=_READY)
    yield "home-officer-only", visit.Visit(visit.Home(), readiness=_OFFICER_ONLY)
    yield "home-paper-out", visit.Visit(visit.Home(), readiness=_PAPER_OUT)
    choosing = certificate.ChoosingPurpose(_PURPOSES, identification.OFFERS)
    yield _serving("purpose", choosing)
    yield _serving("book-is-enough", certificate.BookIsEnough(choosing, _PURPOSES[2]))
    yield _serving("notice", certificate.ReadingNotice(choosing, _PURPOSES[0]))
    for name, claimed in identification.claims():
        yield _serving(name, certificate.Claiming(_PURPOSE, claimed))
    for name, proven in identification.proofs():
        yield _serving(name, certificate.Proving(_PURPOSE, proven))
    aided = visit.Visit(visit.Serving(certificate.Proving(_PURPOSE, identification.CHOICE)), readiness=_READY)
    yield "proof-aided", replace(aided, comfort=visit.Comfort(speech=True))
    yield _serving("opening-record", certificate.OpeningRecord(_PURPOSE))
    yield _serving("data", certificate.ConfirmingData(_PURPOSE, _OWN))
    yield _serving("issuing", certificate.Issuing(_PURPOSE, h.Stage.SEALING))
    yield _serving("issuing-waiting", certificate.Issuing(_PURPOSE, h.Stage.PRINTING, "paper-out"))
    yield _serving("issuing-again", certificate.Issuing(_PURPOSE, h.Stage.RESERVING, again=True))
    yield _serving("take-paper", certificate.TakingPaper(_PURPOSE, "serial"))
    yield _serving("voiding", certificate.Voiding(_PURPOSE, "serial"))
    for code, void, maybe_out in _ENDINGS:
        yield _serving(f"ended-{code}", certificate.Ended(code, void, maybe_out))
    yield _serving("parting", certificate.Parting(served=True))
    yield _serving("take-card", certificate.TakingCard(served=True))
    yield from _around()


_ENDINGS = (
    ("reader-failed", False, False),
    ("document-reader-failed", False, False),
    ("card-not-yet-valid", False, False),
    ("records-unreachable", False, False),
    ("records-refused", False, False),
    ("card-expired", False, False),
    ("rare-character", False, False),
    ("reissue-limit", False, False),
    ("mistake", False, False),
    ("unexpected", True, False),
    ("cancelled", True, True),
    *((reason, True, True) for reason in ("paper-out", "jam", "cover-open", "toner-out", "output-full")),
    *((reason, True, True) for reason in ("waste-full", "part-worn-out", "fuser-fault", "memory-full")),
    *((reason, True, True) for reason in ("cutter-error", "overheated", "paper-left-in-presenter", "status-unknown")),
    *((reason, True, False) for reason in ("unreachable", "paused", "wrong-paper", "busy", "other")),
    *((reason, True, False) for reason in ("tray-missing", "part-missing", "needs-repair")),
)


def _around() -> Iterator[tuple[str, visit.Visit]]:
    yield "goodbye", visit.Visit(visit.SayingGoodbye(served=True))
    yield "goodbye-unserved", visit.Visit(visit.SayingGoodbye(served=False))
    yield "leftover-card", visit.Visit(visit.Leftover(card=True, paper=False))
    yield "leftover-paper", visit.Visit(visit.Leftover(card=False, paper=True))
    for reached in ("", "nobody"):
        yield f"alarm-{reached or 'trying'}", visit.Visit(visit.Alarm(reached))
    yield "idle-warning", visit.Visit(visit.Home(), readiness=_READY, overlay=visit.Overlay.IDLE, seconds_left=20)
    yield "help", visit.Visit(visit.Home(), readiness=_READY, overlay=visit.Overlay.HELP)
    closed = visit.OutOfService("paper", "tonight")
    yield "out-of-service", visit.Visit(visit.Closed(closed), closed=closed)
    for name, at in (
        ("pin", maintenance.EnteringPin(Personal("123"))),
        ("pin-wrong", maintenance.EnteringPin(wrong=True)),
        ("pin-locked", maintenance.EnteringPin(wrong=True, locked_minutes=15)),
        ("technician", maintenance.Page(None)),
        ("technician-printed", maintenance.Page(("repair", "unknown"), "printed")),
        ("close-reason", maintenance.ChoosingReason()),
        ("close-expected", maintenance.ChoosingExpected("repair")),
    ):
        yield name, visit.Visit(visit.Maintaining(at))


def samples(words: Words, *, large: bool = False) -> Iterator[tuple[str, View, Chrome]]:
    """(name, view, chrome) of every screen in one language; ``large``: as who asked for large type sees them."""
    around = Surroundings(words, datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE, _TABLE, simulated=True)
    for name, each in visits():
        now = replace(each, comfort=replace(each.comfort, large=large))
        view = present(now, around)
        yield name, view, chrome(now, view, around)
