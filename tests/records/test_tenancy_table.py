"""Whose yes counts: the table of the decision, cell by cell, and what follows from it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from backend_client.contract.intakes import IntakeKind
from backend_client.contract.tenancies import RightState
from records.rules.intakes import REASONS, IntakeState
from records.rules.right_states import grace_until, state_of
from records.rules.tenancies import (
    TABLE,
    TOLD_ONLY,
    Deed,
    Party,
    QueueKind,
    Silence,
    due_reminder,
    months_between,
    needs_proof,
    overlap,
)
from tests.support.clocks import NOW

DAY = date(2026, 11, 22)
WRITTEN = {  # as docs/decisions/tenancies.md has it
    Deed.NEW: "hands-in yes document told officer",
    Deed.RENEWAL: "hands-in yes document told goes-on",
    Deed.COMES: "yes told document told nothing",
    Deed.GOES: "nothing told self told nothing",
    Deed.EARLY_END: "yes may-ask nothing yes officer",
    Deed.LAST_DAY: "reminded reminded nothing nothing the-day",
}


@pytest.mark.parametrize("deed", Deed)
def test_each_cell_says_what_was_decided(deed: Deed) -> None:
    cells = [TABLE[deed].of(party).value for party in Party]
    assert [*cells, TABLE[deed].silence.value] == WRITTEN[deed].split()


def test_silence_lets_nobody_in_and_puts_nobody_out() -> None:
    """It keeps somebody where they are, and nothing else."""
    assert [deed for deed in Deed if TABLE[deed].silence is Silence.GOES_ON] == [Deed.RENEWAL]


def test_what_is_told_only_holds_nothing_up() -> None:
    assert {QueueKind.TOO_MANY, QueueKind.MISSING_FILING} == TOLD_ONLY


def test_a_card_alone_lets_nobody_in_and_a_no_needs_no_proof() -> None:
    assert {kind for kind in IntakeKind if needs_proof(kind, yes=True)} == {
        IntakeKind.OCCUPANT,
        IntakeKind.DEPARTURE,
        IntakeKind.ANSWER,
        IntakeKind.WAYS,
    }
    assert not needs_proof(IntakeKind.ANSWER)


def test_an_officer_can_decide_every_kind() -> None:
    assert set(REASONS) == set(IntakeKind)
    assert all(
        set(each) == {IntakeState.ACCEPTED, IntakeState.MORE_PAPERS, IntakeState.REFUSED} for each in REASONS.values()
    )


@dataclass(frozen=True)
class _Right:
    ends_on: date | None = DAY
    hold_until: date | None = None
    began_at: datetime | None = NOW
    ended_at: datetime | None = None
    disputed: bool = False


@pytest.mark.parametrize(
    ("right", "days", "state"),
    [
        (_Right(), 0, RightState.ACTIVE),
        (_Right(), 1, RightState.GRACE),
        (_Right(), 7, RightState.GRACE),
        (_Right(), 8, RightState.ENDED),
        (_Right(ends_on=None), 9000, RightState.ACTIVE),
        (_Right(began_at=None), 0, RightState.PENDING),
        (_Right(ended_at=NOW), 0, RightState.ENDED),
        (_Right(disputed=True), 0, RightState.DISPUTED),
        (_Right(disputed=True), 8, RightState.ENDED),
        (_Right(hold_until=DAY + timedelta(days=20)), 20, RightState.ACTIVE),
        (_Right(hold_until=DAY + timedelta(days=20)), 21, RightState.ENDED),
        (_Right(hold_until=DAY - timedelta(days=20)), 0, RightState.ACTIVE),
    ],
)
def test_a_right_stands_by_its_days(right: _Right, days: int, state: RightState) -> None:
    assert state_of(right, DAY + timedelta(days=days), 7) is state


def test_no_grace_is_none() -> None:
    assert grace_until(_Right(), 0) == DAY
    assert state_of(replace(_Right()), DAY + timedelta(days=1), 0) is RightState.ENDED


def test_spans_that_share_a_day_overlap() -> None:
    span = (DAY, DAY + timedelta(days=10))
    assert overlap(span, [(DAY - timedelta(days=5), DAY)])
    assert not overlap(span, [(DAY - timedelta(days=5), DAY - timedelta(days=1))])


def test_begun_months_count() -> None:
    assert (months_between(DAY, date(2027, 11, 21)), months_between(DAY, date(2027, 11, 22))) == (12, 13)


def test_a_reminder_is_due_once_by_the_nearest() -> None:
    """One that was missed while records were away is told by the next."""
    days = (30, 7, 1)
    assert [due_reminder(left, days, 0) for left in (31, 30, 29, 7, 1, 0, -1)] == [0, 30, 30, 7, 1, 1, 0]
    assert [due_reminder(left, days, 7) for left in (7, 3, 1)] == [0, 0, 1]
