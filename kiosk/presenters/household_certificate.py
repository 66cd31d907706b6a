"""The screens of 户籍证明."""

from typing import assert_never

from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as flow
from kiosk.presenters.surroundings import Surroundings
from terminal.views import (
    CameraView,
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
    Steps,
    Tone,
    View,
)

_INSTRUCTION_PICTURES = {"turn-left": Picture.TURN_LEFT, "turn-right": Picture.TURN_RIGHT}
_LATER = frozenset({"records-unreachable", "records-refused", "reader-failed", "unexpected"})
_NEXT_VISIT = frozenset(
    {"paper-out", "jam", "cover-open", "toner-out", "output-full", "unreachable", "paused", "busy", "other"}
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
        case flow.LookingAtReader():
            return _waiting("card.looking", "card.help", 1, around)
        case flow.LiftingCard(_, problem):
            return _lift(problem, around)
        case flow.AwaitingCard():
            return _card(around)
        case flow.Identifying():
            return _waiting("card.identifying", "card.identifying_help", 1, around)
        case flow.ConsentingToFace():
            return _consent(around)
        case flow.ShowingOtherWay():
            return _other_way(state, around)
        case flow.FacingCamera(_, instruction, progress):
            return _camera(instruction, progress, around)
        case flow.FaceNotConfirmed(_, result, tries_left):
            return _face_failed(result, tries_left, around)
        case flow.OpeningRecord():
            return _waiting("record.opening", "record.opening_help", 3, around)
        case flow.ConfirmingData(errand, own):
            return _data(errand.purpose, own, around)
        case flow.Issuing():
            return _issuing(state, around)
        case flow.TakingPaper():
            return _take_paper(around)
        case flow.Voiding():
            return _waiting("issue.voiding", "issue.voiding_help", 4, around)
        case flow.Ended():
            return _ended(state, around)
        case flow.Parting():
            return _waiting("parting.looking", "parting.looking_help", None, around)
        case flow.TakingCard():
            return _take_card(around)
        case flow.Over() | flow.Left():
            return _waiting("parting.looking", "parting.looking_help", None, around)
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
    filled = {"issuer": words.pick(around.place.issuer), "phone": around.place.phone}
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
    )


def _card(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("card.question"),
        words("card.spoken"),
        words("card.help"),
        steps=around.steps(1),
        back=around.back(),
        picture=Picture.LAY_CARD,
        line=words("card.line"),
        choices=(Choice("other-way", words("card.none")),),
    )


def _lift(problem: str, around: Surroundings) -> View:
    words = around.words
    said = words(f"card.problem.{problem}") if problem else words("card.lift_question")
    line = words(f"card.problem_line.{problem}") if problem else words("card.lift_line")
    return PictureView(
        said,
        around.speech(said, line) if problem else words("card.lift_spoken"),
        words("card.help"),
        tone=Tone.ATTENTION,
        steps=around.steps(1),
        back=around.back(),
        picture=Picture.LIFT_CARD,
        line=line,
        choices=(Choice("other-way", words("card.none")),),
    )


def _waiting(key: str, help_key: str, step: int | None, around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words(f"{key}_question"),
        words(f"{key}_spoken"),
        words(help_key),
        steps=Steps() if step is None else around.steps(step),
        picture=Picture.LAMP,
        line=words("common.moment"),
        busy=True,
    )


def _consent(around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("consent.question"),
        words("consent.spoken"),
        words("consent.help"),
        steps=around.steps(2),
        choices=(
            Choice("face", words("consent.face"), words("consent.face_note"), icon="face"),
            Choice("other-way", words("consent.other"), words("consent.other_note", **around.desk()), icon="desk"),
        ),
        paragraph=words("consent.paragraph"),
        columns=2,
    )


def _other_way(state: flow.ShowingOtherWay, around: Surroundings) -> View:
    words = around.words
    true_now = around.speech(words(f"other_way.because_{state.because}"), words("other_way.true_now"))
    return MessageView(
        words("other_way.question"),
        around.speech(words("other_way.spoken"), around.window()),
        words("other_way.help"),
        back=around.back() if flow.can_go_back(state) else None,
        forward=Choice("on", words("common.finish")),
        true_now=true_now,
        you_can=around.window(),
        picture=Picture.DESK,
    )


def _camera(instruction: str, progress: float, around: Surroundings) -> View:
    words = around.words
    said = words(f"camera.instruction.{instruction}")
    return CameraView(
        said,
        said,
        words("camera.help"),
        steps=around.steps(2),
        picture=_INSTRUCTION_PICTURES.get(instruction, Picture.LOOK_HERE),
        progress=progress,
        simulated=words("camera.simulated") if around.simulated else "",
        choices=(Choice("other-way", words("camera.stop")),),
    )


def _face_failed(result: h.FaceResult, tries_left: int, around: Surroundings) -> View:
    words = around.words
    key = f"face_failed.{result.value}"
    again = (Choice("face", words("face_failed.again")),) if tries_left else ()
    you_can = words("face_failed.you_can", tries=tries_left) if tries_left else words("face_failed.you_can_other")
    return MessageView(
        words("face_failed.question"),
        around.speech(words("face_failed.spoken"), you_can),
        words("face_failed.help"),
        tone=Tone.ATTENTION,
        steps=around.steps(2),
        true_now=words(key) if words.has(key) else words("face_failed.true_now"),
        you_can=you_can,
        choices=(*again, Choice("other-way", words("face_failed.other"))),
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
