"""The screens of who is said to be here: what was brought, the card, the number, the travel document."""

from typing import assert_never

from civic import regions
from civic.document import DocumentKind
from civic.number_entry import GROUPS, NumberEntry
from kiosk.flows import claim as flow
from kiosk.flows import identity as who
from kiosk.presenters import travel_document
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.travel_document import STEP, other
from kiosk.presenters.waiting import waiting
from terminal.views import (
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


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingWay(offers, failed):
            return _ways(offers, failed, around)
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
            return travel_document.page(instruction, around)
        case flow.TypingPage():
            return travel_document.typing(state, around)
        case flow.LayingDocument(_, _, _, stage, progress):
            return travel_document.document(stage, progress, around)
        case flow.DocumentFailed(_, _, _, problem):
            return travel_document.document_failed(problem, around)
        case flow.Identifying():
            return waiting("card.identifying", around, STEP)
        case flow.AtWindow(_, because, way):
            return at_window(because, way, around)
        case flow.Claimed() | flow.Stopped() | flow.GivenUp():
            return waiting("card.identifying", around, STEP)
        case _:
            assert_never(state)


def _ways(offers: who.Offers, failed: who.Way | None, around: Surroundings) -> View:
    """What was brought. Whether an officer is there now is said before anything is typed."""
    words = around.words
    here = tuple(_way(way, offers.reason(way), around) for way in offers.ways)
    duty = words("way.officer_now") if offers.officer else words("way.officer_later", **around.desk())
    said = words(f"way.failed.{failed}") if failed else words("way.question")
    return ChoiceView(
        said,
        around.speech(said if failed else words("way.spoken"), duty),
        words("way.help"),
        tone=Tone.ATTENTION if failed else Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        choices=(*here, *_elsewhere_choices(offers, around)),
        paragraph=duty,
    )


def _way(way: who.Way, reason: str, around: Surroundings) -> Choice:
    words = around.words
    key = f"reason.{reason.partition('.')[0]}" if reason else f"way.{way}_note"
    said = words.has(key) and (reason or not around.aided)  # in large type all answers in sight help more than notes
    note = words(key) if said else ""
    return Choice(f"way:{way}", words(f"way.{way}"), note, enabled=not reason, icon=way.value)


def _elsewhere_choices(offers: who.Offers, around: Surroundings) -> tuple[Choice, ...]:
    """One for each office, with the kinds that it serves."""
    words = around.words
    offices = dict.fromkeys(office for _, office in offers.documents if office)
    return tuple(
        Choice(
            f"office:{office}",
            words("way.elsewhere"),
            "" if around.aided else _served_at(office, offers, around),
            icon="other",
        )
        for office in offices
    )


def _served_at(office: str, offers: who.Offers, around: Surroundings) -> str:
    kinds = (around.words(f"document.{kind}") for kind, at in offers.documents if at == office)
    joined = around.words("way.join").join(dict.fromkeys(kinds))
    return around.words("way.elsewhere_note", documents=joined, **around.desk(office))


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
        other=other(around) if kind else None,
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
        other=other(around),
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
        other=other(around),
    )


def _number(state: flow.EnteringNumber, around: Surroundings) -> View:
    words = around.words
    problem = state.entry.problem
    said = words("number.question")
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
        line=_about_number(state.entry, around),
        wrong=problem is not None,
        other=other(around),
    )


def _about_number(entry: NumberEntry, around: Surroundings) -> str:
    """What is wrong; else where the number was given out, so that a slip is seen early; else how long it is."""
    words = around.words
    if entry.problem:
        return words(f"number.problem.{entry.problem}")
    if entry.hint:
        return words(f"number.hint.{entry.hint}")
    region = regions.name(entry.groups[0])
    if region is None:
        return words("number.line")
    return words("number.region_former" if region.dissolved else "number.region", region=region)


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
        other=other(around),
    )


def at_window(because: str, way: who.Way, around: Surroundings, true_now: str = "at_window.true_now") -> View:
    """Where and when only people can go on. ``true_now``: the key of what has not been done."""
    words = around.words
    problems = "card.problem" if way is who.Way.CARD else "document_problem"
    said = words("at_window.not_served" if because == "not-served" else f"{problems}.{because}")
    you_can = around.window()
    return MessageView(
        words("at_window.question"),
        around.speech(said, words("at_window.spoken"), you_can),
        words("at_window.help"),
        forward=Choice("on", words("common.finish")),
        true_now=around.speech(said, words(true_now)),
        you_can=you_can,
        picture=Picture.DESK,
        other=other(around),
    )
