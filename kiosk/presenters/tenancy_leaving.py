"""The screens of leaving before a lease's last day."""

from typing import assert_never

from kiosk.flows import tenancy_leaving as flow
from kiosk.presenters.confirmation import row
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import on, short, steps, typed_day
from terminal.views import Choice, ChoiceView, DataRow, DataView, NoticeView, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ReadingMeaning(leave):
            return _meaning(leave, around)
        case flow.ChoosingDay():
            return _day(around)
        case flow.EnteringDay(_, entry):
            return typed_day("renting.leave.day_typed", entry, around)
        case flow.ReadingOver():
            return _over(state, around)
        case _:
            assert_never(state)


def _meaning(leave: flow.Leave, around: Surroundings) -> View:
    words, own = around.words, leave.case.own
    who = "let" if leave.letting else "own"
    question = words(f"renting.leave.{who}_question")
    told = words(f"renting.leave.{who}_told", hours=own.objection_hours)
    disputed = words("renting.leave.disputed")
    helped = words("renting.leave.mediation", name=words.pick(own.mediation)) if own.mediation else ""
    means = words(f"renting.leave.{who}_means")
    return NoticeView(
        question,
        around.speech(question, means, told),
        words("renting.leave.help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("renting.leave.on")),
        paragraphs=(
            (words("renting.leave.means_title"), means),
            (words("renting.leave.told_title"), told),
            (words("renting.leave.disputed_title"), "\n".join(part for part in (disputed, helped) if part)),
        ),
    )


def _day(around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("renting.leave.day"),
        words("renting.leave.day"),
        words("renting.day_help"),
        steps=steps(around),
        back=around.back(),
        choices=(
            Choice("days:0", words("renting.today"), on(around.now.date(), around)),
            Choice("other-day", words("renting.other_day")),
        ),
    )


def _over(state: flow.ReadingOver, around: Surroundings) -> View:
    words, leave = around.words, state.leave
    note = words("renting.leave.let_note" if leave.letting else "renting.leave.own_note")
    return DataView(
        words("declare.over"),
        around.speech(words("declare.over_spoken"), note),
        words("declare.over_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("issue", words("declare.hand_in")),
        rows=(
            row(leave.case.who.name, words("field.name")),
            row(leave.case.who.number, words("field.id_number")),
            DataRow(words("renting.flat"), short(leave.address)),
            DataRow(words("renting.leave.last"), on(state.day, around)),
        ),
        reveal=words("record.reveal"),
        note=note,
    )
