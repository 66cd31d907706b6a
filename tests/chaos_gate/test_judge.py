"""The judge's rules, one by one: each is seen to fail, without a community."""

from datetime import date, datetime, timedelta

import pytest

from backend_client.contract.tenancies import WayKind
from tests.chaos_gate.facts import Facts, Right, Way
from tests.chaos_gate.hearing import Hearing
from tests.chaos_gate.judge import Judge, Shown
from tests.support.clocks import NOW

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LAST = date(2026, 11, 23)  # and seven days of grace


@pytest.fixture
def right() -> Right:
    made = Right("r", "p", ("101", "1"), date(2026, 5, 1))
    made.ends(NOW - DAY, LAST)
    return made


@pytest.fixture
def card(right: Right) -> Way:
    return Way("c", right, WayKind.CARD, "ref", NOW - DAY)


@pytest.fixture
def judge(right: Right, card: Way) -> Judge:
    facts = Facts()
    facts.add_right(right)
    facts.add_way(card)
    return Judge(facts)


@pytest.fixture
def gate() -> Hearing:
    return Hearing(NOW - DAY)


def _says(
    judge: Judge, gate: Hearing, way: Way | None, at: datetime, *, admitted: bool, said: datetime | None = None
) -> str:
    judge.wrong.clear()
    judge.passage(Shown(0, None, at, way, "card", said), gate.window(at), admitted=admitted)
    return "".join(judge.wrong.get(0, [])).partition(":")[0]


def test_whoever_lives_here_is_let_in_until_the_last_day_of_the_grace(judge: Judge, gate: Hearing, card: Way) -> None:
    """The thirtieth, in the community's time."""
    last = datetime(2026, 11, 30, 15, 59, tzinfo=NOW.tzinfo)
    assert _says(judge, gate, card, last, admitted=True) == ""
    assert _says(judge, gate, card, last, admitted=False) == "refused"
    assert _says(judge, gate, card, last + HOUR, admitted=True) == "admitted"
    assert _says(judge, gate, card, last + HOUR, admitted=False) == ""


def test_a_lost_card_may_open_for_a_minute_and_no_longer(judge: Judge, gate: Hearing, card: Way) -> None:
    judge.facts.ended(card, NOW)
    assert _says(judge, gate, card, NOW + 59 * SECOND, admitted=True) == ""
    assert _says(judge, gate, card, NOW + 61 * SECOND, admitted=True) == "admitted"


def test_a_gate_that_was_cut_off_knows_what_it_knew(judge: Judge, gate: Hearing, card: Way) -> None:
    """And a minute after its line is back, everything."""
    gate.cut_off(NOW - HOUR)
    judge.facts.ended(card, NOW)
    assert _says(judge, gate, card, NOW + HOUR, admitted=True) == ""
    assert _says(judge, gate, card, NOW + HOUR, admitted=False) == "refused"
    gate.connected(NOW + 2 * HOUR)
    assert _says(judge, gate, card, NOW + 2 * HOUR + 61 * SECOND, admitted=True) == "admitted"


def test_without_a_line_what_is_over_is_over(judge: Judge, gate: Hearing, card: Way) -> None:
    gate.cut_off(NOW - HOUR)
    assert _says(judge, gate, card, NOW + 9 * DAY, admitted=True) == "admitted"


def test_a_gate_that_lost_its_power_too_may_not_know_the_day(judge: Judge, gate: Hearing, card: Way) -> None:
    """A long night: by its least it is still the grace. But not for ever."""
    gate.went_off(NOW)
    gate.went_on(NOW + 9 * DAY)
    assert _says(judge, gate, card, NOW + 9 * DAY, admitted=True) == ""
    assert _says(judge, gate, card, NOW + 18 * DAY, admitted=True) == "admitted"


def test_a_half_minute_opens_once_and_in_its_time(judge: Judge, gate: Hearing, right: Right) -> None:
    phone = judge.facts.add_way(Way("ph", right, WayKind.PHONE, "key", NOW - DAY))
    assert _says(judge, gate, phone, NOW, admitted=True, said=NOW) == ""
    assert _says(judge, gate, phone, NOW + 5 * SECOND, admitted=True, said=NOW) == "admitted"
    assert _says(judge, gate, phone, NOW + HOUR, admitted=True, said=NOW + HOUR - 90 * SECOND) == "admitted"
    assert _says(judge, gate, phone, NOW + HOUR, admitted=False, said=NOW + HOUR) == "refused"


