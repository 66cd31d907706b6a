"""The gate's screen as a table: where it is, what happens, where it is then, and what is done."""

from dataclasses import replace

import pytest

from civic.comfort import Comfort, Language, LanguageToggled, LargeTypeToggled
from civic.flow import Command, Event
from civic.masking import Personal
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows.terminal import (
    LIMITS_S,
    UNTOUCHED_S,
    WARNING_S,
    Admitted,
    CheckTypedCode,
    Decide,
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
from gate.flows.typed_code import MOST_WRONG, PAUSE_S

OFFERED = s.Conditions(s.Face.OFFERED)
CODE = Personal("13579246")
SOMETHING = object()


def after(terminal: Terminal, *events: Event) -> Terminal:
    """Where these events lead."""
    for event in events:
        terminal = advance(terminal, event).state
    return terminal


def typed(code: str) -> tuple[Event, ...]:
    return tuple(h.DigitTyped(Personal(digit)) for digit in code)


TABLE: list[tuple[s.At, Event, s.At, tuple[Command, ...]]] = [
    (s.Idle(3), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.Idle(), h.HowAsked(s.Way.CODE), s.ShowingHow(s.Way.CODE), ()),
    (s.Idle(), h.FaceChosen(), s.AskingFace(), ()),
    (s.Idle(), h.TypingChosen(), s.TypingCode(), ()),
    (s.Idle(), h.GuardAsked(), s.GuardShown(), ()),
    (s.Idle(), Admitted(), s.Idle(), ()),
    (s.Idle(), h.EnrolmentOffered(), s.Idle(), ()),
    (s.HeldOpen(), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.AskingFace(), h.LookAsked(), s.LookingForFace(), (LookForFace(),)),
    (s.AskingFace(), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.AskingFace(), h.WentBack(), s.Idle(), ()),
    (s.LookingForFace(), Admitted(), s.Opened(), (StopLooking(), OpenDoor())),
    (s.LookingForFace(), NotAdmitted(), s.Refused(), (StopLooking(), ForgetPasser())),
    (s.LookingForFace(), h.WentBack(), s.Idle(), (StopLooking(), ForgetPasser())),
    (s.LookingForFace(), Presented(SOMETHING), s.Deciding(), (StopLooking(), ForgetPasser(), Decide(SOMETHING))),
    (s.Deciding(), Presented(SOMETHING), s.Deciding(), ()),
    (s.Deciding(), Admitted(), s.Opened(), (OpenDoor(),)),
    (s.Deciding(), Admitted(in_grace=True), s.Opened(), (OpenDoor(),)),
    (s.Deciding(), NotAdmitted(), s.Refused(), (ForgetPasser(),)),
    (s.Deciding(), h.GuardAsked(), s.GuardShown(), (ForgetPasser(),)),
    (s.Refused(), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.Refused(), Admitted(), s.Refused(), ()),
    (s.Opened(), Presented(SOMETHING), s.Deciding(), (ForgetPasser(), Decide(SOMETHING))),
    (s.Opened(), h.DoorFailed(), s.DoorOffline(), (ForgetPasser(),)),
    (s.Opened(), h.EnrolmentOffered(), s.AskingEnrolment(), ()),
    (s.AskingEnrolment(), h.EnrolmentAgreed(), s.ShowingSlip(), ()),
    (s.AskingEnrolment(), Presented(SOMETHING), s.Deciding(), (ForgetPasser(), Decide(SOMETHING))),
    (s.ShowingSlip(), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.ShowingSlip(), h.EnrolmentAgreed(), s.ShowingSlip(), ()),
    (s.ShowingSlip(), h.EnrolmentDeclined(), s.Idle(), (ForgetPasser(),)),
    (s.ShowingSlip(), Admitted(enrols=True), s.ShowingSlip(), ()),
    (s.Deciding(), Admitted(enrols=True), s.EnrollingFace(), (OpenDoor(), EnrolFace())),
    (s.AskingEnrolment(), h.EnrolmentDeclined(), s.Idle(), (ForgetPasser(),)),
    (s.LookingForFace(), h.FaceInstructed("look-up", 0.5), s.LookingForFace("look-up", 0.5), ()),
    (s.EnrollingFace("look-up", 0.2), h.FaceInstructed("look-back", 0.5), s.EnrollingFace("look-back", 0.5), ()),
    (s.EnrollingFace("look-back", 0.5), h.FaceInstructed("no-face", 0.2), s.EnrollingFace("no-face", 0.5), ()),
    (s.AskingEnrolment(), h.FaceInstructed("turn-left", 0.2), s.AskingEnrolment(), ()),
    (s.Opened(), h.FaceInstructed("turn-left", 0.2), s.Opened(), ()),
    (s.EnrollingFace(), h.FaceEnrolled(), s.EnrolmentOver(done=True), (StopLooking(), ForgetPasser())),
    (s.EnrollingFace(), h.EnrolmentFailed(), s.EnrolmentOver(done=False), (StopLooking(), ForgetPasser())),
    (s.EnrollingFace(), h.WentBack(), s.Idle(), (StopLooking(), ForgetPasser())),
    (s.TypingCode(CODE), h.CodeFinished(), s.Deciding(typed=True), (CheckTypedCode(CODE),)),
    (s.TypingCode(CODE), h.DigitTyped(Personal("1")), s.TypingCode(CODE), ()),
    (s.TypingCode(CODE), h.DigitErased(), s.TypingCode(Personal("1357924")), ()),
    (s.TypingCode(Personal("1")), h.CodeFinished(), s.TypingCode(Personal("1")), ()),
    (s.TypingCode(), h.DigitErased(), s.TypingCode(), ()),
    (s.TypingCode(CODE), Presented(SOMETHING), s.Deciding(), (ForgetPasser(), Decide(SOMETHING))),
    (s.DoorOffline(), Presented(SOMETHING), s.Deciding(), (Decide(SOMETHING),)),
    (s.Emergency(), Presented(SOMETHING), s.Emergency(), ()),
    (s.OutOfService(), h.GuardAsked(), s.OutOfService(), ()),
]


@pytest.mark.parametrize(("at", "event", "then", "done"), TABLE)
def test_each_event_leads_where_it_should(at: s.At, event: Event, then: s.At, done: tuple[Command, ...]) -> None:
    step = advance(Terminal(at, conditions=OFFERED), event)
    assert (step.state.at, step.commands) == (then, done)


def test_a_guest_types_eight_digits_at_their_own_pace() -> None:
    """Each key gives the time anew."""
    terminal = after(Terminal(), h.TypingChosen())
    for key in typed(CODE.reveal()):
        terminal = after(terminal, h.TimePassed(LIMITS_S[s.TypingCode] - 1), key)
    step = advance(terminal, h.CodeFinished())
    assert step.commands == (CheckTypedCode(CODE),)
    assert CODE.reveal() not in repr(step)


def test_after_five_wrong_codes_in_a_minute_typing_rests_and_cards_do_not() -> None:
    terminal = Terminal()
    for _ in range(MOST_WRONG):
        assert after(terminal, h.TypingChosen()).at == s.TypingCode()
        terminal = after(
            terminal, h.TypingChosen(), *typed(CODE.reveal()), h.CodeFinished(), NotAdmitted(), h.WentBack()
        )
    assert after(terminal, h.TypingChosen()).at == s.TypingPaused()
    assert after(terminal, Presented(SOMETHING)).at == s.Deciding()
    assert after(terminal, h.TypingChosen(), h.TimePassed(PAUSE_S - 1)).at == s.TypingPaused()
    assert after(terminal, h.TypingChosen(), h.TimePassed(PAUSE_S)).at == s.TypingCode()


def test_wrong_codes_that_lie_more_than_a_minute_apart_pause_nothing() -> None:
    terminal = Terminal()
    for _ in range(3 * MOST_WRONG):
        wrong = (h.TypingChosen(), *typed(CODE.reveal()), h.CodeFinished(), NotAdmitted())
        terminal = after(terminal, *wrong, h.TimePassed(20.0))
    assert after(terminal, h.TypingChosen()).at == s.TypingCode()


def test_a_refused_card_is_no_wrong_code() -> None:
    terminal = Terminal()
    for _ in range(2 * MOST_WRONG):
        terminal = after(terminal, Presented(SOMETHING), NotAdmitted())
    assert not terminal.tries.paused


@pytest.mark.parametrize("face", [s.Face.TOO_MANY, s.Face.AWAY, s.Face.NOT_HERE])
def test_where_no_face_is_offered_no_camera_opens(face: s.Face) -> None:
    terminal = Terminal(conditions=s.Conditions(face))
    assert after(terminal, h.FaceChosen()).at == s.FaceNotOffered()
    step = advance(Terminal(s.Opened(), conditions=terminal.conditions), h.EnrolmentOffered())
    assert (step.state.at, step.commands) == (s.Opened(), ())


def test_a_camera_that_fails_while_it_looks_is_explained() -> None:
    step = advance(Terminal(s.LookingForFace(), conditions=OFFERED), h.ConditionsChanged(s.Conditions(s.Face.AWAY)))
    assert step.state.at == s.FaceNotOffered()
    assert step.commands == (StopLooking(), ForgetPasser())


CHANGES = [
    (s.Conditions(fire=True, closed=True, door=False, held_open=True), s.Emergency()),
    (s.Conditions(closed=True, door=False), s.OutOfService()),
    (s.Conditions(door=False, held_open=True), s.DoorOffline()),
]


@pytest.mark.parametrize(("conditions", "shown"), CHANGES)
@pytest.mark.parametrize("at", [s.Idle(), s.LookingForFace(), s.EnrollingFace(), s.TypingCode(CODE), s.Opened()])
def test_what_matters_more_is_shown_over_everything_and_ends_with_its_cause(
    at: s.At, conditions: s.Conditions, shown: s.At
) -> None:
    step = advance(Terminal(at, conditions=OFFERED), h.ConditionsChanged(conditions))
    assert step.state.at == shown
    assert (StopLooking() in step.commands) == isinstance(at, s.LookingForFace | s.EnrollingFace)
    later = after(step.state, h.TimePassed(1000.0), Presented(SOMETHING), Admitted())
    assert later.at == shown
    assert after(later, h.ConditionsChanged(OFFERED)).at == s.Idle()


def test_a_door_held_open_is_said_when_nobody_is_being_served() -> None:
    held = replace(OFFERED, held_open=True)
    assert after(Terminal(conditions=OFFERED), h.ConditionsChanged(held)).at == s.HeldOpen()
    opened = after(Terminal(s.Opened(), conditions=OFFERED), h.ConditionsChanged(held))
    assert opened.at == s.Opened()
    assert after(opened, h.TimePassed(LIMITS_S[s.Opened])).at == s.HeldOpen()
    assert after(opened, h.TimePassed(LIMITS_S[s.Opened]), h.ConditionsChanged(OFFERED)).at == s.Idle()


def test_a_door_that_did_not_answer_is_tried_again_by_the_next_who_comes() -> None:
    terminal = after(Terminal(), Presented(SOMETHING), Admitted(), h.DoorFailed())
    assert terminal.at == s.DoorOffline()
    assert after(terminal, h.TimePassed(LIMITS_S[s.DoorOffline])).at == s.Idle()


ENDS = {
    s.ShowingHow(s.Way.CARD): s.Idle(),
    s.AskingFace(): s.Idle(),
    s.LookingForFace(): s.Refused(),
    s.Deciding(): s.Refused(),
    s.TypingCode(): s.Idle(),
    s.Opened(): s.Idle(),
    s.Refused(): s.Idle(),
    s.GuardShown(): s.Idle(),
    s.FaceNotOffered(): s.Idle(),
    s.AskingEnrolment(): s.Idle(),
    s.ShowingSlip(): s.Idle(),
    s.EnrollingFace(): s.EnrolmentOver(done=False),
    s.EnrolmentOver(done=True): s.Idle(),
}


@pytest.mark.parametrize(("at", "then"), ENDS.items())
def test_whatever_takes_too_long_ends_by_itself(at: s.At, then: s.At) -> None:
    limit = LIMITS_S[type(at)]
    assert after(Terminal(at, conditions=OFFERED), h.TimePassed(limit - 1)).at == at
    assert after(Terminal(at, conditions=OFFERED), h.TimePassed(limit - 1), h.TimePassed(1)).at == then


def test_warnings_take_turns() -> None:
    terminal = after(Terminal(), h.TimePassed(WARNING_S / 2), h.TimePassed(WARNING_S / 2))
    assert terminal.at == s.Idle(1)
    assert after(terminal, h.TimePassed(WARNING_S)).at == s.Idle(2)


def test_whoever_comes_next_is_spoken_to_in_chinese_again() -> None:
    """But not while the same person reads why, or what else there is."""
    english = after(Terminal(), LanguageToggled(), LargeTypeToggled(), Presented(SOMETHING), NotAdmitted())
    assert english.comfort == Comfort(Language.ENGLISH, large=True)
    back = after(english, h.WentBack())
    assert after(back, h.TimePassed(UNTOUCHED_S - 1)).comfort == english.comfort
    assert after(back, h.TimePassed(UNTOUCHED_S)).comfort == Comfort()


def test_help_closes_when_the_screen_changes() -> None:
    helped = after(Terminal(), h.HelpToggled())
    assert helped.helping
    assert not after(helped, h.HelpToggled()).helping
    assert not after(helped, Presented(SOMETHING)).helping


def test_what_was_presented_is_never_printed() -> None:
    assert "secret" not in repr((Presented("secret"), Decide("secret"), CheckTypedCode(Personal("secret"))))
