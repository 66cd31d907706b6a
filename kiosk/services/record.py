"""The resident's own row, as the screen shows it: in the paper's order, each value masking itself."""

from backend_client.contract.persons import HouseholdRecord
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalDate, PersonalText
from civic.person_name import PersonName
from kiosk.flows import happenings as h
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from terminal.store.audit import Audit, AuditKind


class _Open(Personal):
    """A value that one glance from behind tells nothing new about: shown whole."""

    __slots__ = ()

    def masked(self) -> str:
        return self.reveal()


class RecordDesk:
    """Blocking."""

    def __init__(self, session: RecordsSession, papers: PaperDesk, audit: Audit) -> None:
        self._session = session
        self._papers = papers
        self._audit = audit

    def open(self, memory: VisitMemory) -> h.RecordOpened | h.RecordNotOpened:
        """Fetch the own row; refuse before anything is asked when the paper could not be printed right."""
        try:
            record = self._session.record(memory.subject)
        except RecordsError as error:
            refused = isinstance(error, RecordsRefusedError)
            return h.RecordNotOpened("records-refused" if refused else "records-unreachable")
        if obstacle := self._papers.obstacle(record):
            return h.RecordNotOpened(obstacle)
        self._audit.append(AuditKind.RECORD_READ, visit=memory.visit)
        memory.voided = {(each.kind, each.purpose): each.serial for each in record.reissues}
        return h.RecordOpened(own_data(record))


def own_data(record: HouseholdRecord) -> h.OwnData:
    """The fields that have a value, in the paper's order."""
    born = record.birth_date
    values: tuple[tuple[str, type[Personal], str], ...] = (
        ("name", PersonName, record.name),
        ("former_name", PersonName, record.former_name),
        ("sex", _Open, record.sex),
        ("nation", _Open, record.nation),
        ("birth_date", PersonalDate, f"{born.year}年{born.month}月{born.day}日"),
        ("id_number", IdNumber, record.id_number),
        ("birthplace", PersonalText, record.birthplace),
        ("native_place", PersonalText, record.native_place),
        ("address", PersonalText, record.address),
        ("household_type", _Open, record.household_type),
        ("householder", PersonName, record.householder),
        ("relation", _Open, record.relation),
        ("moved_in", PersonalText, record.moved_in),
    )
    fields = tuple(h.OwnField(name, _masking(kind, text)) for name, kind, text in values if text.strip())
    return h.OwnData(fields, reissue_waits=bool(record.reissues))


def _masking(kind: type[Personal], text: str) -> Personal:
    """The register may hold what no rule of ours allows for; the resident is to see it all the same, masked whole."""
    try:
        return kind(text)
    except InvalidValueError:
        return Personal(text)
