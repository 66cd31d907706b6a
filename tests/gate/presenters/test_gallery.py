"""Every screen of a gate, in both languages: words for all of it, a way for the keypad, and nothing about a person."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from devices.face.api import Instruction
from gate.actions import event_of
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows.terminal import Admitted, NotAdmitted, Presented, Terminal, advance
from gate.presenters.faces import INSTRUCTIONS
from gate.presenters.gallery import SITE, samples, terminals
from gate.presenters.surroundings import Surroundings
from gate.presenters.terminal import chrome, present
from terminal.texts import LANGUAGES, Catalogue, Words
from terminal.views import GateIdleView, KeypadView, Picture, PictureView, SignView, Tone

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts" / "gate")
NOW = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
AROUND = Surroundings(CATALOGUE.in_language("zh"), NOW, SITE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_says_a_sentence_has_help_and_targets_that_mean_something(language: str) -> None:
    for name, view, row in samples(CATALOGUE.in_language(language)):
        assert all(text.strip() for text in (view.question, view.spoken, view.help)), name
        actions = (*view.focus_order, *(choice.action for choice in row.buttons))
        assert len(set(actions)) == len(actions), name
        assert all(event_of(action) is not None for action in actions), name
        assert (_HAN.search(view.question + view.spoken + view.help) is not None) == (language == "zh"), name


def test_the_gallery_has_every_state() -> None:
    assert {type(terminal.at) for _, terminal in terminals()} == set(get_args(s.At))


def test_an_action_that_no_flow_knows_is_none() -> None:
    assert [event_of(action) for action in ("", "alarm", "how:foot", "key:A", "key:12")] == [None] * 5


def test_the_languages_have_the_same_texts_and_screens_use_them_all() -> None:
    chinese, english = (CATALOGUE.in_language(language)._texts for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    used: set[str] = set()

    class _Noting(Words):
        __slots__ = ()

        def __call__(self, key: str, **values: object) -> str:
            used.add(key)
            return super().__call__(key, **values)

    assert list(samples(_Noting("zh", chinese)))
    assert chinese.keys() == used


def _refused_after(*events: object) -> Terminal:
    terminal = Terminal(conditions=s.Conditions(s.Face.OFFERED))
    for event in events:
        terminal = advance(terminal, event).state  # type: ignore[arg-type]
    return terminal


def test_a_refusal_is_the_same_for_every_reason() -> None:
    """An unknown card, a face that is nobody's, a code that was typed wrongly, one that took too long."""
    digits = tuple(event_of(f"key:{digit}") for digit in "13579246")
    refusals = (
        _refused_after(Presented("card"), NotAdmitted()),
        _refused_after(h.FaceChosen(), h.LookAsked(), NotAdmitted()),
        _refused_after(h.TypingChosen(), *digits, h.CodeFinished(), NotAdmitted()),
        _refused_after(Presented("code"), h.TimePassed(60.0)),
    )
    views = [present(terminal, AROUND) for terminal in refusals]
    assert all(view == views[0] for view in views)
    assert views[0].question == "请使用其他方式，或呼叫值班室"
    assert isinstance(views[0], SignView)
    assert views[0].number == SITE.guard_phone


def test_who_comes_in_on_their_last_days_sees_what_everybody_sees() -> None:
    """请查看通知 stands there for all, or for nobody."""
    for conditions in (s.Conditions(), s.Conditions(notices=True)):
        deciding = Terminal(s.Deciding(), conditions=conditions)
        views = [present(advance(deciding, Admitted(in_grace=grace)).state, AROUND) for grace in (False, True)]
        assert views[0] == views[1]
        assert isinstance(views[0], SignView)
        assert ("请查看通知" in views[0].lines) == conditions.notices
        idle = present(Terminal(conditions=conditions), AROUND)
        assert isinstance(idle, GateIdleView)
        assert bool(idle.notice) == conditions.notices


def test_whatever_keeps_the_door_shut_says_that_the_way_out_is_open_and_whom_to_call() -> None:
    shut = (s.Refused(), s.DoorOffline(), s.OutOfService())
    for at in shut:
        view = present(Terminal(at), AROUND)
        assert isinstance(view, SignView)
        assert "出门不用刷，出口一直能打开。" in view.lines
        assert view.number == SITE.guard_phone
        assert view.tone is Tone.CALM


