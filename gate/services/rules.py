"""What the policy says of a gate, as its parts ask for it.

The policy that was held last counts also past its end: a gate that hears nothing for a month goes on as it was told,
because what ends a right stands in the grant, and nobody's way home may end with a signature.
"""

from dataclasses import dataclass
from datetime import timedelta

from backend_client.contract.policy import GateRules
from backend_client.policy import PolicyHolder
from gate.flows.admission import Rules
from gate.services.clocks import SKEW


@dataclass(frozen=True, slots=True)
class InForce:
    """``rules``, ``pass_days`` and ``skew`` are what Admit, Tidy and GateTime are given."""

    held: PolicyHolder

    def gate(self) -> GateRules:
        """All of them; before the first policy, those that a policy has where it says nothing."""
        policy = self.held.last()
        return policy.gate if policy is not None and policy.gate is not None else GateRules()

    def community(self) -> str:
        """The community's id; empty: no policy yet."""
        policy = self.held.last()
        return policy.community_id if policy is not None else ""

    def rules(self) -> Rules:
        """For deciding."""
        return Rules(weak_cards=self.gate().weak_cards)

    def pass_days(self) -> int:
        """How long a pass is kept."""
        return self.gate().pass_days

    def skew(self) -> timedelta:
        """By how much the wall clock may be ahead and still be believed."""
        policy = self.held.last()
        intake = policy.intake if policy is not None else None
        return timedelta(seconds=intake.skew_s) if intake is not None else SKEW
