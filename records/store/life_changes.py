"""What an event changes in rows of a person that stand elsewhere: each function one change, and what undoes it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend_client.contract.papers import PaperState
from records.store import counters
from records.store.applications import ApplicationState
from records.store.database import Transaction
from records.store.papers import PaperRow
from records.store.residents import DocumentRow
from records.store.rows import columns, of_community
from records.store.tables.issuing import applications, papers
from records.store.tables.persons import protections
from records.store.tables.register import guardianships, person_documents, residences, residents
from records.store.tables.visiting import companions, tries, visits


def end_visits(transaction: Transaction, person_id: str, at: datetime) -> None:
    """Whoever stands at a kiosk as this person begins anew."""
    mine = (of_community(visits, transaction), visits.c.person_id == person_id, visits.c.expires_at > at)
    transaction.connection.execute(sa.update(visits).where(*mine).values(expires_at=at))


def forget_beside(transaction: Transaction, person_id: str) -> None:
    """Their card was not read beside anybody's visit."""
    mine = (of_community(companions, transaction), companions.c.person_id == person_id)
    transaction.connection.execute(sa.delete(companions).where(*mine))


def papers_that_count(transaction: Transaction, person_id: str, today: date) -> list[PaperRow]:
    """Those that somebody asked for, or that are about them: open, or delivered and still valid."""
    theirs = sa.or_(papers.c.person_id == person_id, papers.c.about_id == person_id)
    count = (papers.c.state != PaperState.VOID, papers.c.valid_until >= today)
    query = columns(papers, PaperRow).where(of_community(papers, transaction), theirs, *count)
    rows = transaction.connection.execute(query.order_by(papers.c.reserved_at, papers.c.serial))
    return [PaperRow(**{**row._asdict(), "state": PaperState(row.state)}) for row in rows]


def end_applications(transaction: Transaction, person_id: str) -> None:
    """Nobody comes for the answers any more; what was found is forgotten."""
    waiting = applications.c.state != ApplicationState.HANDED_OVER.value
    mine = (of_community(applications, transaction), applications.c.person_id == person_id, waiting)
    transaction.connection.execute(sa.delete(applications).where(*mine))


def end_residences(transaction: Transaction, person_id: str, day: date) -> list[str]:
    """They live nowhere any more; where they did."""
    mine = (of_community(residences, transaction), residences.c.person_id == person_id, residences.c.ended_on.is_(None))
    lived = list(transaction.connection.scalars(sa.select(residences.c.dwelling_id).where(*mine)))
    transaction.connection.execute(sa.update(residences).where(*mine).values(ended_on=day))
    return lived


def live_again(transaction: Transaction, person_id: str, dwelling_ids: Collection[str]) -> None:
    """They did not leave."""
    mine = (of_community(residences, transaction), residences.c.person_id == person_id)
    there = residences.c.dwelling_id.in_(dwelling_ids)
    transaction.connection.execute(sa.update(residences).where(*mine, there).values(ended_on=None))


# --- the register ----------------------------------------------------------------------------------------------------


def change_row(transaction: Transaction, person_id: str, values: Mapping[str, Any]) -> None:
    """Columns of a person's own row."""
    mine = (of_community(residents, transaction), residents.c.person_id == person_id)
    transaction.connection.execute(sa.update(residents).where(*mine).values(**values))


def name_householder(transaction: Transaction, household: str, before: str, name: str) -> None:
    """The householder of a household is called otherwise, on each row of it."""
    mine = (of_community(residents, transaction), residents.c.household == household)
    theirs = residents.c.householder == before
    transaction.connection.execute(sa.update(residents).where(*mine, theirs).values(householder=name))


def wards_of(transaction: Transaction, person_id: str) -> list[str]:
    """Whose guardian somebody is."""
    mine = (of_community(guardianships, transaction), guardianships.c.guardian_id == person_id)
    return sorted(transaction.connection.scalars(sa.select(guardianships.c.child_id).where(*mine)))


def guardians_of(transaction: Transaction, person_id: str) -> list[str]:
    """Who is somebody's guardian."""
    mine = (of_community(guardianships, transaction), guardianships.c.child_id == person_id)
    return sorted(transaction.connection.scalars(sa.select(guardianships.c.guardian_id).where(*mine)))


def end_guardianship(transaction: Transaction, child_id: str, guardian_id: str) -> None:
    """Not their guardian any more."""
    mine = (of_community(guardianships, transaction), guardianships.c.child_id == child_id)
    transaction.connection.execute(sa.delete(guardianships).where(*mine, guardianships.c.guardian_id == guardian_id))


def forget_documents(transaction: Transaction, person_id: str) -> list[DocumentRow]:
    """They are found by no passport; what they were."""
    mine = (of_community(person_documents, transaction), person_documents.c.person_id == person_id)
    found = transaction.connection.execute(columns(person_documents, DocumentRow).where(*mine)).all()
    transaction.connection.execute(sa.delete(person_documents).where(*mine))
    return [DocumentRow(*row) for row in found]


# --- what goes by the number -----------------------------------------------------------------------------------------


def move_tries(transaction: Transaction, before: str, now: str) -> None:
    """What was tried at the old number, its owner hears of under the new one (both: keyed hashes)."""
    mine = (of_community(tries, transaction), tries.c.number_hash == before)
    transaction.connection.execute(sa.update(tries).where(*mine).values(number_hash=now))


def hide_by(transaction: Transaction, before: str, now: str, person_id: str) -> list[int]:
    """Who is hidden under either number is so under both: what still states the old one stays hidden with them.
    Keyed hashes; which protections were added."""
    theirs = sa.or_(protections.c.number_hash.in_((before, now)), protections.c.person_id == person_id)
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None), theirs)
    transaction.connection.execute(sa.update(protections).where(*mine).values(person_id=person_id))
    rows = transaction.connection.execute(sa.select(protections).where(*mine)).mappings().all()
    added = [counters.following(transaction, "protection") for _ in rows]
    copies = [{**row, "protection_id": new, "number_hash": now} for row, new in zip(rows, added, strict=True)]
    if copies:
        transaction.connection.execute(sa.insert(protections), copies)
    return added


def hide_no_more_by(transaction: Transaction, added: Collection[int], by: str, at: datetime) -> None:
    """Those that were added are over, and none beside them. Whoever was hidden meanwhile is by their person."""
    mine = (of_community(protections, transaction), protections.c.protection_id.in_(added))
    ending = sa.update(protections).where(*mine, protections.c.ended_at.is_(None))
    transaction.connection.execute(ending.values(ended_at=at, ended_by=by))
