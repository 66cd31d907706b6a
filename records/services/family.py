"""Children and other members of the household, as far as a visit may name them.

A handle is a keyed hash of visit and person: it says nothing, is good for this visit alone, and is kept nowhere.
"""

from datetime import date

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import CardEvidence, Dependant, Member
from civic.period import age_on
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules import household
from records.rules.eligibility import Doubt
from records.rules.periods import bureau_time
from records.services import dwelling
from records.services import visit as visits
from records.services.evidence import claim
from records.store import audit, companions
from records.store.devices import DeviceRow
from records.store.visits import VisitRow

_HANDLE_DIGITS = 32


def handle(records: Records, visit: VisitRow, person_id: str) -> str:
    """What the visit calls a person."""
    return records.keyed_hash("handle", visit.subject_hash, person_id)[:_HANDLE_DIGITS]


def children(records: Records, visit: VisitRow, below: int) -> tuple[Resident, ...]:
    """The living children below an age whose guardian the visit's person is."""
    day = _today(records)
    found = records.population.children(visit.person_id)
    return tuple(each for each in found if not each.deceased and age_on(each.birth_date, day) < below)


def child(records: Records, visit: VisitRow, wanted: str, below: int) -> Resident:
    """The child of a handle. Refused (not-permitted): there is none below that age."""
    for each in children(records, visit, below):
        if handle(records, visit, each.person_id) == wanted:
            return each
    raise RefusedError(ProblemCode.NOT_PERMITTED, "no child of this handle")


def members(records: Records, visit: VisitRow, about: Resident) -> list[Resident]:
    """Who may stand on a paper about ``about``, in the register's order: the living of the same household who are
    grown, or are the own children of the visit's person. Whose record an officer must look at is not among them."""
    day = _today(records)
    own = {each.person_id for each in records.population.children(visit.person_id)}
    found = (each for each in records.population.household(about.person_id) if not (each.deceased or each.unclear))
    return household.in_order(each for each in found if household.of_age(each, day) or each.person_id in own)


def needs_card(records: Records, visit: VisitRow, person: Resident) -> bool:
    """Whether their own card must be read in this visit before they stand on a paper."""
    return person.person_id != visit.person_id and household.of_age(person, _today(records))


def dependant(records: Records, visit: VisitRow, person: Resident) -> Dependant:
    """A child as the kiosk is told of it."""
    named = handle(records, visit, person.person_id)
    return Dependant(handle=named, name=person.name.reveal(), birth_date=person.birth_date)


def member(records: Records, visit: VisitRow, person: Resident) -> Member:
    """A member as the kiosk is told of them: masked."""
    return Member(
        handle=handle(records, visit, person.person_id),
        relation=person.relation.reveal(),
        name=person.name.masked(),
        adult=needs_card(records, visit, person),
    )


def companion(records: Records, device: DeviceRow, subject: str, card: CardEvidence) -> Member:
    """The grown member of the household whose card was laid down beside the resident.

    Refused (not-permitted), alike whatever the reason: somebody else's card, or one that can't be relied on. Refused
    too: too-many-requests, so that nobody finds out by trying who lives in a household.
    """
    row = visits.proven(records, device, subject)
    dwelling.require_patience(records, device)
    claimed = claim(records, card)
    found = _grown(records, row).get(claimed.person_id) if card.visit == row.visit else None
    accepted = found is not None and claimed.doubt is Doubt.NONE
    now = records.clock.now()
    with records.database.writing() as transaction:
        about = records.keyed_hash("person", claimed.person_id) if claimed.person_id else ""
        facts = {"accepted": accepted, "doubt": claimed.doubt.value, "about": about}
        audit.append(transaction, visits.deed(records, row, "companion-read", **facts))
        if accepted:
            companions.add(transaction, row.subject_hash, claimed.person_id, now)
    if found is None or not accepted:
        raise RefusedError(ProblemCode.NOT_PERMITTED, "no grown member of this household")
    return member(records, row, found)


def _grown(records: Records, row: VisitRow) -> dict[str, Resident]:
    """Of the person's own household, and of those that their children belong to."""
    centres = [row.person_id, *(each.person_id for each in records.population.children(row.person_id))]
    people = (each for centre in centres for each in records.population.household(centre))
    return {each.person_id: each for each in people if not each.deceased and needs_card(records, row, each)}


def _today(records: Records) -> date:
    return bureau_time(records.clock.now()).date()
