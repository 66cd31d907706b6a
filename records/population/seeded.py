"""The population source that comes with the service: its own tables, filled by ``records seed``."""

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.person_name import PersonName
from records.population import nobody
from records.population.source import Resident
from records.store import residents
from records.store.database import Database
from records.store.residents import ResidentRow


class SeededPopulation:
    """Residents out of records' own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, id_number: IdNumber) -> Resident | None:
        """The person of a citizen number."""
        with self._database.reading() as transaction:
            row = residents.by_number(transaction, id_number.reveal())
        found = _resident(row or nobody.ROW)  # the same work, whether anyone has the number
        return None if row is None else found

    def find_document(self, kind: DocumentKind, issuing_state: str, number: str) -> Resident | None:
        """The person to whom a state issued a document."""
        with self._database.reading() as transaction:
            row = residents.by_document(transaction, kind, document_text(issuing_state), document_text(number))
        return None if row is None else _resident(row)

    def resident(self, person_id: str) -> Resident | None:
        """The person of a handle."""
        with self._database.reading() as transaction:
            row = residents.by_person(transaction, person_id)
        return None if row is None else _resident(row)

    def children(self, person_id: str) -> tuple[Resident, ...]:
        """Whose recorded guardian a person is."""
        with self._database.reading() as transaction:
            rows = residents.children(transaction, person_id)
        return tuple(_resident(each) for each in rows)

    def household(self, person_id: str) -> tuple[Resident, ...]:
        """The others of a person's household."""
        with self._database.reading() as transaction:
            own = residents.by_person(transaction, person_id)
            rows = [] if own is None else residents.household(transaction, own.household)
        return tuple(_resident(each) for each in rows if each.person_id != person_id)

    def has_portrait(self, person_id: str) -> bool:
        """Whether there is a portrait, without reading it."""
        with self._database.reading() as transaction:
            return residents.has_portrait(transaction, person_id)

    def portrait(self, person_id: str) -> PersonalBytes | None:
        """The portrait as JPEG."""
        with self._database.reading() as transaction:
            jpeg = residents.portrait(transaction, person_id)
        return None if jpeg is None else PersonalBytes(jpeg)

    def nobody(self, number_hash: str) -> str:
        """One of the portraits of nobody that the store was filled with."""
        return nobody.handle(int(number_hash, 16) % nobody.COUNT)


def document_text(text: str) -> str:
    """A state's letters or a document's number as they are compared: large, without fillers."""
    return "".join(text.upper().replace("<", "").split())


def _resident(row: ResidentRow) -> Resident:
    return Resident(
        person_id=row.person_id,
        id_number=IdNumber(row.id_number),
        name=PersonName(row.name),
        former_name=PersonalText(row.former_name),
        sex=PersonalText(row.sex),
        nation=PersonalText(row.nation),
        birth_date=row.birth_date,
        birthplace=PersonalText(row.birthplace),
        native_place=PersonalText(row.native_place),
        address=PersonalText(row.address),
        household_type=PersonalText(row.household_type),
        householder=PersonalText(row.householder),
        relation=PersonalText(row.relation),
        moved_in=PersonalText(row.moved_in),
        unclear=row.unclear,
        latin_name=PersonalText(row.latin_name),
        deceased=row.deceased,
        division=row.division,
    )
