"""The row that a paper is made from, as the screen shows it, and what else a service has to know of records.

Fields stand in the paper's order, each value masking itself.
"""

from collections.abc import Callable
from datetime import date

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import DwellingRequest, HouseholdRecord
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.clock import Clock
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalDate, PersonalText
from civic.period import age_on
from civic.person_name import PersonName
from forms.paper import CHINA_TIME, PaperKind
from kiosk.flows import errand
from kiosk.flows import happenings as h
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.services import evidence
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from terminal.store.audit import Audit, AuditKind


class _Open(Personal):
    """A value that one glance from behind tells nothing new about: shown whole."""

    __slots__ = ()

    def masked(self) -> str:
        return self.reveal()


_WHO = ("name", "sex", "birth_date", "id_number")
_SHOWN: dict[str, tuple[str, ...]] = {
    PaperKind.HOUSEHOLD_CERTIFICATE: (
        *("name", "former_name", "sex", "nation", "birth_date", "id_number", "birthplace", "native_place"),
        *("address", "household_type", "householder", "relation", "moved_in"),
    ),
    PaperKind.TEMPORARY_ID_PROOF: ("name", "sex", "nation", "birth_date", "id_number", "address"),
    PaperKind.NO_CRIMINAL_RECORD: _WHO,
    PaperKind.RESIDENCE_RECEIPT: ("name", "id_number"),
}
"""Fields of the row that each paper will say, in its order."""

_MASKS: dict[str, type[Personal]] = {
    "name": PersonName,
    "former_name": PersonName,
    "id_number": IdNumber,
    "birth_date": PersonalDate,
    "birthplace": PersonalText,
    "native_place": PersonalText,
    "address": PersonalText,
    "householder": PersonName,
    "moved_in": PersonalText,
}


class RecordDesk:
    """Blocking."""

    def __init__(self, session: RecordsSession, papers: PaperDesk, audit: Audit, clock: Clock) -> None:
        self._session = session
        self._papers = papers
        self._audit = audit
        self._clock = clock

    def open(self, memory: VisitMemory, asked: h.OpenRecord) -> h.RecordOpened | h.RecordNotOpened:
        """Fetch the row; refuse before anything is asked when the paper could not be printed right."""
        try:
            record = self._session.record(memory.subject, asked.person)
        except RecordsError as error:
            return h.RecordNotOpened(_why(error))
        if obstacle := self._papers.obstacle(record, asked.kind):
            return h.RecordNotOpened(obstacle)
        self._audit.append(AuditKind.RECORD_READ, visit=memory.visit)
        again = {(each.kind, each.purpose, asked.person): each.serial for each in record.reissues}
        memory.voided = {**memory.voided, **again}
        return h.RecordOpened(own_data(record, asked.kind, self._age))

    def companion(self, memory: VisitMemory) -> errand.CompanionSeen | errand.CompanionRefused:
        """Whose card was read: a grown member of the household, or nobody who matters here. It is let go at once."""
        card = memory.card
        memory.settle()
        if card is None:
            return errand.CompanionRefused("card-not-read")
        try:
            member = self._session.companion(memory.subject, evidence.of_card(card, memory.visit))
        except RecordsRefusedError:
            return errand.CompanionRefused("not-of-household")
        except RecordsError:
            return errand.CompanionRefused("records-unreachable")
        return errand.CompanionSeen(member.handle)

    def find_dwelling(self, entry: DwellingEntry) -> errand.DwellingFound | errand.DwellingNotFound:
        """The flat with this door."""
        building, unit, room = entry.texts
        try:
            found = self._session.dwelling(DwellingRequest(building=building, unit=unit, room=room))
        except RecordsRefusedError as error:
            return errand.DwellingNotFound(error.problem.code.value)
        except RecordsError:
            return errand.DwellingNotFound("records-unreachable")
        return errand.DwellingFound(errand.Dwelling(found.id, PersonalText(found.address)))

    def _age(self, born: date) -> int:
        return age_on(born, self._clock.now().astimezone(CHINA_TIME).date())


def own_data(record: HouseholdRecord, kind: str, age: Callable[[date], int]) -> h.OwnData:
    """The fields that have a value, in the paper's order. ``age``: of somebody born on a day."""
    values = ((name, _text(record, name)) for name in _SHOWN[kind])
    return h.OwnData(
        tuple(h.OwnField(name, masking(_MASKS.get(name, _Open), text)) for name, text in values if text.strip()),
        tuple(each.purpose for each in record.reissues if each.kind == kind),
        tuple(h.Child(each.handle, masking(PersonName, each.name), age(each.birth_date)) for each in record.children),
        tuple(h.Member(each.handle, each.relation, each.name, each.adult) for each in record.members),
        next((each.why.value for each in record.closed if each.kind == kind), ""),
    )


def _text(record: HouseholdRecord, name: str) -> str:
    if name == "birth_date":
        born = record.birth_date
        return f"{born.year}年{born.month}月{born.day}日"
    return str(getattr(record, name))


def _why(error: RecordsError) -> str:
    if not isinstance(error, RecordsRefusedError):
        return "records-unreachable"
    return "record-unclear" if error.problem.code is ProblemCode.RECORD_UNCLEAR else "records-refused"


def masking(kind: type[Personal], text: str) -> Personal:
    """The register may hold what no rule of ours allows for; the resident is to see it all the same, masked whole."""
    try:
        return kind(text)
    except InvalidValueError:
        return Personal(text)
