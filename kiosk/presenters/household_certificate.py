"""The screens of 户籍证明."""

from typing import assert_never

from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as flow
from kiosk.presenters import claim, proof
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import (
    Choice,
    ChoiceView,
    DataRow,
    DataView,
    MessageView,
    NoticeView,
    Picture,
    PictureView,
    ProgressView,
    StageState,
    Tone,
    View,
)

_LATER = frozenset({"records-unreachable", "records-refused", "reader-failed", "document-reader-failed", "unexpected"})
_NEXT_VISIT = frozenset(
    {
        *("paper-out", "jam", "cover-open", "toner-out", "output-full", "unreachable", "paused", "busy", "other"),
        *("tray-missing", "part-missing", "waste-full", "part-worn-out", "fuser-fault", "memory-full", "needs-repair"),
        *("cutter-error", "overheated", "paper-left-in-presenter", "status-unknown"),
    }
)


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingPurpose(purposes):
            return _purposes(purposes, around)
        case flow.BookIsEnough(_, purpose):
            return _book(purpose, around)
        case flow.ReadingNotice():
            return _notice(around)
        case flow.Claiming(_, at):
            return claim.present(at, around)
        case flow.Proving(_, at):
            return proof.present(at, around)
        case flow.OpeningRecord():
            return waiting("record.opening", around, 3)
        case flow.ConfirmingData(purpose, own):
            return _data(purpose, own, around)
        case flow.Issuing():
            return _issuing(state, around)
        case flow.TakingPaper():
            return _take_paper(around)
        case flow.Voiding():
            return waiting("issue.voiding", around, 4)
        case flow.Ended():
            return _ended(state, around)
        case flow.Parting():
            return waiting("parting.looking", around)
        case flow.TakingCard():
            return _take_card(around)
        case flow.Over() | flow.Left():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _purposes(purposes: tuple[h.Purpose, ...], around: Surroundings) -> View:
    words = around.words
    choices = tuple(
        Choice(
            f"purpose:{purpose.id}",
            words.pick(purpose.title),
            note=words("purpose.enough_note") if purpose.book_is_enough else "",
        )
        for purpose in purposes
    )
    return ChoiceView(
        words("purpose.question"),
        words("purpose.spoken"),
        words("purpose.help"),
        steps=around.steps(0),
        back=around.back(),
        choices=choices,
    )


def _book(purpose: h.Purpose, around: Surroundings) -> View:
    words = around.words
    return MessageView(
        words("book.question"),
        around.speech(words("book.spoken"), words.pick(purpose.why_enough)),
        words("book.help"),
        steps=around.steps(0),
        back=around.back(),
        true_now=words.pick(purpose.why_enough),
        you_can=words("book.basis"),
        choices=(Choice("on", words("book.leave")), Choice("anyway", words("book.go_on"))),
    )


def _notice(around: Surroundings) -> View:
    words = around.words
    filled = {"issuer": words.pick(around.place.issuer), "phone": around.place.desk.phone}
    names = ("who", "what", "why", "long", "face")
    paragraphs = tuple((words(f"notice.{name}_title"), words(f"notice.{name}", **filled)) for name in names)
    return NoticeView(
        words("notice.question"),
        words("notice.spoken"),
        words("notice.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("agree", words("notice.agree")),
        paragraphs=paragraphs,
        small=words("notice.name", name=around.place.notice),
    )


def _data(purpose: h.Purpose, own: h.OwnData, around: Surroundings) -> View:
    words = around.words
    rows = tuple(_row(field, words(f"field.{field.name}")) for field in own.fields)
    fixed = (
        DataRow(words("field.purpose"), words.pick(purpose.title)),
        DataRow(words("field.valid_days"), words("field.days", days=around.place.valid_days)),
    )
    said = words("record.reissue") if own.reissue_waits else ""
    return DataView(
        words("record.question"),
        around.speech(said, words("record.spoken")),
        words("record.help"),
        steps=around.steps(3),
        back=around.back(),
        forward=Choice("issue", words("record.issue"), note=said),
        rows=(*rows, *fixed),
        reveal=words("record.reveal"),
        mistake=Choice("mistake", words("record.mistake")),
    )


def _row(field: h.OwnField, label: str) -> DataRow:
    shown, full = str(field.value), field.value.reveal()
    return DataRow(label, shown, full if full != shown else "")


def _issuing(state: flow.Issuing, around: Surroundings) -> View:
    words = around.words
    order = tuple(h.Stage)
    now = order.index(state.stage)
    marks = (StageState.DONE, StageState.RUNNING, StageState.WAITING)
    stages = tuple(
        (words(f"issue.{stage.value}"), marks[0 if at < now else 1 if at == now else 2])
        for at, stage in enumerate(order)
    )
    waiting = state.waiting_for
    reason = words(f"reason.page_printer_reason.{waiting}") if waiting else ""
    return ProgressView(
        words("issue.again") if state.again else words("issue.question"),
        words("issue.waiting", reason=reason) if waiting else words("issue.spoken"),
        words("issue.help"),
        tone=Tone.ATTENTION if waiting else Tone.CALM,
        steps=around.steps(4),
        stages=stages,
        line=words("issue.waiting", reason=reason) if waiting else words("issue.line"),
    )


def _take_paper(around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("paper.question"),
        words("paper.spoken"),
        words("paper.help"),
        steps=around.steps(4),
        picture=Picture.TAKE_PAPER,
        paragraph=words("paper.paragraph"),
        choices=(
            Choice("paper-taken", words("paper.taken")),
            Choice("paper-missing", words("paper.missing")),
            Choice("paper-unreadable", words("paper.unreadable")),
        ),
    )


def _ended(state: flow.Ended, around: Surroundings) -> View:
    words = around.words
    why = f"ended.why.{state.code}"
    said = words(why if words.has(why) else "ended.why.unexpected")
    parts = [words("ended.void") if state.void else words("ended.nothing")]
    if state.maybe_out:
        parts.append(words("ended.maybe_out"))
    true_now = around.speech(*parts)
    you_can = f"{words(f'ended.can.{_way_on(state)}')}\n{around.window()}"
    return MessageView(
        said,
        around.speech(said, true_now, you_can),
        words("ended.help"),
        tone=Tone.ATTENTION,
        forward=Choice("on", words("ended.finish")),
        true_now=true_now,
        you_can=you_can,
        picture=Picture.DESK,
    )


def _way_on(state: flow.Ended) -> str:
    if state.code == "rare-character":
        return "rare-character"
    if state.code in _NEXT_VISIT and state.void:
        return "next_visit"
    return "later" if state.code in _LATER else "desk"


def _take_card(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("parting.take_card_question"),
        words("parting.take_card_spoken"),
        words("parting.take_card_help"),
        tone=Tone.ATTENTION,
        picture=Picture.TAKE_CARD,
        line=words("parting.take_card_line"),
    )
