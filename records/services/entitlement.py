"""Whether the policy gives somebody a paper here, as the records stand now."""

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import ClosedService
from backend_client.contract.policy import PaperRules
from civic.period import age_on
from forms.paper import PaperKind
from records.context import Records
from records.population.source import Resident
from records.rules import entitlement
from records.rules.entitlement import Standing
from records.rules.periods import bureau_time, start_of_year
from records.services import policy
from records.store import dwellings, papers
from records.store.database import Transaction


def refusal(
    records: Records, transaction: Transaction, rules: PaperRules, person: Resident, *, by_guardian: bool
) -> ProblemCode | None:
    """Why not: too-young, not-eligible, residence-unconfirmed or yearly-limit; None: they may have it."""
    return entitlement.refusal(
        rules.eligibility, _standing(records, transaction, rules, person, by_guardian=by_guardian)
    )


def closed(
    records: Records, transaction: Transaction, person: Resident, *, by_guardian: bool, portrait: bool
) -> tuple[ClosedService, ...]:
    """Every paper of the policy that this person can't have here. ``portrait``: the register has one
    that can be on a paper."""
    found = []
    for rules in policy.opened(policy.current(records)).papers:
        why = refusal(records, transaction, rules, person, by_guardian=by_guardian)
        if why is None and rules.kind is PaperKind.TEMPORARY_ID_PROOF and not portrait:
            why = ProblemCode.NO_PORTRAIT
        if why is not None:
            found.append(ClosedService(kind=rules.kind, why=why))
    return tuple(found)


def _standing(
    records: Records, transaction: Transaction, rules: PaperRules, person: Resident, *, by_guardian: bool
) -> Standing:
    now = records.clock.now()
    counted = bool(rules.eligibility.yearly)
    return Standing(
        division=person.division,
        residence=dwellings.residence_of(transaction, person.person_id),
        age=None if by_guardian else age_on(person.birth_date, bureau_time(now).date()),
        applied=papers.count_since(transaction, person.person_id, rules.kind, start_of_year(now)) if counted else 0,
    )
