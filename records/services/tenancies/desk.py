"""What officers see of flats at the console: a queue for each reason for which no rule could decide, and two lists of
what holds nothing up. Nobody is named in them beyond a mask.

Of who is hidden nothing is counted or listed, but what they handed in themselves to the two accounts that hid them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from records.context import Records
from records.rules.roles import Right
from records.rules.tenancies import TOLD_ONLY, QueueKind
from records.services import hiding, intake_deciding
from records.services.intake_deciding import Queue
from records.services.sessions import Session
from records.services.tenancies.work import Work, begun, hidden, neighbours
from records.store import dwellings, intakes, rights, tenancies
from records.store.dwellings import DwellingRow
from records.store.intakes import Among

DECIDED: Final = tuple(each for each in QueueKind if each not in TOLD_ONLY)
"""The queues in which an officer decides something, in the order of the page."""
LISTED: Final = tuple(each for each in QueueKind if each in TOLD_ONLY)
_MOST: Final = 500  # of intakes or flats that are looked through for one page


@dataclass(frozen=True, slots=True)
class Listed:
    """A flat that the housing department is to hear of. ``starts_on``, ``ends_on``: of its tenancy, None: it is listed
    for its people alone; ``people``: with a right there."""

    flat: DwellingRow
    starts_on: date | None
    ends_on: date | None
    people: int


def counts(records: Records, session: Session) -> dict[QueueKind, int]:
    """How many wait in each queue, and stand on each list. PopulationAwayError: as ``hiding.complete``."""
    session.needs(Right.INTAKES)
    hiding.complete(records)
    queued = Among(queues=frozenset(DECIDED))
    with records.database.reading() as transaction:
        seen = intake_deciding.sight(records, transaction, session)
        found = Counter(each.queue for each in intakes.undecided(transaction, _MOST, None, queued) if seen(each))
    told = {kind: len(listed(records, session, kind)) for kind in LISTED}
    return {kind: told.get(kind, found[kind.value]) for kind in QueueKind}


def queue(records: Records, session: Session, kind: QueueKind, behind: str = "") -> Queue:
    """Those that wait in one queue. PopulationAwayError: as ``hiding.complete``."""
    return intake_deciding.queue(records, session, behind, Among(queues=frozenset({kind.value})))


def listed(records: Records, session: Session, kind: QueueKind) -> list[Listed]:
    """What is told only: nothing is decided here."""
    session.needs(Right.INTAKES)
    with records.database.reading() as transaction:
        work = begun(records, transaction)
        return list(_crowded(work) if kind is QueueKind.TOO_MANY else _without_filing(work))


def _crowded(work: Work) -> Iterator[Listed]:
    for dwelling_id in rights.crowded(work.transaction, work.rules.most_people, _MOST):
        people, flat = neighbours(work, dwelling_id), dwellings.by_id(work.transaction, dwelling_id)
        if flat is not None and len(people) > work.rules.most_people and not hidden(work, people):
            yield Listed(flat, None, None, len(people))


def _without_filing(work: Work) -> Iterator[Listed]:
    for row in tenancies.without_filing(work.transaction, _MOST):
        people = {each.person_id for each in rights.of_tenancy(work.transaction, row.tenancy_id)}
        flat = dwellings.by_id(work.transaction, row.dwelling_id)
        if flat is not None and not hidden(work, {row.tenant_id, *people}):
            yield Listed(flat, row.starts_on, row.ends_on, len(people))
