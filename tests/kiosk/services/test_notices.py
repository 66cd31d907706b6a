"""What records answer, as the flow hears it. The way to real records is walked in tests/stories/test_notices.py."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any, cast

import pytest

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.messages import (
    CodeSent,
    Contact,
    ContactCode,
    ContactRequest,
    Message,
    MessageKind,
    Messages,
)
from backend_client.errors import RecordsError, RecordsUnreachableError, refusal
from kiosk.flows import notices as flow
from kiosk.flows import phone, told
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry
from kiosk.services.memory import VisitMemory
from kiosk.services.notices import NoticesDesk
from terminal.store.audit import AuditKind
from tests.support.clocks import NOW
from tests.support.kiosk_store import KioskStore

NUMBER, CODE = "13800001234", "482913"
CONTACT = Contact(masked="138****1234", verified_at=NOW, due=False, due_soon=True, revision=7)
ASKED = phone.SendCode(PhoneEntry(NUMBER), 3, "en")


def _refused(code: ProblemCode) -> RecordsError:
    return refusal(Problem(type="t", title="t", status=400, code=code))


@dataclass
class Answering:
    """Records that say what a test wrote down, and remember what they were asked."""

    error: RecordsError | None = None
    asked: list[object] = field(default_factory=list)

    def _answer(self, *asked: object) -> None:
        self.asked.extend(asked)
        if self.error:
            raise self.error

    def messages(self, subject: str) -> Messages:
        self._answer(subject)
        void = Message(kind=MessageKind.PAPER_VOID, at=NOW, ref="S-1")
        look = Message(kind=MessageKind.READ, at=NOW, purpose="report-received", ticket="JQ-1", reader="officer")
        return Messages(messages=(void, look))

    def contact(self, subject: str) -> Contact:
        self._answer(subject)
        return CONTACT

    def send_code(self, subject: str, request: ContactRequest, revision: int) -> CodeSent:
        self._answer(subject, request, revision)
        return CodeSent(server_time=NOW, expires_at=NOW + timedelta(minutes=10), again_at=NOW + timedelta(seconds=60))

    def verify_contact(self, subject: str, code: ContactCode) -> Contact:
        self._answer(subject, code)
        return CONTACT

    def remove_contact(self, subject: str, revision: int) -> None:
        self._answer(subject, revision)


@pytest.fixture
def records() -> Answering:
    return Answering()


@pytest.fixture
def notices(records: Answering, store: KioskStore) -> NoticesDesk:
    return NoticesDesk(cast("Any", records), store.audit)


@pytest.fixture
def memory() -> VisitMemory:
    return VisitMemory(subject="subject")


def test_notices_and_looks_are_told_apart(notices: NoticesDesk, memory: VisitMemory, store: KioskStore) -> None:
    """And that they were read is in the kiosk's own audit, without a word of them."""
    answer = notices.open(memory)
    assert isinstance(answer, flow.NoticesOpened)
    assert answer.opened.notices == (told.Notice("paper-void", NOW, "S-1"),)
    assert answer.opened.looks == (told.Look(NOW, "officer", "report-received", "JQ-1"),)
    assert answer.opened.phone == told.Phone("138****1234", due_soon=True, revision=7)
    assert len(store.audited(AuditKind.RECORD_READ)) == 1
    assert not any(part in store.text() for part in ("JQ-1", "S-1", "1234"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecordsUnreachableError("x"), "records-unreachable"),
        (_refused(ProblemCode.RECORD_UNCLEAR), "record-unclear"),
        (_refused(ProblemCode.SUBJECT_EXPIRED), "records-refused"),
    ],
)
def test_why_they_did_not_come_is_told(
    notices: NoticesDesk, memory: VisitMemory, records: Answering, error: RecordsError, code: str
) -> None:
    records.error = error
    assert notices.open(memory) == flow.NoticesNotOpened(code)


def test_a_code_is_sent_in_the_language_of_the_screen(
    notices: NoticesDesk, memory: VisitMemory, records: Answering
) -> None:
    assert notices.send_code(memory, ASKED) == phone.CodeSent(60)
    assert records.asked == ["subject", ContactRequest(number=NUMBER, language="en"), 3]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecordsUnreachableError("x"), "no-link"),
        (_refused(ProblemCode.CONTACT_UNREACHABLE), "no-texts"),
        (_refused(ProblemCode.TOO_MANY_REQUESTS), "too-many"),
        (_refused(ProblemCode.STALE_REVISION), "stale"),
    ],
)
def test_why_no_code_was_sent_is_told(
    notices: NoticesDesk, memory: VisitMemory, records: Answering, error: RecordsError, code: str
) -> None:
    records.error = error
    assert notices.send_code(memory, ASKED) == phone.CodeNotSent(code)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecordsUnreachableError("x"), "no-link"),
        (_refused(ProblemCode.CONTACT_CODE_WRONG), "wrong-code"),
        (_refused(ProblemCode.TOO_MANY_REQUESTS), "too-soon"),
        (_refused(ProblemCode.STALE_REVISION), "stale"),
        (_refused(ProblemCode.SUBJECT_EXPIRED), "no-link"),
    ],
)
def test_why_a_number_stays_as_it_was_is_told(
    notices: NoticesDesk, memory: VisitMemory, records: Answering, error: RecordsError, code: str
) -> None:
    records.error = error
    assert notices.check_code(memory, CodeEntry(CODE)) == phone.PhoneNotChanged(code)
    assert notices.remove(memory, 3) == phone.PhoneNotChanged(code)


def test_what_counts_now_is_told(notices: NoticesDesk, memory: VisitMemory, records: Answering) -> None:
    changed = notices.check_code(memory, CodeEntry(CODE))
    assert changed == phone.PhoneChanged(told.Phone("138****1234", due_soon=True, revision=7))
    assert notices.remove(memory, 7) == phone.PhoneChanged(told.Phone())
    assert records.asked == ["subject", ContactCode(code=CODE), "subject", 7]


def test_leaving_ends_the_wait_for_another_code(notices: NoticesDesk) -> None:
    left = Event()
    left.set()
    assert notices.await_another(3600, left) == phone.AnotherCodeAllowed()
