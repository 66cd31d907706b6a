"""A technician at a gate: only by the PIN, never before whoever comes in, and nothing opens but by a trial."""

import pytest

from civic.flow import Event
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows.terminal import LIMITS_S, Decide, ForgetPasser, Presented, Terminal, advance

PIN = tuple(t.PinDigit(Personal(digit)) for digit in "27182818")
OFFLINE, FIRE = s.Conditions(door=False), s.Conditions(fire=True)


def _after(*events: Event, at: s.At | None = None, conditions: s.Conditions | None = None) -> Terminal:
    terminal = Terminal(at or s.Idle(), conditions=conditions or s.Conditions())
    for event in events:
        terminal = advance(terminal, event).state
    return terminal


@pytest.fixture
def on_page() -> Terminal:
    return _after(t.CornerTapped(), *PIN, t.PinEntered(), t.PinAccepted())


def test_the_corner_the_pin_and_then_the_page(on_page: Terminal) -> None:
    entering = _after(t.CornerTapped(), *PIN)
    step = advance(entering, t.PinEntered())
    assert step.commands == (t.CheckPin(Personal("27182818")),)
    assert step.state.at == s.EnteringPin(checking=True)
    assert on_page.at == s.AtService()


@pytest.mark.parametrize("event", [t.PinAccepted(), t.DoorTestAsked(), t.DoorTested(opened=True), h.CodeFinished()])
def test_nothing_but_an_answer_to_the_pin_leads_to_the_page(event: Event) -> None:
    for before in (_after(), _after(t.CornerTapped()), _after(t.CornerTapped(), *PIN)):
        step = advance(before, event)
        assert step.state.at == before.at
        assert step.commands == ()


def test_a_wrong_pin_says_so_and_a_locked_one_takes_no_more() -> None:
    typed = (t.CornerTapped(), *PIN, t.PinEntered())
    assert _after(*typed, t.PinRefused()).at == s.EnteringPin(wrong=True)
    assert _after(*typed, t.PinRefused(unset=True)).at == s.EnteringPin(wrong=True, unset=True)
    locked = _after(*typed, t.PinRefused(15))
    assert advance(locked, PIN[0]).state.at == locked.at
    assert advance(locked, t.PinEntered()).commands == ()


def test_the_pin_is_masked_and_no_longer_than_twelve() -> None:
    at = _after(t.CornerTapped(), *PIN, *PIN).at
    assert isinstance(at, s.EnteringPin)
    assert len(at.pin.reveal()) == 12
    assert "2718" not in repr(at)
    assert advance(Terminal(at), t.PinErased()).state.at == s.EnteringPin(Personal(at.pin.reveal()[:-1]))


def test_the_door_is_tried_once_at_a_time_and_that_is_no_opening(on_page: Terminal) -> None:
    step = advance(on_page, t.DoorTestAsked())
    assert step.commands == (t.TryDoor(),)
    assert advance(step.state, t.DoorTestAsked()).commands == ()
    for opened, said in ((True, "door-opened"), (False, "door-failed")):
        assert advance(step.state, t.DoorTested(opened)).state.at == s.AtService(said)


def test_whoever_lays_a_card_comes_first(on_page: Terminal) -> None:
    step = advance(on_page, Presented("card"))
    assert step.state.at == s.Deciding()
    assert step.commands == (t.NoteLeaving(), ForgetPasser(), Decide("card"))


def test_what_can_open_nothing_takes_nobody_from_the_page(on_page: Terminal) -> None:
    """The door's wire is unplugged: who repairs it sees that on the page, and a card changes nothing."""
    broken = advance(on_page, h.ConditionsChanged(OFFLINE)).state
    assert broken.at == s.AtService()
    assert advance(broken, Presented("card")).state.at == s.AtService()
    left = advance(broken, t.LeftService())
    assert left.state.at == s.DoorOffline()
    assert left.commands == (ForgetPasser(), t.NoteLeaving())


@pytest.mark.parametrize("at", [s.OutOfService(), s.DoorOffline(), s.HeldOpen()])
def test_a_gate_that_serves_nobody_lets_its_technician_in(at: s.At) -> None:
    assert _after(t.CornerTapped(), at=at).at == s.EnteringPin()


@pytest.mark.parametrize("at", [s.Deciding(), s.Opened(), s.Emergency()])
def test_the_corner_disturbs_nobody_who_comes_in_or_leaves(at: s.At) -> None:
    assert _after(t.CornerTapped(), at=at).at == at


def test_a_fire_is_shown_over_the_page(on_page: Terminal) -> None:
    step = advance(on_page, h.ConditionsChanged(FIRE))
    assert step.state.at == s.Emergency()
    assert t.NoteLeaving() in step.commands


def test_the_page_ends_by_itself_and_the_audit_hears_of_it(on_page: Terminal) -> None:
    step = advance(on_page, h.TimePassed(LIMITS_S[s.AtService]))
    assert step.state.at == s.Idle()
    assert t.NoteLeaving() in step.commands
    assert _after(t.CornerTapped(), h.TimePassed(LIMITS_S[s.EnteringPin])).at == s.Idle()