def test_a_slip_opens_until_its_end_whatever_else_was_used(
    judge: Judge, gate: Hearing, right: Right, card: Way
) -> None:
    assert _says(judge, gate, card, NOW - HOUR, admitted=True) == ""
    slip = judge.facts.add_way(Way("s", right, WayKind.SLIP, "hash", NOW))
    assert _says(judge, gate, card, NOW + HOUR, admitted=True) == ""
    assert _says(judge, gate, slip, NOW + 2 * HOUR, admitted=False) == "refused"
    judge.facts.ended(slip, NOW + 3 * HOUR)
    assert _says(judge, gate, slip, NOW + 4 * HOUR, admitted=True) == "admitted"


def test_nobody_is_kept_in_and_no_strike_stays_released(judge: Judge) -> None:
    judge.way_out(0, NOW, "by the button, the gate has no power", free=True)
    judge.strike(0, NOW, left_open=False)
    assert judge.said() == {}
    judge.way_out(0, NOW, "by the button, the gate has no power", free=False)
    judge.strike(1, NOW, left_open=True)
    assert [each.partition(" (")[0] for wrong in judge.said().values() for each in wrong] == [
        "1 x kept in: by the button the gate has no power",
        "1 x the strike does not hold",
    ]


def test_nobody_of_another_community_or_of_another_door(judge: Judge, gate: Hearing, card: Way) -> None:
    assert _says(judge, gate, None, NOW, admitted=True) == "admitted"
    judge.wrong.clear()
    judge.passage(Shown(0, ("102", "2"), NOW, card, "card"), gate.window(NOW), admitted=True)
    assert judge.wrong


def test_a_face_is_gone_a_day_after_its_consent_and_a_pass_after_thirty(
    judge: Judge, gate: Hearing, right: Right
) -> None:
    face = judge.facts.add_way(Way("f", right, WayKind.FACE, "", NOW - DAY))
    judge.facts.ended(face, NOW)
    judge.templates(0, NOW + DAY - HOUR, gate.window(NOW + DAY - HOUR), iter(["f"]))
    judge.passes(0, gate.window(NOW), NOW - 30 * DAY)
    assert judge.said() == {}
    judge.templates(0, NOW + DAY + HOUR, gate.window(NOW + DAY + HOUR), iter(["f"]))
    judge.passes(0, gate.window(NOW), NOW - 31 * DAY)
    assert len(judge.said()[0]) == 2


def test_a_face_whose_withdrawal_a_backup_undid_may_be_made_anew(judge: Judge, gate: Hearing, right: Right) -> None:
    face = judge.facts.add_way(Way("f", right, WayKind.FACE, "", NOW - DAY))
    judge.facts.ended(face, NOW)
    judge.facts.went_back(NOW - HOUR, NOW + 2 * HOUR)
    later = NOW + DAY + HOUR
    judge.templates(0, later, gate.window(later), iter(["f"]))
    assert judge.said() == {}
    judge.facts.ended(face, NOW + 3 * HOUR)
    judge.templates(0, later, gate.window(later), iter(["f"]))
    assert judge.said() == {}
    later += 3 * HOUR
    judge.templates(0, later, gate.window(later), iter(["f"]))
    assert judge.said() != {}


def test_a_landlords_no_that_a_backup_undid_is_no_answer(judge: Judge, gate: Hearing, right: Right, card: Way) -> None:
    """The renewal waits again, and may go on by silence: nobody can say."""
    right.waits(NOW - 2 * HOUR, LAST, LAST + 90 * DAY)
    right.ends(NOW, LAST)
    judge.facts.went_back(NOW - HOUR, NOW + 2 * HOUR)
    later = datetime(2026, 12, 20, tzinfo=NOW.tzinfo)
    assert _says(judge, gate, card, later, admitted=True) == ""
    assert _says(judge, gate, card, later, admitted=False) == ""
    assert _says(judge, gate, card, later + 90 * DAY, admitted=True) == "admitted"