def test_without_a_telephone_people_are_sent_to_the_window() -> None:
    nobody = replace(AROUND, site=replace(SITE, guard_phone=""))
    for at in (s.Refused(), s.GuardShown(), s.DoorOffline()):
        view = present(Terminal(at), nobody)
        assert isinstance(view, SignView)
        assert "请到值班室窗口" in f"{view.question}{view.label}"
        assert not view.number


def test_a_face_is_spoken_of_only_where_the_site_has_it() -> None:
    without = present(Terminal(), AROUND)
    assert "face" not in without.focus_order
    for face in (s.Face.OFFERED, s.Face.TOO_MANY, s.Face.AWAY):
        assert "face" in present(Terminal(conditions=s.Conditions(face)), AROUND).focus_order
    assert without.focus_order == ("how:card", "how:code", "type", "guard")


def test_what_is_typed_is_never_shown() -> None:
    for name, view, _ in samples(CATALOGUE.in_language("zh")):
        if isinstance(view, KeypadView):
            assert set("".join(view.groups)) <= {"●"}, name
            assert (view.forward is not None and view.forward.enabled) == (sum(map(len, view.groups)) == 8), name


def test_a_lost_link_is_a_small_sign_for_technicians_and_nothing_else() -> None:
    linked, alone = (present(Terminal(conditions=s.Conditions(link=link)), AROUND) for link in (True, False))
    assert isinstance(linked, GateIdleView)
    assert isinstance(alone, GateIdleView)
    assert alone.sign
    assert replace(alone, sign="") == linked


def test_while_people_leave_or_come_in_nothing_else_is_on_the_screen() -> None:
    for at in (s.Emergency(), s.Opened()):
        terminal = Terminal(at, helping=True)
        row = chrome(terminal, present(terminal, AROUND), AROUND)
        assert (row.buttons, row.alarm, row.help) == ((), "", "")


def test_a_fire_is_said_in_both_languages_and_aloud() -> None:
    view = present(Terminal(s.Emergency()), AROUND)
    assert isinstance(view, SignView)
    assert view.aloud
    assert "Leave by this door" in "".join(view.lines)


@pytest.mark.parametrize("at", [s.LookingForFace(), s.EnrollingFace()], ids=["looking", "enrolling"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_camera_each_instruction_is_read_heard_and_drawn(
    at: s.LookingForFace | s.EnrollingFace, language: str
) -> None:
    """Every one that there is, in words of its own; a move of the head with an arrow of its own."""
    around = replace(AROUND, words=CATALOGUE.in_language(language))
    views = {each: present(Terminal(replace(at, instruction=each.value)), around) for each in Instruction}
    assert len({view.question for view in views.values()}) == len(Instruction)
    for each, view in views.items():
        assert isinstance(view, PictureView)
        assert view.spoken == view.question == around.words(f"camera.instruction.{each.value}")
        assert view.picture is not Picture.NONE
        assert view.back is not None, "it can be stopped at any moment"
    moves = (Instruction.TURN_LEFT, Instruction.TURN_RIGHT, Instruction.LOOK_UP, Instruction.LOOK_DOWN)
    assert [INSTRUCTIONS[each].value for each in moves] == list(moves)
    assert INSTRUCTIONS.keys() == set(Instruction)
    looked_at = (Instruction.LOOK_STRAIGHT, Instruction.LOOK_BACK)  # both: look into the camera
    assert len(set(INSTRUCTIONS.values())) == len(Instruction) - len(looked_at) + 1


def test_while_a_face_is_looked_for_a_bar_is_drawn_only_where_there_is_something_to_measure() -> None:
    looking, moved, enrolling = (
        present(Terminal(at), AROUND)
        for at in (s.LookingForFace(), s.LookingForFace("look-back", 0.6), s.EnrollingFace())
    )
    assert isinstance(looking, PictureView)
    assert isinstance(moved, PictureView)
    assert isinstance(enrolling, PictureView)
    assert (looking.progress, moved.progress, enrolling.progress) == (None, 0.6, 0.0)


def test_an_enrolment_is_asked_for_with_a_no_of_equal_rank() -> None:
    view = present(Terminal(s.AskingEnrolment()), AROUND)
    assert view.forward is None
    assert view.focus_order == ("agree", "decline")
