"""Whether the policy gives a person a paper here: one rule for what a kiosk is told beforehand and what is issued."""

from dataclasses import dataclass
from enum import IntEnum

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import Eligibility


class Residence(IntEnum):
    """What is known of somebody's living here."""

    NONE = 0
    DECLARED = 1  # by themselves
    CONFIRMED = 2  # and an officer has seen that it is so


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule goes by. ``division``: of the household register; ``age``: of who asks for themselves, None: a
    guardian asks; ``applied``: how often this year already."""

    division: str
    residence: Residence
    age: int | None
    applied: int


def refusal(eligibility: Eligibility, standing: Standing) -> ProblemCode | None:
    """Why not; None: nothing stands against it."""
    if standing.age is not None and standing.age < eligibility.from_age:
        return ProblemCode.TOO_YOUNG
    if not _belongs(eligibility, standing):
        declared = eligibility.residence and standing.residence is Residence.DECLARED
        return ProblemCode.RESIDENCE_UNCONFIRMED if declared else ProblemCode.NOT_ELIGIBLE
    if eligibility.yearly and standing.applied >= eligibility.yearly:
        return ProblemCode.YEARLY_LIMIT
    return None


def _belongs(eligibility: Eligibility, standing: Standing) -> bool:
    everyone = not eligibility.registered and not eligibility.residence
    registered = any(standing.division.startswith(each) for each in eligibility.registered)
    enough = Residence.CONFIRMED if eligibility.confirmed else Residence.DECLARED
    return everyone or registered or (eligibility.residence and standing.residence >= enough)
