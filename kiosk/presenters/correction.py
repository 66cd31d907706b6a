"""The screens of 信息有误: which lines are wrong, and what is to be brought where."""

from typing import assert_never

from kiosk.flows import correction as flow
from kiosk.presenters import hand_in
from kiosk.presenters.confirmation import label, row
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, DataView, View

STEP = 3


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingLines():
            return _lines(state, around)
        case flow.ReadingOver():
            return _over(state, around)
        case flow.HandingIn(at):
            return hand_in.present(at, around)
        case flow.Unchanged() | flow.Finished():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _lines(state: flow.ChoosingLines, around: Surroundings) -> View:
    words, kind = around.words, state.case.errand.service.kind
    question, line = words("correct.question"), words("correct.line")
    return ChoiceView(
        question,
        around.speech(question, line),
        words("correct.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice(
            "on", words("correct.more" if state.more else "correct.chosen"), enabled=state.more or bool(state.chosen)
        ),
        paragraph="" if around.aided else line,
        choices=tuple(
            Choice(
                f"line:{field.name}",
                words(label(kind, field.name)),
                "" if around.aided else str(field.value),
                icon="tick" if field.name in state.chosen else "empty",
            )
            for field in state.shown
        ),
    )


def _over(state: flow.ReadingOver, around: Surroundings) -> View:
    words, kind = around.words, state.case.errand.service.kind
    bring = words("correct.bring", **around.desk())
    return DataView(
        words("correct.over"),
        around.speech(words("correct.over"), bring),
        words("correct.over_help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("issue", words("correct.hand_in")),
        rows=tuple(
            row(field.value, words(label(kind, field.name)))
            for field in flow.lines(state.case)
            if field.name in state.chosen
        ),
        reveal=words("record.reveal"),
        note=bring,
    )
