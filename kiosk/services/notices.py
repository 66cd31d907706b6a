"""What records have to tell whoever is proven in this visit, and the number of their phone. Nothing of it is kept."""

import math
from threading import Event

from backend_client.contract.base import ProblemCode
from backend_client.contract.messages import Contact, ContactCode, ContactRequest, Message, MessageKind
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from kiosk.flows import notices as flow
from kiosk.flows import phone, told
from kiosk.flows.phone_entry import CodeEntry
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

_NOT_SENT = {
    ProblemCode.TOO_MANY_REQUESTS: "too-many",
    ProblemCode.CONTACT_UNREACHABLE: "no-texts",
    ProblemCode.STALE_REVISION: "stale",
}
_NOT_CHANGED = {
    ProblemCode.CONTACT_CODE_WRONG: "wrong-code",
    ProblemCode.TOO_MANY_REQUESTS: "too-soon",
    ProblemCode.STALE_REVISION: "stale",
}


class NoticesDesk:
    """Blocking."""

    def __init__(self, session: RecordsSession, audit: Audit) -> None:
        self._session = session
        self._audit = audit

    def open(self, memory: VisitMemory) -> flow.NoticesOpened | flow.NoticesNotOpened:
        """All that there is to tell."""
        try:
            messages = self._session.messages(memory.subject).messages
            contact = self._session.contact(memory.subject)
        except RecordsError as error:
            return flow.NoticesNotOpened(_why(error))
        self._audit.append(AuditKind.RECORD_READ, visit=memory.visit)
        notices = tuple(_notice(each) for each in messages if each.kind is not MessageKind.READ)
        looks = tuple(_look(each) for each in messages if each.kind is MessageKind.READ)
        return flow.NoticesOpened(told.Opened(notices, looks, _phone(contact)))

    def send_code(self, memory: VisitMemory, asked: phone.SendCode) -> phone.CodeSent | phone.CodeNotSent:
        """Have a code sent to what was typed."""
        request = ContactRequest(number=asked.entry.number.reveal(), language=asked.language)
        try:
            sent = self._session.send_code(memory.subject, request, asked.revision)
        except RecordsRefusedError as error:
            return phone.CodeNotSent(_NOT_SENT.get(error.problem.code, "no-texts"))
        except RecordsError:
            return phone.CodeNotSent("no-link")
        return phone.CodeSent(max(0, math.ceil((sent.again_at - sent.server_time).total_seconds())))

    def await_another(self, seconds: int, cancel: Event) -> phone.AnotherCodeAllowed:
        """Let so many seconds pass."""
        cancel.wait(seconds)
        return phone.AnotherCodeAllowed()

    def check_code(self, memory: VisitMemory, code: CodeEntry) -> phone.PhoneChanged | phone.PhoneNotChanged:
        """Whether it is the code that was sent."""
        try:
            return phone.PhoneChanged(
                _phone(self._session.verify_contact(memory.subject, ContactCode(code=code.digits)))
            )
        except RecordsError as error:
            return phone.PhoneNotChanged(_unchanged(error))

    def remove(self, memory: VisitMemory, revision: int) -> phone.PhoneChanged | phone.PhoneNotChanged:
        """No number any more."""
        try:
            self._session.remove_contact(memory.subject, revision)
        except RecordsError as error:
            return phone.PhoneNotChanged(_unchanged(error))
        return phone.PhoneChanged(told.Phone())


def _notice(message: Message) -> told.Notice:
    return told.Notice(message.kind.value, message.at, message.ref, message.state)


def _look(message: Message) -> told.Look:
    return told.Look(message.at, message.reader, message.purpose, message.ticket)


def _phone(contact: Contact) -> told.Phone:
    return told.Phone(contact.masked, contact.due, contact.due_soon, contact.revision)


def _why(error: RecordsError) -> str:
    if not isinstance(error, RecordsRefusedError):
        return "records-unreachable"
    return "record-unclear" if error.problem.code is ProblemCode.RECORD_UNCLEAR else "records-refused"


def _unchanged(error: RecordsError) -> str:
    """Records that say no for another reason are as little use now as none."""
    return _NOT_CHANGED.get(error.problem.code, "no-link") if isinstance(error, RecordsRefusedError) else "no-link"
