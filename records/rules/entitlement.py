"""Whether the policy gives a person a paper here: one rule for what a kiosk is told beforehand and what is issued."""

from dataclasses import dataclass

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import Eligibility


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule goes by. ``division``: of the household register; ``applied``: how often this year already."""

    division: str
    lives_here: bool
    applied: int


def refusal(eligibility: Eligibility, standing: Standing) -> ProblemCode | None:
    """Why not; None: nothing stands against it."""
    if not _may(eligibility, standing):
        return ProblemCode.NOT_ELIGIBLE
    if eligibility.yearly and standing.applied >= eligibility.yearly:
        return ProblemCode.YEARLY_LIMIT
    return None


def _may(eligibility: Eligibility, standing: Standing) -> bool:
    everyone = not eligibility.registered and not eligibility.residence
    registered = any(standing.division.startswith(each) for each in eligibility.registered)
    return everyone or registered or (eligibility.residence and standing.lives_here)
