"""Random walks before a gate: never stuck, never opened without an admission, the camera never left on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from civic.flow import Event
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows.terminal import (
    Admitted,
    EnrolFace,
    ForgetPasser,
    LookForFace,
    NotAdmitted,
    OpenDoor,
    Presented,
    StopLooking,
    Terminal,
    advance,
)

OFFERED = s.Conditions(s.Face.OFFERED)
CONDITIONS = (
    OFFERED,
    s.Conditions(),
    s.Conditions(s.Face.TOO_MANY, held_open=True, notices=True),
    s.Conditions(s.Face.OFFERED, door=False),
    s.Conditions(fire=True),
    s.Conditions(closed=True, link=False),
)
EVENTS: tuple[Event, ...] = (
    Presented("card"),
    Admitted(),
    Admitted(in_grace=True),
    Admitted(enrols=True),
    NotAdmitted(),
    *(h.TimePassed(seconds) for seconds in (0.5, 7.0, 40.0)),
    *(h.ConditionsChanged(each) for each in CONDITIONS),
    *(h.HowAsked(way) for way in s.Way),
    *(h.DigitTyped(Personal(digit)) for digit in "07"),
    h.FaceInstructed("turn-left", 0.5),
    *(each() for each in (h.HelpToggled, h.GuardAsked, h.WentBack, h.FaceChosen, h.LookAsked, h.TypingChosen)),
    *(each() for each in (h.DigitErased, h.CodeFinished, h.DoorFailed, h.FaceEnrolled, h.EnrolmentFailed)),
    *(each() for each in (h.EnrolmentOffered, h.EnrolmentAgreed, h.EnrolmentDeclined)),
    *(each() for each in (LanguageToggled, LargeTypeToggled, SpeechToggled)),
    *(each() for each in (t.CornerTapped, t.PinEntered, t.PinAccepted, t.PinRefused, t.DoorTestAsked, t.LeftService)),
    t.PinDigit(Personal("7")),
    t.DoorTested(opened=True),
)
_UNDECIDED = s.Deciding | s.LookingForFace
_CAMERA = s.LookingForFace | s.EnrollingFace


def _check(before: Terminal, event: Event, after: Terminal, commands: tuple[object, ...]) -> None:
    opens = isinstance(event, Admitted) and isinstance(before.at, _UNDECIDED)
    assert (OpenDoor() in commands) == opens
    if isinstance(after.at, s.Opened):
        assert opens or isinstance(before.at, s.Opened)
    if isinstance(before.at, _CAMERA) and not isinstance(after.at, _CAMERA):
        assert commands[0] == StopLooking()
    assert (LookForFace() in commands) == (
        not isinstance(before.at, _CAMERA) and isinstance(after.at, s.LookingForFace)
    )
    if t.TryDoor() in commands:
        assert isinstance(before.at, s.AtService)
    if isinstance(after.at, s.AtService) and not isinstance(before.at, s.AtService):
        assert isinstance(event, t.PinAccepted)
    assert (t.NoteLeaving() in commands) == (
        isinstance(before.at, s.AtService) and not isinstance(after.at, s.AtService)
    )
    if EnrolFace() in commands:
        assert isinstance(event, Admitted)
        assert event.enrols
    if isinstance(after.at, s.Idle) and isinstance(before.at, s.Deciding | s.Opened | s.TypingCode | _CAMERA):
        assert ForgetPasser() in commands


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_every_walk_keeps_the_rules_and_comes_back_to_rest(events: list[Event]) -> None:
    terminal = Terminal(conditions=OFFERED)
    for event in events:
        step = advance(terminal, event)
        _check(terminal, event, step.state, step.commands)
        terminal = step.state
    terminal = advance(terminal, h.ConditionsChanged(OFFERED)).state
    for _ in range(40):
        terminal = advance(terminal, h.TimePassed(10.0)).state
    assert isinstance(terminal.at, s.Idle)


@given(st.sampled_from(EVENTS), st.lists(st.sampled_from(EVENTS), max_size=10))
def test_the_same_event_twice_opens_the_door_once(event: Event, events: list[Event]) -> None:
    """A decision that is told twice, a touch that bounces: the second changes nothing that matters."""
    terminal = Terminal(conditions=OFFERED)
    for each in events:
        terminal = advance(terminal, each).state
    first = advance(terminal, event)
    second = advance(first.state, event)
    assert [*first.commands, *second.commands].count(OpenDoor()) <= 1
