"""The screens of who is said to be here: what was brought, the card, the number, the travel document."""

from typing import assert_never

from civic.document import DocumentKind
from civic.mrz_entry import MrzField
from civic.number_entry import GROUPS
from kiosk.flows import claim as flow
from kiosk.flows import identity as who
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import (
    CameraView,
    Choice,
    ChoiceView,
    KeypadView,
    Keys,
    MessageView,
    Picture,
    PictureView,
    Tone,
    View,
)

STEP = 1
_DATE_GROUPS = (4, 2, 2)
_LONGEST_NUMBER = 9


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingWay(offers):
            return _ways(offers, around)
        case flow.Elsewhere(_, office, kind):
            return _elsewhere(office, kind, around)
        case flow.LookingAtReader():
            return waiting("card.looking", around, STEP)
        case flow.LiftingCard(_, _, problem):
            return _lift(problem, around)
        case flow.AwaitingCard():
            return _card(around)
        case flow.EnteringNumber():
            return _number(state, around)
        case flow.Waiting(_, _, seconds):
            return _slowed(seconds, around)
        case flow.ShowingPage(_, _, instruction):
            return _page(instruction, around)
        case flow.TypingPage():
            return _typing(state, around)
        case flow.LayingDocument(_, _, _, stage, progress):
            return _document(stage, progress, around)
        case flow.DocumentFailed(_, _, _, problem):
            return _document_failed(problem, around)
        case flow.Identifying():
            return waiting("card.identifying", around, STEP)
        case flow.AtWindow(_, because, way):
            return _at_window(because, way, around)
        case flow.Claimed() | flow.Stopped() | flow.GivenUp():
            return waiting("card.identifying", around, STEP)
        case _:
            assert_never(state)


def _ways(offers: who.Offers, around: Surroundings) -> View:
    """What was brought. Whether an officer is there now is said before anything is typed."""
    words = around.words
    here = tuple(_way(way, offers.reason(way), around) for way in who.Way if offers.finishes(way))
    duty = words("way.officer_now") if offers.officer else words("way.officer_later", **around.desk())
    return ChoiceView(
        words("way.question"),
        around.speech(words("way.spoken"), duty),
        words("way.help"),
        steps=around.steps(STEP),
        back=around.back(),
        choices=(*here, *_elsewhere_choices(offers, around)),
        paragraph=duty,
    )


def _way(way: who.Way, reason: str, around: Surroundings) -> Choice:
    words = around.words
    note = words(f"reason.{reason.partition('.')[0]}") if reason else words(f"way.{way}_note")
    return Choice(f"way:{way}", words(f"way.{way}"), note, enabled=not reason, icon=way.value)


def _elsewhere_choices(offers: who.Offers, around: Surroundings) -> tuple[Choice, ...]:
    """One for each office, naming the kinds that it serves."""
    words = around.words
    offices = dict.fromkeys(office for _, office in offers.documents if office)
    return tuple(
        Choice(
            f"office:{office}",
            words("way.join").join(
                dict.fromkeys(words(f"document.{kind}") for kind, at in offers.documents if at == office)
            ),
            words("way.elsewhere_note", **around.desk(office)),
        )
        for office in offices
    )


def _elsewhere(office: str, kind: DocumentKind | None, around: Surroundings) -> View:
    words = around.words
    said = words("elsewhere.question", **around.desk(office))
    true_now = words("elsewhere.laid", document=words(f"document.{kind}")) if kind else words("elsewhere.asked")
    you_can = around.window(office)
    return MessageView(
        said,
        around.speech(said, true_now, you_can),
        words("elsewhere.help"),
        steps=around.steps(STEP),
        back=None if kind else around.back(),
        forward=Choice("on", words("common.finish")),
        true_now=true_now,
        you_can=you_can,
        picture=Picture.DESK,
        choices=(Choice("other-document", words("elsewhere.other")),) if kind else (),
    )


