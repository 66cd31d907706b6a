"""The screens of making a paper and of handing it over. Those of a receipt say what stands on every receipt alike."""

from typing import assert_never

from kiosk.flows import happenings as h
from kiosk.flows import issuing as flow
from kiosk.presenters.ending import stopped, why
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, Picture, ProgressView, StageState, Tone, View

STEP = 4
_PRINTERS = ("page_printer", "thermal_printer")
_LATER = frozenset({"records-unreachable", "records-refused", "reader-failed", "document-reader-failed", "unexpected"})


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.Issuing():
            return _issuing(state, around)
        case flow.TakingPaper():
            return _take_paper(state, around)
        case flow.Voiding():
            return waiting("issue.voiding", around, STEP)
        case flow.Ended():
            return _ended(state, around)
        case flow.Finished():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _issuing(state: flow.Issuing, around: Surroundings) -> View:
    words = around.words
    order = tuple(h.Stage)
    now = order.index(state.stage)
    marks = (StageState.DONE, StageState.RUNNING, StageState.WAITING)
    stages = tuple(
        (words(f"issue.{stage.value}"), marks[0 if at < now else 1 if at == now else 2])
        for at, stage in enumerate(order)
    )
    waits = state.waiting_for
    question, line = words("issue.again" if state.again else "issue.question"), words("issue.line")
    if waits:
        reason = words(f"reason.{state.printer}_reason.{waits}")
        question, line = words("issue.stopped", reason=reason), words("issue.waiting")
    return ProgressView(
        question,
        around.speech(question, line) if waits else words("issue.spoken"),
        words("issue.help"),
        tone=Tone.ATTENTION if waits else Tone.CALM,
        steps=around.steps(STEP),
        stages=stages,
        picture=Picture.WAIT if waits else Picture.PRINTING,  # no sheet comes out of a printer that stands still
        line=line,
    )


def _take_paper(state: flow.TakingPaper, around: Surroundings) -> View:
    """Called out, it is said aloud to whoever is near: the paper is named, and nobody."""
    words = around.words
    what = "receipt" if state.receipt else "paper"
    asked = words(f"{what}.called" if state.called else f"{what}.question")
    paragraph = _on_receipt(state, around) if state.receipt else words(f"paper.{state.medium}")
    return ChoiceView(
        asked,
        asked if state.called else around.speech(words(f"{what}.spoken"), paragraph if state.receipt else ""),
        words(f"{what}.help"),
        tone=Tone.ATTENTION if state.called else Tone.CALM,
        steps=around.steps(STEP),
        aloud=state.called,
        picture=Picture.TAKE_STRIP if state.medium == "strip" else Picture.TAKE_PAPER,
        paragraph=paragraph,
        choices=(
            Choice("paper-taken", words("paper.taken")),
            Choice("paper-missing", words("paper.missing")),
            Choice("paper-unreadable", words("paper.unreadable")),
        ),
    )


def _on_receipt(state: flow.TakingPaper, around: Surroundings) -> str:
    """When, where and with what: as the policy has it for everybody who gets one."""
    words, desk = around.words, around.desk()
    collecting = around.place.service(state.application.kind).collecting
    if collecting is None or around.aided:
        return words("receipt.paragraph")
    bring = words.pick(collecting.bring)
    return words("receipt.collect", days=collecting.working_days, bring=bring, **desk)


def _ended(state: flow.Ended, around: Surroundings) -> View:
    words = around.words
    parts = [words("ended.void") if state.void else words("ended.nothing")]
    if state.maybe_out:
        parts.append(words("ended.maybe_out"))
    ways_on = words(f"ended.can.{_way_on(state, around)}")
    return stopped(why(state.code, around), around.speech(*parts), ways_on, around)


def _way_on(state: flow.Ended, around: Surroundings) -> str:
    """A machine that waits for a hand works again when it had one; a paper that was begun is then owed."""
    if state.code == "rare-character":
        return "rare-character"
    if any(around.words.has(f"reason.{printer}_reason.{state.code}") for printer in _PRINTERS):
        return "next_visit" if state.void else "later"
    return "later" if state.code in _LATER else "desk"
