"""What the policy says of this place, and what is said before there is one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend_client.contract.policy import Desk, PaperRules, Policy, Purpose, Timeouts, Words
from kiosk.flows import happenings as h
from kiosk.idle import IdleTimes
from kiosk.place import PolicyPlace
from tests.support.clocks import NOW


def words(text: str) -> Words:
    return Words(zh=f"{text}（中）", en=text)


POLICY = Policy(
    version=3,
    community_id="C1",
    community=words("community"),
    issued_at=NOW,
    expires_at=NOW + timedelta(days=30),
    issuer=words("bureau"),
    specimen=True,
    papers=(
        PaperRules(
            kind="household_certificate",
            purposes=(
                Purpose(id="move", title=words("moving"), book_is_enough=False),
                Purpose(id="school", title=words("school"), book_is_enough=True, why_enough=words("it says so")),
            ),
            validity_days=30,
            reissues_per_day=3,
        ),
    ),
    desk=Desk(name=words("desk"), address=words("street"), hours=words("always"), phone="0000-0110"),
    timeouts=Timeouts(idle=45, idle_accessible=150, warning=25, extensions=12),
)


def place(policy: Policy | None) -> PolicyPlace:
    return PolicyPlace(cast("Any", SimpleNamespace(current=lambda: policy)))


def test_the_desk_and_the_bureau_are_the_policy_s() -> None:
    """In both languages."""
    here = place(POLICY).place()
    assert dict(here.desk) == {"zh": "desk（中）", "en": "desk"}
    assert (here.phone, here.specimen, here.valid_days) == ("0000-0110", True, 30)
    assert dict(here.issuer)["en"] == "bureau"


def test_purposes_are_those_of_the_service() -> None:
    """With the reason why the household book is enough, where it is."""
    move, school = place(POLICY).purposes("household_certificate")
    assert move == h.Purpose("move", (("zh", "moving（中）"), ("en", "moving")), why_enough=(("zh", ""), ("en", "")))
    assert school.book_is_enough
    assert dict(school.why_enough)["en"] == "it says so"
    assert place(POLICY).purposes("unheard-of") == ()


def test_idle_times_are_the_policy_s() -> None:
    """And the criterion's own where there is no policy."""
    assert place(POLICY).idle_times() == IdleTimes(45, 150, 25, 12)
    assert place(None).idle_times() == IdleTimes()


def test_before_the_first_policy_nothing_is_offered_and_110_can_be_called() -> None:
    """Everything reads 样张 until somebody says otherwise."""
    nowhere = place(None).place()
    assert nowhere.phone == "110"
    assert nowhere.specimen
    assert nowhere.valid_days == 0
    assert place(None).purposes("household_certificate") == ()


@pytest.mark.parametrize("text", ["desk", "address", "hours", "issuer"])
def test_both_languages_are_there(text: str) -> None:
    """Whichever the resident chooses."""
    for policy in (POLICY, None):
        assert set(dict(getattr(place(policy).place(), text))) == {"zh", "en"}
