"""Who is meant, as the register has them: asked before the transaction, since the register may be elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend_client.contract.intakes import (
    Comer,
    Content,
    DepartureContent,
    OccupantContent,
    TenancyContent,
)
from civic.document import DocumentKind
from records.context import Records
from records.population.source import Resident
from records.rules import household
from records.rules.periods import bureau_time
from records.rules.tenancies import QueueKind
from records.services.declarants import person_of
from records.services.evidence import holder
from records.store import rights

_CITIZENS: Final = frozenset({DocumentKind.RESIDENT_CARD, DocumentKind.NUMBER})


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is to live there. ``asks``: they must say yes themselves, since their document was not read;
    ``queue``: why an officer has to look first, None: nobody has."""

    person_id: str
    asks: bool
    queue: QueueKind | None


@dataclass(frozen=True, slots=True)
class Understood:
    """Who hands something in, by the register. ``person_id``: empty, nobody whom it knows; ``living``; ``grown``;
    ``proven``: a face was compared; ``comers``: in their order; ``minors``: who of a tenancy's people can't answer for
    themselves; ``wards``: the children whose guardian they are; who is grown up is nobody's, whatever the register
    still says; ``unknown``: which officers look at it where the register does not know them; ``born``: as it has it."""

    person_id: str
    living: bool
    grown: bool
    proven: bool
    comers: tuple[Known, ...] = ()
    minors: frozenset[str] = frozenset()
    wards: frozenset[str] = frozenset()
    unknown: QueueKind = QueueKind.UNKNOWN_PERSON
    born: date | None = None


def understand(records: Records, content: Content) -> Understood:
    """What the register says of everybody in it. PopulationAwayError: nothing, just now."""
    person_id = person_of(records, content.who)
    person = records.register.resident(person_id) if person_id else None
    today = bureau_time(records.clock.now()).date()
    children = records.register.children(person_id) if person_id else ()
    coming = content.comers if isinstance(content, TenancyContent | OccupantContent) else ()
    wards = frozenset(each.person_id for each in children if not household.of_age(each, today))
    return Understood(
        person_id=person_id if person is not None else "",
        living=person is not None and not person.deceased,
        grown=person is not None and household.of_age(person, today),
        proven=content.who.proven,
        comers=tuple(_known(records, each, wards, today) for each in coming),
        minors=_minors(records, content, today),
        wards=wards,
        unknown=_unknown(content.who.document),
        born=person.birth_date if person is not None else None,
    )


def _known(records: Records, comer: Comer, wards: frozenset[str], today: date) -> Known:
    person = _person(records, comer)
    if person is None or person.deceased or person.unclear:
        return Known("", asks=False, queue=_unknown(comer.document))
    if household.of_age(person, today):
        return Known(person.person_id, asks=comer.guardian or comer.document is DocumentKind.NUMBER, queue=None)
    return Known(person.person_id, asks=False, queue=None if person.person_id in wards else QueueKind.MINOR)


def _unknown(document: DocumentKind) -> QueueKind:
    """Where an officer looks at somebody whom the register does not know, or says nothing of."""
    return QueueKind.UNKNOWN_PERSON if document in _CITIZENS else QueueKind.FOREIGN


def _person(records: Records, comer: Comer) -> Resident | None:
    """By the document alone: a name that was typed finds nobody."""
    return holder(records, comer.document, comer.issuing_state, comer.number)


def _minors(records: Records, content: Content, today: date) -> frozenset[str]:
    """Of everybody with a right by a tenancy that its landlord wants to end."""
    if not isinstance(content, DepartureContent) or content.tenancy is None:
        return frozenset()
    with records.database.reading() as transaction:
        people = {each.person_id for each in rights.of_tenancy(transaction, content.tenancy)}
    return frozenset(_below_age(records, people, today))


def _below_age(records: Records, people: Iterable[str], today: date) -> Iterable[str]:
    for each in people:
        person = records.register.resident(each)
        if person is not None and not household.of_age(person, today):
            yield each
