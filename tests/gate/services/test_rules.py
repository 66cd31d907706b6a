"""A gate goes by the policy that it held last, also when that is past its end."""

from datetime import timedelta

from backend_client.contract.policy import GateRules, IntakeRules
from backend_client.policy import PolicyHolder
from gate.flows.admission import Rules
from gate.services.rules import InForce
from terminal.policy_trust import policy_keys_under
from tests.backend_client.test_policy import ROOT, SIGNER, KeptPolicy, policy
from tests.support.clocks import StillClock


def test_before_the_first_policy_the_cautious_rules_hold() -> None:
    subject = InForce(PolicyHolder(KeptPolicy(), policy_keys_under(ROOT.pem), StillClock()))
    assert (subject.rules(), subject.pass_days(), subject.skew()) == (Rules(), 30, timedelta(minutes=10))


def test_nobodys_way_home_ends_with_a_policys_signature() -> None:
    """After a restart too: what was kept is read again."""
    clock, kept = StillClock(), KeptPolicy()
    intake = IntakeRules(kinds=(), key="", key_id="0" * 16, skew_s=60)
    told = policy(1).model_copy(update={"gate": GateRules(weak_cards=True, pass_days=7), "intake": intake})
    held = PolicyHolder(kept, policy_keys_under(ROOT.pem), clock)
    held.accept(SIGNER.sign(told))
    clock.pass_by(timedelta(days=400).total_seconds())
    for holder in (held, PolicyHolder(kept, policy_keys_under(ROOT.pem), clock)):
        subject = InForce(holder)
        assert holder.current() is None
        assert (subject.rules(), subject.pass_days()) == (Rules(weak_cards=True), 7)
        assert subject.skew() == timedelta(minutes=1)
