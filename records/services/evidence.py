"""From evidence to the one person it claims: by a citizen number, or by a document the register knows."""

from dataclasses import dataclass

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import OWN_NUMBERS
from backend_client.contract.persons import CardEvidence, NumberEvidence, TravelEvidence
from civic.document import DocumentKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules import eligibility
from records.rules.eligibility import Doubt
from records.rules.periods import bureau_time

_CHINA = "CHN"  # who issues the foreigner's card


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is claimed. ``number_hash``: keyed hash of the citizen number, the person's own where one was found;
    ``portrait_of``: whose portrait this visit gets, empty for none."""

    person_id: str
    doubt: Doubt
    number_hash: str
    portrait_of: str


def claim(records: Records, evidence: CardEvidence | TravelEvidence | NumberEvidence) -> Claim:
    """Whom the evidence claims to be. Refused (validation): a typed number that breaks its own rules."""
    number = _number(evidence)
    resident = _found(records, evidence, number)
    doubt = eligibility.doubt(evidence, resident, bureau_time(records.clock.now()).date())
    text = resident.id_number.reveal() if resident is not None else number.reveal() if number is not None else ""
    number_hash = records.number_hash(text) if text else ""
    person = resident.person_id if resident is not None else ""
    return Claim(person, doubt, number_hash, _portrait_of(records, evidence, person, doubt, number_hash))


def holder(records: Records, kind: DocumentKind, issuing_state: str, number: str) -> Resident | None:
    """Whose a document is that was read, by its number alone; None: the register does not know it."""
    if kind in OWN_NUMBERS:
        state = _CHINA if kind is DocumentKind.FOREIGNER_CARD_2017 else issuing_state
        return records.register.find_document(kind, state, number)
    try:
        return records.register.find(IdNumber(number))
    except InvalidValueError:
        return None


def _number(evidence: CardEvidence | TravelEvidence | NumberEvidence) -> IdNumber | None:
    if isinstance(evidence, TravelEvidence):
        return None
    try:
        return IdNumber(evidence.id_number)
    except InvalidValueError as error:
        if isinstance(evidence, NumberEvidence):
            raise RefusedError(ProblemCode.VALIDATION, f"id_number: {error.detail}") from None
        return None


def _found(
    records: Records, evidence: CardEvidence | TravelEvidence | NumberEvidence, number: IdNumber | None
) -> Resident | None:
    """Who lays a document down is its holder's to find; a typed number may be anybody's, and finds whom others may."""
    if isinstance(evidence, TravelEvidence):
        return holder(records, evidence.kind, evidence.issuing_state, evidence.number)
    if evidence.kind is DocumentKind.FOREIGNER_CARD_2017:
        return holder(records, evidence.kind, "", evidence.id_number)
    if isinstance(evidence, NumberEvidence):
        return None if number is None else records.population.find(number)
    return None if number is None else records.register.find(number)


def _portrait_of(
    records: Records,
    evidence: CardEvidence | TravelEvidence | NumberEvidence,
    person: str,
    doubt: Doubt,
    number_hash: str,
) -> str:
    """The person's own where there is one; for a typed number else nobody's, always the same nobody's."""
    there = records.register.has_portrait(person)
    if there and doubt is Doubt.NONE:
        return person
    return records.register.nobody(number_hash) if isinstance(evidence, NumberEvidence) else ""
