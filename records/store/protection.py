"""Who is hidden, since when and under which ticket: by the number, which may come to the register later, and by the
person, whose number may change."""

from collections import defaultdict
from collections.abc import Iterable
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
class Whose:
    """Somebody: ``number_hash``, keyed, of the citizen number; ``person_id``: empty where the register has no such
    number."""

    number_hash: str
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """A protection. ``until``: its last day, None: until it is ended."""

    whose: Whose
    basis: Basis
    ticket: str
    since: datetime
    until: date | None
    asked_by: str
    approved_by: str


class Hidden:
    """Everybody who is hidden at one time: some dozens in a community."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """``rows``: person, number and ticket of each."""
        found: dict[str, set[str]] = defaultdict(set)
        for person_id, number_hash, ticket in rows:
            for key in filter(None, (person_id, number_hash)):
                found[key].add(ticket)
        self._tickets = {key: frozenset(tickets) for key, tickets in found.items()}

    def tickets(self, person_id: str, number_hash: str) -> frozenset[str]:
        """Under which somebody is hidden; none: they are not."""
        return self._tickets.get(person_id, _NONE) | self._tickets.get(number_hash, _NONE)


def add(transaction: Transaction, row: ProtectionRow) -> int:
    """Hide somebody from now on; which protection it is."""
    own = {name: getattr(row, name) for name in ProtectionRow.__slots__ if name != "whose"}
    values = {**own, "number_hash": row.whose.number_hash, "person_id": row.whose.person_id}
    following = counters.following(transaction, "protection")
    insert = sa.insert(protections).values(community_id=transaction.community, protection_id=following, **values)
    transaction.connection.execute(insert)
    return following


def know(transaction: Transaction, whose: Whose) -> None:
    """The register has a number by now that was hidden before: whose it is stands there from now on."""
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None))
    nobodys = (protections.c.person_id == "", protections.c.number_hash == whose.number_hash)
    changing = sa.update(protections).where(*mine, *nobodys).values(person_id=whose.person_id)
    transaction.connection.execute(changing)


def end(transaction: Transaction, whose: Whose, by: str, at: datetime) -> None:
    """Hide somebody no longer, under whatever ticket it was. Of who is not hidden, nothing changes."""
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None))
    theirs = sa.or_(
        protections.c.number_hash == whose.number_hash,
        sa.and_(protections.c.person_id == whose.person_id, protections.c.person_id != ""),
    )
    transaction.connection.execute(sa.update(protections).where(*mine, theirs).values(ended_at=at, ended_by=by))


def hidden(transaction: Transaction, today: date) -> Hidden:
    """Everybody who is hidden on that day of the bureau's, as they were named."""
    return Hidden(standing(transaction, today))


def standing(transaction: Transaction, today: date, by: str = "") -> list[tuple[str, str, str]]:
    """Person, number and ticket of each that holds on that day of the bureau's. ``by``: which this account asked for,
    or agreed to."""
    still = sa.or_(protections.c.until.is_(None), protections.c.until >= today)
    mine = [of_community(protections, transaction), protections.c.ended_at.is_(None), still]
    if by:
        mine.append(sa.or_(protections.c.asked_by == by, protections.c.approved_by == by))
    asked = sa.select(protections.c.person_id, protections.c.number_hash, protections.c.ticket)
    rows = transaction.connection.execute(asked.where(*mine))
    return [(row.person_id, row.number_hash, row.ticket) for row in rows]


def without_number(transaction: Transaction) -> set[str]:
    """Who is hidden by their person alone."""
    mine = (of_community(protections, transaction), protections.c.ended_at.is_(None), protections.c.number_hash == "")
    return set(transaction.connection.scalars(sa.select(protections.c.person_id).where(*mine)))


def give_number(transaction: Transaction, person_id: str, number_hash: str) -> None:
    """They are hidden by that number too."""
    mine = (of_community(protections, transaction), protections.c.person_id == person_id)
    bare = (protections.c.ended_at.is_(None), protections.c.number_hash == "")
    transaction.connection.execute(sa.update(protections).where(*mine, *bare).values(number_hash=number_hash))


_NONE: frozenset[str] = frozenset()