def _card(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("card.question"),
        words("card.spoken"),
        words("card.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.LAY_CARD,
        line=words("card.line"),
        choices=(_other(around),),
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
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.LIFT_CARD,
        line=line,
        choices=(_other(around),),
    )


def _number(state: flow.EnteringNumber, around: Surroundings) -> View:
    words = around.words
    problem = state.entry.problem
    said = words("number.question")
    line = words(f"number.problem.{problem}") if problem else words("number.line")
    return KeypadView(
        said,
        around.speech(words("number.spoken"), words(f"number.problem.{problem}") if problem else ""),
        words("number.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words("number.done"), enabled=state.entry.number is not None),
        keys=Keys.NUMBER,
        groups=state.entry.groups,
        sizes=GROUPS,
        line=line,
        wrong=problem is not None,
        choices=(_other(around),),
    )


def _slowed(seconds: int, around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("slowed.question"),
        words("slowed.spoken"),
        words("slowed.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.WAIT,
        line=words("slowed.line", seconds=seconds),
        choices=(_other(around),),
    )


def _page(instruction: str, around: Surroundings) -> View:
    words = around.words
    said = words(f"page.instruction.{instruction}")
    return CameraView(
        said,
        said,
        words("page.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.SHOW_PAGE,
        simulated=words("camera.simulated") if around.simulated else "",
        choices=(Choice("type-page", words("page.type")), _other(around)),
    )


def _typing(state: flow.TypingPage, around: Surroundings) -> View:
    words, entry = around.words, state.entry
    number = entry.field is MrzField.NUMBER
    said = words(f"typing.{entry.field}")
    why = words(f"typing.because.{state.problem}") if state.problem and entry.at_first_field and not entry.text else ""
    line = words(f"typing.problem.{entry.problem}") if entry.problem else why or words(f"typing.{entry.field}_line")
    permit = Choice("permit", words("typing.is_permit" if entry.permit else "typing.is_passport"))
    return KeypadView(
        said,
        around.speech(said, line),
        words("typing.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words("typing.done"), enabled=entry.complete),
        keys=Keys.LETTERS if number else Keys.DIGITS,
        groups=entry.groups,
        sizes=(_LONGEST_NUMBER,) if number else _DATE_GROUPS,
        line=line,
        wrong=entry.problem is not None,
        choices=(permit, _other(around)) if number else (_other(around),),
    )


def _document(stage: str, progress: float, around: Surroundings) -> View:
    words = around.words
    said = words("laying.reading" if stage else "laying.question")
    return PictureView(
        said,
        words("laying.reading_spoken" if stage else "laying.spoken"),
        words("laying.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.LAY_DOCUMENT,
        line=words(f"laying.stage.{stage}") if stage else words("laying.line"),
        progress=progress if stage else None,
        choices=() if stage else (Choice("type-page", words("laying.type")), _other(around)),
    )


def _document_failed(problem: str, around: Surroundings) -> View:
    words = around.words
    said = words(f"document_problem.{problem}")
    line = words("laying.lay_again" if flow.can_lay_again(problem) else "laying.type_again")
    typed = () if flow.can_lay_again(problem) else (Choice("type-page", words("laying.type")),)
    return MessageView(
        said,
        around.speech(said, line),
        words("laying.help"),
        tone=Tone.ATTENTION,
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("on", words("laying.again")),
        true_now=line,
        picture=Picture.LAY_DOCUMENT,
        choices=(*typed, _other(around)),
    )


def _at_window(because: str, way: who.Way, around: Surroundings) -> View:
    words = around.words
    problems = "card.problem" if way is who.Way.CARD else "document_problem"
    said = words("at_window.not_served" if because == "not-served" else f"{problems}.{because}")
    you_can = around.window()
    return MessageView(
        words("at_window.question"),
        around.speech(said, words("at_window.spoken"), you_can),
        words("at_window.help"),
        forward=Choice("on", words("common.finish")),
        true_now=around.speech(said, words("at_window.true_now")),
        you_can=you_can,
        picture=Picture.DESK,
        choices=(Choice("other-document", words("at_window.other")),),
    )


def _other(around: Surroundings) -> Choice:
    return Choice("other-document", around.words("way.other"))
