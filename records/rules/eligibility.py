"""Who may go on at a kiosk, and whose face was matched. Pure; every answer is about one visit."""

from dataclasses import dataclass
from datetime import date

from backend_client.contract.persons import CardEvidence, FaceOutcome
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.person_name import PersonName
from records.population.source import Resident


@dataclass(frozen=True, slots=True)
class FaceRules:
    """What records demand of a comparison. ``simulated_allowed``: only where every paper is a specimen."""

    minimum_threshold: float
    simulated_allowed: bool


def number_on(card: CardEvidence) -> IdNumber | None:
    """The card's citizen number, None when it is none."""
    try:
        return IdNumber(card.id_number)
    except InvalidValueError:
        return None


def clear(card: CardEvidence, resident: Resident | None, today: date) -> bool:
    """Whether card and record speak of one person, on a card still valid, and nothing in the record is in doubt."""
    if resident is None or resident.unclear:
        return False
    current = card.valid_until is None or today <= card.valid_until
    return current and _same_name(card.name, resident.name) and card.birth_date == resident.birth_date


def face_accepted(outcome: FaceOutcome, rules: FaceRules) -> bool:
    """Whether the comparison proves the identity. The kiosk's word alone never does: its numbers must bear it out."""
    strict = outcome.threshold >= rules.minimum_threshold
    real = rules.simulated_allowed or not outcome.simulated
    return outcome.passed and outcome.score >= outcome.threshold and strict and real


def _same_name(text: str, name: PersonName) -> bool:
    try:
        return PersonName(text).reveal() == name.reveal()
    except InvalidValueError:
        return False
