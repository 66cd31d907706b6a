"""The screens of 我的通知, with synthetic content."""

from collections.abc import Iterator
from datetime import UTC, datetime

from kiosk.flows import notices as flow
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry
from kiosk.presenters.gallery_identification import OFFERS

_AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
_SERIAL = "2026-0001-000042-53"
_INTAKE = "5402-9903-5745"
NOTICES = (
    flow.Notice("paper-void", _AT, _SERIAL),
    flow.Notice("intake-decided", _AT, _INTAKE, "accepted"),
    flow.Notice("number-guessed", _AT, state="3"),
    flow.Notice("answer-ready", _AT, _SERIAL),
    flow.Notice("intake-decided", _AT, _INTAKE, "more-papers"),
    flow.Notice("intake-decided", _AT, _INTAKE, "refused"),
    flow.Notice("residence-confirmed", _AT, _SERIAL),
    flow.Notice("contact-changed", _AT),
    flow.Notice("contact-due", _AT),
    flow.Notice("intake-decided", _AT, _INTAKE),
    flow.Notice("a-later-kind", _AT),
)
LOOKS = tuple(
    flow.Look(_AT, reader, purpose, "JQ-2026-0311")
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
PHONE = flow.Phone("138****1234", revision=3)
OPENED = flow.Opened(NOTICES, LOOKS, PHONE)
_WHOLE = PhoneEntry("13800001234")


def screens() -> Iterator[tuple[str, flow.Here]]:
    """(name, state), in the order of a visit."""
    yield "notices-before", flow.ReadingNotice(OFFERS)
    yield "notices-opening", flow.Opening()
    yield "notices-not-opened", flow.NotOpened("records-unreachable")
    yield "notices-unexpected", flow.NotOpened("a-later-code")
    for page in range(4):
        yield f"notices-{page + 1}", flow.Listing(OPENED, page)
    yield "notices-none", flow.Listing(flow.Opened())
    yield "notices-due", flow.Listing(flow.Opened(NOTICES[:1], LOOKS, flow.Phone("138****1234", due_soon=True)))
    for page in range(3):
        yield f"looks-{page + 1}", flow.ShowingLooks(OPENED, page)
    yield "looks-none", flow.ShowingLooks(flow.Opened())
    yield from _numbers()
    yield "notices-over", flow.Over(served=True)


def _numbers() -> Iterator[tuple[str, flow.Here]]:
    yield "phone", flow.ShowingPhone(OPENED)
    yield "phone-none", flow.ShowingPhone(flow.Opened())
    yield "phone-due", flow.ShowingPhone(flow.Opened(phone=flow.Phone("138****1234", due=True, due_soon=True)))
    yield "phone-due-soon", flow.ShowingPhone(flow.Opened(phone=flow.Phone("138****1234", due_soon=True)))
    yield "phone-verified", flow.ShowingPhone(OPENED, flow.Change.VERIFIED)
    yield "phone-removed", flow.ShowingPhone(flow.Opened(), flow.Change.REMOVED)
    yield "phone-not-removed", flow.ShowingPhone(OPENED, problem="no-link")
    yield "phone-number", flow.EnteringPhone(OPENED, PhoneEntry("1380"))
    yield "phone-number-whole", flow.EnteringPhone(OPENED, _WHOLE)
    for problem in ("no-texts", "too-many", "no-link"):
        yield f"phone-{problem}", flow.EnteringPhone(OPENED, _WHOLE, problem)
    yield "phone-sending", flow.SendingCode(OPENED, _WHOLE)
    yield "phone-code", flow.EnteringCode(OPENED, _WHOLE, CodeEntry("4829"))
    yield "phone-code-again", flow.EnteringCode(OPENED, _WHOLE, again=True)
    for problem in ("wrong-code", "too-soon"):
        yield f"phone-{problem}", flow.EnteringCode(OPENED, _WHOLE, again=True, problem=problem)
    yield "phone-checking", flow.CheckingCode(OPENED, _WHOLE)
    yield "phone-removal", flow.ConfirmingRemoval(OPENED)
    yield "phone-removing", flow.Removing(OPENED)
