"""The seeded population: residents and their portraits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from civic.document import DocumentKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import as_record, columns, of_community
from records.store.tables.register import guardianships, person_documents, portraits, residents


@dataclass(frozen=True, slots=True, repr=False)
class DocumentRow:
    """A document that a person is known by. Never printed."""

    kind: DocumentKind
    issuing_state: str
    number: str
    person_id: str


@dataclass(frozen=True, slots=True, repr=False)
class ResidentRow:
    """One person's row as it is stored. Never printed."""

    person_id: str
    id_number: str
    name: str
    former_name: str
    sex: str
    nation: str
    birth_date: date
    birthplace: str
    native_place: str
    address: str
    household_type: str
    household: str
    householder: str
    relation: str
    moved_in: str
    unclear: bool
    synthetic: bool
    latin_name: str = ""
    deceased: bool = False
    division: str = ""


def by_number(transaction: Transaction, id_number: str) -> ResidentRow | None:
    """The row of a citizen number."""
    return _one(transaction, residents.c.id_number == id_number)


def by_person(transaction: Transaction, person_id: str) -> ResidentRow | None:
    """The row of a person's number in these records."""
    return _one(transaction, residents.c.person_id == person_id)


def by_document(transaction: Transaction, kind: DocumentKind, issuing_state: str, number: str) -> ResidentRow | None:
    """The row of whom a document was issued to."""
    holder = sa.select(person_documents.c.person_id).where(
        of_community(person_documents, transaction),
        person_documents.c.kind == kind,
        person_documents.c.issuing_state == issuing_state,
        person_documents.c.number == number,
    )
    return _one(transaction, residents.c.person_id == holder.scalar_subquery())


def add_document(transaction: Transaction, document: DocumentRow) -> None:
    """Remember a document of a person. One number of one state is one person's."""
    add_row(transaction, person_documents, document)


def numbers(transaction: Transaction) -> dict[str, str]:
    """Every citizen number that has a row, and whose it is."""
    query = sa.select(residents.c.id_number, residents.c.person_id).where(of_community(residents, transaction))
    return {row.id_number: row.person_id for row in transaction.connection.execute(query)}


def numbers_of(transaction: Transaction, people: Collection[str]) -> dict[str, str]:
    """The citizen number of each of ``people``, and whose it is."""
    query = sa.select(residents.c.id_number, residents.c.person_id)
    mine = query.where(of_community(residents, transaction), residents.c.person_id.in_(people))
    return {row.id_number: row.person_id for row in transaction.connection.execute(mine)}


def children(transaction: Transaction, guardian_id: str) -> list[ResidentRow]:
    """The rows of those whose guardian somebody is, the eldest first."""
    whose = sa.select(guardianships.c.child_id).where(
        of_community(guardianships, transaction), guardianships.c.guardian_id == guardian_id
    )
    return _some(transaction, residents.c.person_id.in_(whose))


def household(transaction: Transaction, household_id: str) -> list[ResidentRow]:
    """The rows of a household, the eldest first."""
    return _some(transaction, residents.c.household == household_id) if household_id else []


def guardians(transaction: Transaction) -> set[tuple[str, str]]:
    """Every child with each of its guardians."""
    query = sa.select(guardianships.c.child_id, guardianships.c.guardian_id)
    rows = transaction.connection.execute(query.where(of_community(guardianships, transaction)))
    return {(row.child_id, row.guardian_id) for row in rows}


def add_guardian(transaction: Transaction, child_id: str, guardian_id: str) -> None:
    """Record a guardianship."""
    row = {"community_id": transaction.community, "child_id": child_id, "guardian_id": guardian_id}
    transaction.connection.execute(sa.insert(guardianships).values(row))


def has_portrait(transaction: Transaction, person_id: str) -> bool:
    """Whether a portrait is stored, without reading it."""
    mine = (of_community(portraits, transaction), portraits.c.person_id == person_id)
    return (
        transaction.connection.execute(sa.select(sa.literal(1)).select_from(portraits).where(*mine)).first() is not None
    )


def portrait(transaction: Transaction, person_id: str) -> bytes | None:
    """The portrait as JPEG."""
    mine = (of_community(portraits, transaction), portraits.c.person_id == person_id)
    return transaction.connection.execute(sa.select(portraits.c.jpeg).where(*mine)).scalar()


def add_portrait(transaction: Transaction, person_id: str, jpeg: bytes) -> None:
    """Store a portrait for a person who has none."""
    row = {"community_id": transaction.community, "person_id": person_id, "jpeg": jpeg}
    transaction.connection.execute(sa.insert(portraits).values(row))


def _one(transaction: Transaction, condition: sa.ColumnElement[bool]) -> ResidentRow | None:
    query = columns(residents, ResidentRow).where(of_community(residents, transaction), condition)
    return as_record(ResidentRow, transaction.connection.execute(query).first())


def _some(transaction: Transaction, condition: sa.ColumnElement[bool]) -> list[ResidentRow]:
    query = columns(residents, ResidentRow).where(of_community(residents, transaction), condition)
    rows = transaction.connection.execute(query.order_by(residents.c.birth_date, residents.c.person_id))
    return [ResidentRow(*row) for row in rows]
