"""The screens of 信息有误: which lines are wrong, and what is to be brought where."""

from dataclasses import replace
from typing import assert_never

from kiosk.flows import correction as flow
from kiosk.flows.happenings import OwnField
from kiosk.presenters import hand_in
from kiosk.presenters.confirmation import label, row
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, DataView, View

STEP = 3
_MASKED_DAY = "年**月**日"  # of civic.masking.PersonalDate


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
        paragraph=line,
        choices=tuple(
            Choice(
                f"line:{field.name}",
                words(label(kind, field.name)),
                _value(field, around),
                icon="tick" if field.name in state.chosen else "empty",
            )
            for field in state.shown
        ),
    )


def _value(field: OwnField, around: Surroundings) -> str:
    """Masked, as the register writes it, and what that is called in the reader's language."""
    words, value = around.words, str(field.value)
    if field.name == "birth_date" and value.endswith(_MASKED_DAY):
        return words("date.masked", year=value.removesuffix(_MASKED_DAY))
    key = f"value.{field.name}.{value}"
    said = words(key) if words.has(key) else value
    return value if said == value else f"{value} · {said}"


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
            replace(row(field.value, words(label(kind, field.name))), value=_value(field, around))
            for field in flow.lines(state.case)
            if field.name in state.chosen
        ),
        reveal=words("record.reveal"),
        note=bring,
    )
