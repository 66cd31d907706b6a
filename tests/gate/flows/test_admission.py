"""What opens a gate, and what does not: every way, each end of it, and the clocks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.gate_codes import HALF_MINUTE, phone_counter
from gate.flows.admission import (
    Admitted,
    CardKey,
    CardNumber,
    Code,
    FaceOf,
    Held,
    Kind,
    NotAdmitted,
    Phone,
    Presented,
    Reason,
    Rules,
    decide,
)
from tests.gate.made_up import TODAY, moment
from tests.support.clocks import NOW

RULES = Rules()
HELD = Held("grant", "holder", "credential", Kind.CARD, TODAY - timedelta(days=30), None)
NOW_COUNTER = phone_counter(NOW)
FITTING: dict[Kind, Presented] = {
    Kind.CARD: CardKey("key"),
    Kind.CARD_NUMBER: CardNumber("number"),
    Kind.PHONE: Phone("credential", NOW_COUNTER, signature_good=True),
    Kind.SLIP: Code("hash"),
    Kind.GUEST: Code("hash"),
    Kind.FACE: FaceOf("holder"),
}


def _reason(presented: Presented, held: Held, **more: object) -> Reason | None:
    decision = decide(presented, (held,), moment(), Rules(**more))  # type: ignore[arg-type]
    return decision.reason if isinstance(decision, NotAdmitted) else None


@pytest.mark.parametrize("kind", list(Kind))
def test_each_way_opens_by_what_fits_it_and_by_nothing_else(kind: Kind) -> None:
    held = replace(HELD, kind=kind)
    for fits, presented in FITTING.items():
        opens = kind is fits or {kind, fits} == {Kind.SLIP, Kind.GUEST}
        assert _reason(presented, held, weak_cards=True) == (None if opens else Reason.UNKNOWN)


def test_what_nobody_holds_is_unknown() -> None:
    assert decide(CardKey("key"), (), moment(), RULES) == NotAdmitted(Reason.UNKNOWN)


@pytest.mark.parametrize(
    ("days", "admitted", "in_grace"), [(5, True, False), (0, True, False), (-1, True, True), (-7, True, True)]
)
def test_a_right_opens_through_its_last_day_and_its_grace(days: int, admitted: bool, in_grace: bool) -> None:
    end = TODAY + timedelta(days=days)
    decision = decide(CardKey("key"), (replace(HELD, ends_on=end, grace_until=end + timedelta(7)),), moment(), RULES)
    assert isinstance(decision, Admitted) is admitted
    assert isinstance(decision, Admitted)
    assert decision.in_grace is in_grace


def test_after_its_grace_a_right_is_over() -> None:
    end = TODAY - timedelta(days=8)
    assert _reason(CardKey("key"), replace(HELD, ends_on=end, grace_until=end + timedelta(7))) is Reason.OVER
    assert _reason(CardKey("key"), replace(HELD, ends_on=TODAY - timedelta(days=1))) is Reason.OVER


def test_before_its_first_day_a_right_opens_nothing() -> None:
    assert _reason(CardKey("key"), replace(HELD, starts_on=TODAY + timedelta(days=1))) is Reason.NOT_YET
    assert _reason(CardKey("key"), replace(HELD, starts_on=TODAY)) is None


def test_a_slip_opens_until_its_end_or_until_it_is_cancelled() -> None:
    slip = replace(HELD, kind=Kind.SLIP, ends_at=NOW + timedelta(seconds=1))
    assert _reason(Code("hash"), slip) is None
    assert _reason(Code("hash"), replace(slip, ends_at=NOW)) is Reason.OVER
    assert _reason(Code("hash"), replace(slip, cancelled=True)) is Reason.CANCELLED


def test_a_bare_number_opens_only_where_the_policy_allows_it() -> None:
    weak = replace(HELD, kind=Kind.CARD_NUMBER)
    assert _reason(CardNumber("number"), weak) is Reason.WEAK_NOT_ALLOWED
    assert _reason(CardNumber("number"), weak, weak_cards=True) is None


@pytest.mark.parametrize(("off", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_code_holds_for_its_half_minute_and_the_neighbours(off: int, opens: bool) -> None:
    phone = Phone("credential", NOW_COUNTER + off, signature_good=True)
    assert _reason(phone, replace(HELD, kind=Kind.PHONE)) is (None if opens else Reason.STALE_CODE)


def test_a_code_opens_once_and_only_with_its_signature() -> None:
    phone = replace(HELD, kind=Kind.PHONE)
    assert _reason(FITTING[Kind.PHONE], replace(phone, counters=frozenset({NOW_COUNTER}))) is Reason.REPLAYED
    assert _reason(FITTING[Kind.PHONE], replace(phone, counters=frozenset({NOW_COUNTER - 1}))) is None
    assert _reason(Phone("credential", NOW_COUNTER, signature_good=False), phone) is Reason.UNKNOWN


@given(ahead=st.integers(3, 10_000_000), told=st.integers(3, 10_000_000))
def test_while_the_time_is_not_sure_a_new_code_opens_and_no_older_one(ahead: int, told: int) -> None:
    """The clock says ``ahead`` half minutes more than is certain; the telephone, which has the time, ``told`` more."""
    unsure = moment(NOW, NOW + timedelta(minutes=11, seconds=ahead * HALF_MINUTE))
    held = replace(HELD, kind=Kind.PHONE)
    shown = NOW_COUNTER + told
    assert isinstance(decide(Phone("c", shown, signature_good=True), (held,), unsure, RULES), Admitted)
    seen = replace(held, counters=frozenset({shown}))
    older, before = (Phone("c", n, signature_good=True) for n in (shown - 1, NOW_COUNTER - 2))
    assert decide(older, (seen,), unsure, RULES) == NotAdmitted(Reason.STALE_CODE)
    assert decide(before, (held,), unsure, RULES) == NotAdmitted(Reason.STALE_CODE)


@given(end=st.integers(0, 3000), ahead=st.integers(1, 36_500))
def test_nobody_with_a_right_is_refused_because_a_clock_jumped_forward(end: int, ahead: int) -> None:
    """Without a link, after a start, by any number of days: whatever is not over by what is certain opens."""
    mad = moment(NOW, NOW + timedelta(days=ahead))
    held = replace(HELD, ends_on=TODAY + timedelta(days=end))
    assert isinstance(decide(CardKey("key"), (held,), mad, RULES), Admitted)


@given(back=st.integers(1, 20_000))
def test_a_clock_set_back_extends_nothing(back: int) -> None:
    behind = moment(NOW, NOW - timedelta(days=back))
    held = replace(HELD, ends_on=TODAY - timedelta(days=1))
    assert decide(CardKey("key"), (held,), behind, RULES) == NotAdmitted(Reason.OVER)


def test_of_two_grants_the_one_that_opens_without_its_grace_counts() -> None:
    yesterday, week = TODAY - timedelta(days=1), timedelta(days=7)
    in_grace = replace(HELD, grant="old", ends_on=yesterday, grace_until=yesterday + week)
    over = replace(HELD, grant="over", ends_on=date(2020, 1, 1))
    decision = decide(CardKey("key"), (over, in_grace, HELD), moment(), RULES)
    assert isinstance(decision, Admitted)
    assert (decision.grant, decision.in_grace) == ("grant", False)


def test_of_two_refusals_the_one_nearer_to_opening_is_counted() -> None:
    later, over = replace(HELD, starts_on=TODAY + timedelta(days=1)), replace(HELD, ends_on=date(2020, 1, 1))
    assert decide(CardKey("key"), (over, later), moment(), RULES) == NotAdmitted(Reason.NOT_YET)


def test_neither_a_decision_nor_what_was_presented_prints_whose_it_is() -> None:
    secrets = ("secret-grant", "secret-holder", "secret-way")
    held = Held(*secrets, Kind.CARD, TODAY, None)
    printed = repr((held, CardKey("secret-ref"), Code("secret-ref"), FaceOf("secret-holder"))) + repr(
        decide(CardKey("secret-ref"), (held,), moment(), RULES)
    )
    assert "secret" not in printed
