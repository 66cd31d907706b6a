"""The screens of 我的通知, with synthetic content."""

from collections.abc import Iterator
from datetime import UTC, datetime

from kiosk.flows import ending, phone, told
from kiosk.flows import notices as flow
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry
from kiosk.presenters.gallery_identification import OFFERS

_AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
_SERIAL = "2026-0001-000042-53"
_INTAKE = "5402-9903-5745"
NOTICES = (
    told.Notice("paper-void", _AT, _SERIAL),
    told.Notice("intake-decided", _AT, _INTAKE, "accepted"),
    told.Notice("number-guessed", _AT, state="3"),
    told.Notice("answer-ready", _AT, _SERIAL),
    told.Notice("intake-decided", _AT, _INTAKE, "more-papers"),
    told.Notice("intake-decided", _AT, _INTAKE, "refused"),
    told.Notice("residence-confirmed", _AT, _SERIAL),
    told.Notice("contact-changed", _AT),
    told.Notice("contact-due", _AT),
    told.Notice("paper-void", _AT, _SERIAL, "reissue"),
    told.Notice("intake-decided", _AT, _INTAKE),
    told.Notice("tenancy-asked", _AT),
    told.Notice("tenancy-changed", _AT, state="began"),
    told.Notice("tenancy-changed", _AT, state="goes-on"),
    told.Notice("tenancy-changed", _AT, state="disputed"),
    told.Notice("tenancy-changed", _AT, state="ended"),
    told.Notice("tenancy-changed", _AT, state="refused"),
    told.Notice("tenancy-changed", _AT),
    told.Notice("tenancy-ends", _AT, state="30"),
    told.Notice("flat-told", _AT),
    told.Notice("code-twice", _AT, state="slip"),
    told.Notice("way-lost", _AT, state="card"),
    told.Notice("face-made", _AT, state="3幢2单元门 / Building 3, unit 2"),
    told.Notice("face-deleted-at", _AT, "0192f3a4-5b6c-7d8e-9f01-23456789abcd", "3幢2单元门 / Building 3, unit 2"),
    told.Notice("face-deleted", _AT, "0192f3a4-5b6c-7d8e-9f01-23456789abcd"),
    told.Notice("guard-code", _AT),
    told.Notice("a-later-kind", _AT),
)
LOOKS = tuple(
    told.Look(_AT, reader, purpose, "JQ-2026-0311")
    for reader, purpose in (
        ("officer", "report-received"),
        ("officer", "window-request"),
        ("auxiliary", "welfare-check"),
        ("officer", "rental-inspection"),
        ("officer", "case-handling"),
        ("officer", "register-correction"),
        ("a-later-role", "a-later-purpose"),
    )
)
PHONE = told.Phone("138****1234", revision=3)
OPENED = told.Opened(NOTICES, LOOKS, PHONE)
_WHOLE = PhoneEntry("13800001234")


def screens() -> Iterator[tuple[str, flow.Here]]:
    """(name, state), in the order of a visit."""
    yield "notices-before", flow.ReadingNotice(OFFERS)
    yield "notices-opening", flow.Opening()
    yield "notices-not-opened", flow.NotOpened("records-unreachable")
    yield "notices-unexpected", flow.NotOpened("a-later-code")
    for page in range(9):
        yield f"notices-{page + 1}", flow.Listing(OPENED, page)
    yield "notices-none", flow.Listing(told.Opened())
    yield "notices-due", flow.Listing(told.Opened(NOTICES[:1], LOOKS, told.Phone("138****1234", due_soon=True)))
    for page in range(3):
        yield f"looks-{page + 1}", flow.ShowingLooks(OPENED, page)
    yield "looks-none", flow.ShowingLooks(told.Opened())
    yield from _numbers()
    yield "notices-over", ending.Over(served=True)


def _numbers() -> Iterator[tuple[str, flow.Here]]:
    yield "phone", phone.ShowingPhone(OPENED)
    yield "phone-none", phone.ShowingPhone(told.Opened())
    yield "phone-due", phone.ShowingPhone(told.Opened(phone=told.Phone("138****1234", due=True, due_soon=True)))
    yield "phone-due-soon", phone.ShowingPhone(told.Opened(phone=told.Phone("138****1234", due_soon=True)))
    yield "phone-verified", phone.ShowingPhone(OPENED, phone.Change.VERIFIED)
    yield "phone-removed", phone.ShowingPhone(told.Opened(), phone.Change.REMOVED)
    yield "phone-not-removed", phone.ShowingPhone(OPENED, problem="no-link")
    yield "phone-number", phone.EnteringPhone(OPENED, PhoneEntry("1380"))
    yield "phone-number-whole", phone.EnteringPhone(OPENED, _WHOLE)
    for problem in ("no-texts", "too-many", "no-link"):
        yield f"phone-{problem}", phone.EnteringPhone(OPENED, _WHOLE, problem)
    yield "phone-sending", phone.SendingCode(OPENED, _WHOLE)
    yield "phone-code", phone.EnteringCode(OPENED, _WHOLE, CodeEntry("4829"))
    yield "phone-code-again", phone.EnteringCode(OPENED, _WHOLE, again=True)
    for problem in ("wrong-code", "too-soon"):
        yield f"phone-{problem}", phone.EnteringCode(OPENED, _WHOLE, again=True, problem=problem)
    yield "phone-checking", phone.CheckingCode(OPENED, _WHOLE)
    yield "phone-removal", phone.ConfirmingRemoval(OPENED)
    yield "phone-removing", phone.Removing(OPENED)
