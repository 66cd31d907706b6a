"""When nothing more is taken in: every reason at once, and none too many."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend_client.contract.intakes import IntakeKind
from backend_client.contract.policy import Policy
from backend_client.outbox.limits import Reason, Standing, reasons
from tests.support.outbox import intake_rules, policy_with

KIND = IntakeKind.RESIDENCE
WELL = Standing(kept=3, oldest=timedelta(hours=2), free=10**12, skew=0.4)


def policy(**limits: Any) -> Policy:
    """A policy, as far as it is asked."""
    return policy_with(intake_rules(**limits))


def test_a_kiosk_that_is_well_takes_in() -> None:
    """No reason, no notice."""
    assert reasons(KIND, policy(), WELL) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kept": 5000}, Reason.QUEUE_FULL),
        ({"oldest": timedelta(days=7)}, Reason.OLDEST_TOO_OLD),
        ({"free": 200 * 2**20 - 1}, Reason.DISK_LOW),
        ({"skew": 600.5}, Reason.CLOCK_OFF),
        ({"skew": -600.5}, Reason.CLOCK_OFF),
        ({"skew": None}, Reason.CLOCK_UNMEASURED),
        ({"writable": False}, Reason.STORE_UNWRITABLE),
        ({"revoked": True}, Reason.REVOKED),
    ],
)
def test_each_limit_is_a_reason(change: dict[str, Any], reason: Reason) -> None:
    """At the policy's own figures."""
    assert reasons(KIND, policy(), replace(WELL, **change)) == (reason,)


@pytest.mark.parametrize(
    "change", [{"kept": 4999}, {"oldest": timedelta(days=6.99)}, {"free": 200 * 2**20}, {"skew": 600.0}]
)
def test_just_inside_is_inside(change: dict[str, Any]) -> None:
    """Nobody is sent home a second too early."""
    assert reasons(KIND, policy(), replace(WELL, **change)) == ()


def test_all_reasons_are_given_at_once() -> None:
    """A technician comes once."""
    worst = Standing(5000, timedelta(days=8), 0, 700.0, writable=False, revoked=True)
    given = {*reasons(KIND, policy(), worst)}
    assert given == {*Reason} - {Reason.NO_POLICY, Reason.NOT_OFFERED, Reason.CLOCK_UNMEASURED}
    assert reasons(KIND, None, Standing()) == (Reason.NO_POLICY, Reason.CLOCK_UNMEASURED)


def test_what_the_policy_does_not_name_is_not_offered() -> None:
    """Neither by a policy of the time before intakes, nor by one that takes in something else."""
    assert reasons(KIND, policy_with(None), WELL) == (Reason.NOT_OFFERED,)
    only = intake_rules().model_copy(update={"kinds": (IntakeKind.CORRECTION,)})
    assert reasons(KIND, policy_with(only), WELL) == (Reason.NOT_OFFERED,)


def test_what_is_about_a_flat_needs_the_policys_chapter_on_it() -> None:
    """How one comes in needs the gates' too; what is about a person does not."""
    none = policy_with(intake_rules(), flats=False, gates=False)
    about_flats = (IntakeKind.TENANCY, IntakeKind.OCCUPANT, IntakeKind.DEPARTURE, IntakeKind.ANSWER)
    for kind in IntakeKind:
        offered = kind in (IntakeKind.RESIDENCE, IntakeKind.CORRECTION)
        assert reasons(kind, none, WELL) == (() if offered else (Reason.NOT_OFFERED,)), kind
    gateless = policy_with(intake_rules(), gates=False)
    assert reasons(IntakeKind.WAYS, gateless, WELL) == (Reason.NOT_OFFERED,)
    assert not any(reasons(kind, gateless, WELL) for kind in about_flats)
