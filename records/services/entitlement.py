"""Whether the policy gives somebody a paper here, as the records stand now."""

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import ClosedService
from backend_client.contract.policy import PaperRules
from records.context import Records
from records.population.source import Resident
from records.rules import entitlement
from records.rules.entitlement import Standing
from records.rules.periods import start_of_year
from records.services import policy
from records.store import dwellings, papers
from records.store.database import Transaction


def refusal(records: Records, transaction: Transaction, rules: PaperRules, person: Resident) -> ProblemCode | None:
    """Why not: not-eligible or yearly-limit; None: they may have it."""
    return entitlement.refusal(rules.eligibility, _standing(records, transaction, rules, person))


def closed(records: Records, transaction: Transaction, person: Resident) -> tuple[ClosedService, ...]:
    """Every paper of the policy that this person can't have here."""
    whole = policy.opened(policy.current(records)).papers
    found = ((rules, refusal(records, transaction, rules, person)) for rules in whole)
    return tuple(ClosedService(kind=rules.kind, why=why) for rules, why in found if why is not None)


def _standing(records: Records, transaction: Transaction, rules: PaperRules, person: Resident) -> Standing:
    since = start_of_year(records.clock.now())
    return Standing(
        division=person.division,
        lives_here=dwellings.lives_here(transaction, person.person_id),
        applied=papers.count_since(transaction, person.person_id, rules.kind, since) if rules.eligibility.yearly else 0,
    )
