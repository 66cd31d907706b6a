"""Who is hidden, since when and under which ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from records.store import counters
from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.persons import protections


class Basis(StrEnum):
    """Why somebody is hidden."""

    PROTECTION_ORDER = "protection-order"  # a court's, 反家庭暴力法 art. 23
    DISPUTED_GUARDIANSHIP = "disputed-guardianship"  # of a child, until it is decided


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """A protection. ``until``: its last day, None: until it is ended."""

    person_id: str
    basis: Basis
    ticket: str
    since: datetime
    until: date | None
    asked_by: str
    approved_by: str


def add(transaction: Transaction, row: ProtectionRow) -> None:
    """Hide somebody from now on."""
    values = {name: getattr(row, name) for name in ProtectionRow.__slots__}
    following = counters.following(transaction, "protection")
    insert = sa.insert(protections).values(community_id=transaction.community, protection_id=following, **values)
    transaction.connection.execute(insert)


def end(transaction: Transaction, person_id: str, by: str, at: datetime) -> None:
    """Hide somebody no longer, under whatever ticket it was. Of who is not hidden, nothing changes."""
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None))
    ending = sa.update(protections).where(*mine, protections.c.person_id == person_id)
    transaction.connection.execute(ending.values(ended_at=at, ended_by=by))


def hidden_by(transaction: Transaction, officer_id: str) -> set[str]:
    """Whom this account asked to hide, or agreed to, and who still is."""
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None))
    own = sa.or_(protections.c.asked_by == officer_id, protections.c.approved_by == officer_id)
    return set(transaction.connection.scalars(sa.select(protections.c.person_id).where(*mine, own)))


def hidden(transaction: Transaction, today: date) -> dict[str, frozenset[str]]:
    """Everybody who is hidden on that day of the bureau's, and under which tickets: some dozens in a community."""
    still = sa.or_(protections.c.until.is_(None), protections.c.until >= today)
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None), still)
    rows = transaction.connection.execute(sa.select(protections.c.person_id, protections.c.ticket).where(*mine))
    tickets: dict[str, frozenset[str]] = {}
    for person_id, ticket in rows:
        tickets[person_id] = tickets.get(person_id, frozenset()) | {ticket}
    return tickets
