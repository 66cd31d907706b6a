"""A person's page at the console: as much of them as the purpose opens."""

from dataclasses import dataclass

from records.context import Records
from records.population.source import Resident
from records.rules import household, visibility
from records.rules.purposes import View
from records.services import looking, paper_desk
from records.services.looking import Why
from records.services.sessions import Session
from records.store import dwellings, houses, papers
from records.store.dwellings import DwellingRow
from records.store.houses import LivesRow
from records.store.papers import PaperRow


@dataclass(frozen=True, slots=True)
class Beside:
    """Another of the household, who masks themselves. ``handle``: for looking at them, which is a look of its own."""

    handle: str
    person: Resident


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody says that they live."""

    flat: DwellingRow
    lives: LivesRow


@dataclass(frozen=True, slots=True)
class Opened:
    """A person, as far as ``views`` go; what they do not open is empty and was not read. ``handle``: for what may be
    asked of them besides."""

    person: Resident
    handle: str
    given: Why
    views: frozenset[View]
    members: tuple[Beside, ...]
    homes: tuple[Home, ...]
    papers: tuple[PaperRow, ...]


def opened(records: Records, session: Session, person: Resident, given: Why) -> Opened:
    """What a look that ``records.services.reading`` let through shows."""
    views = visibility.views(session.officer.role, given.purpose)
    return Opened(
        person=person,
        handle=looking.seal(records, session, person.person_id, given),
        given=given,
        views=views,
        members=_members(records, session, person, given) if View.HOUSEHOLD in views else (),
        homes=_homes(records, person) if View.DWELLING in views else (),
        papers=_papers(records, person) if View.PAPERS in views else (),
    )


def _members(records: Records, session: Session, person: Resident, given: Why) -> tuple[Beside, ...]:
    others = household.in_order(records.population.household(person.person_id))
    return tuple(Beside(looking.seal(records, session, each.person_id, given), each) for each in others)


def _homes(records: Records, person: Resident) -> tuple[Home, ...]:
    with records.database.reading() as transaction:
        rows = houses.home_of(transaction, person.person_id)
        found = [(each, dwellings.by_id(transaction, each.dwelling_id)) for each in rows]
    return tuple(Home(flat, lives) for lives, flat in found if flat is not None)


def _papers(records: Records, person: Resident) -> tuple[PaperRow, ...]:
    """What they asked for, or others for them, unless another of those is hidden: a serial names its kiosk."""
    with records.database.reading() as transaction:
        return tuple(
            paper_desk.seen(records, transaction, papers.about(transaction, person.person_id), person.person_id)
        )
