"""A paper as it is asked for, with all that is read for it before anything is decided or written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import Reserve, When
from backend_client.contract.policy import PaperRules, Policy, Purpose
from forms.paper import PaperKind
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules.periods import bureau_time
from records.services import family, policy
from records.services import visit as visits
from records.store import companions, dwellings, papers
from records.store.devices import DeviceRow
from records.store.dwellings import DwellingRow
from records.store.papers import PaperRow
from records.store.visits import VisitRow


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """``about``: whom the paper is about, the applicant or their child. ``replaced``: the void paper that this
    reissues; its terms go on. ``at``: on the bureau's clock, to the second. ``number_hash``: of whom it is about."""

    request: Reserve
    device: DeviceRow
    visit: VisitRow
    policy: Policy
    rules: PaperRules
    purpose: Purpose
    applicant: Resident
    about: Resident
    members: tuple[Resident, ...]
    flat: DwellingRow | None
    replaced: PaperRow | None
    at: datetime
    number_hash: str

    @property
    def for_child(self) -> bool:
        """Whether the applicant asks as a guardian."""
        return self.about.person_id != self.applicant.person_id


def understood(records: Records, device: DeviceRow, request: Reserve) -> Asked:
    """Everything about a request. Refused: whatever of it is not offered, not theirs or not known."""
    visit = visits.proven(records, device, request.subject)
    applicant = _clear(records.register.resident(visit.person_id))
    whole = policy.opened(policy.current(records))
    rules, purpose = _offered(whole, request, visit.document)
    replaced = _replaced(records, visit, request)
    about = _clear(_about(records, visit, request, applicant, replaced, rules.guardian_below))
    return Asked(
        request=request,
        device=device,
        visit=visit,
        policy=whole,
        rules=rules,
        purpose=purpose,
        applicant=applicant,
        about=about,
        members=_members(records, visit, request, about, purpose, replaced),
        flat=_flat(records, request, replaced),
        replaced=replaced,
        at=bureau_time(records.clock.now()),
        number_hash=records.number_hash(about.id_number.reveal()),
    )


def _clear(person: Resident | None) -> Resident:
    if person is None or person.unclear or person.deceased:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    return person


def _offered(whole: Policy, request: Reserve, document: str) -> tuple[PaperRules, Purpose]:
    """What the policy says of this paper for this purpose; refused where an office serves this kind of document."""
    for rules in whole.papers:
        served = any(each.kind == document and not each.office for each in rules.documents)
        for purpose in rules.purposes:
            if served and _can_wait(rules, request) and (rules.kind, purpose.id) == (request.kind, request.purpose):
                return rules, purpose
    raise RefusedError(ProblemCode.PURPOSE_NOT_OFFERED)


def _can_wait(rules: PaperRules, request: Reserve) -> bool:
    """Whether there are rules for an answer at the window, where one may be needed."""
    may_be_needed = request.when is When.LATER or rules.kind is PaperKind.NO_CRIMINAL_RECORD
    return rules.later is not None or not may_be_needed


def _replaced(records: Records, visit: VisitRow, request: Reserve) -> PaperRow | None:
    """The applicant's own paper that this reissues; whether it may, is decided when it is written."""
    if not request.replaces:
        return None
    with records.database.reading() as transaction:
        found = papers.find(transaction, request.replaces)
    if found is None or (found.person_id, found.kind) != (visit.person_id, request.kind):
        raise RefusedError(ProblemCode.NOT_FOUND)
    return found


def _about(
    records: Records,
    visit: VisitRow,
    request: Reserve,
    applicant: Resident,
    replaced: PaperRow | None,
    below: int,
) -> Resident:
    """The applicant, or the child they name, or whose paper is reissued. Refused (not-permitted): not their child."""
    wanted = request.person
    if replaced is not None:
        before = family.handle(records, visit, replaced.about_id) if replaced.about_id else ""
        if wanted not in {"", before}:
            raise RefusedError(ProblemCode.NOT_PERMITTED, "the paper was about another person")
        wanted = before
    return family.child(records, visit, wanted, below) if wanted else applicant


def _members(
    records: Records,
    visit: VisitRow,
    request: Reserve,
    about: Resident,
    purpose: Purpose,
    replaced: PaperRow | None,
) -> tuple[Resident, ...]:
    """Who else stands on it: those who are named, or else those of the paper that this reissues. Refused
    (not-permitted): the purpose needs nobody, or an adult's card was not read."""
    before = set(replaced.members.split()) if replaced else set()
    if not (before or request.members):
        return ()
    named = {family.handle(records, visit, each.person_id): each for each in family.members(records, visit, about)}
    if not request.members:
        return tuple(each for each in named.values() if each.person_id in before)
    if not (purpose.members and set(request.members) <= set(named)):
        raise RefusedError(ProblemCode.NOT_PERMITTED, "the purpose needs no such member")
    chosen = tuple(person for handle, person in named.items() if handle in set(request.members))
    _require_cards(records, visit, chosen)
    return chosen


def _require_cards(records: Records, visit: VisitRow, chosen: Iterable[Resident]) -> None:
    with records.database.reading() as transaction:
        there = companions.of_visit(transaction, visit.subject_hash)
    if any(family.needs_card(records, visit, each) and each.person_id not in there for each in chosen):
        raise RefusedError(ProblemCode.NOT_PERMITTED, "an adult's own card was not read")


def _flat(records: Records, request: Reserve, replaced: PaperRow | None) -> DwellingRow | None:
    """Where they say they live, now or on the paper that this reissues; only a residence receipt needs it. Refused:
    dwelling-unknown."""
    if request.kind is not PaperKind.RESIDENCE_RECEIPT:
        return None
    before = replaced.dwelling_id if replaced else ""
    with records.database.reading() as transaction:
        found = dwellings.by_id(transaction, request.dwelling or before)
    if found is None:
        raise RefusedError(ProblemCode.DWELLING_UNKNOWN)
    return found
