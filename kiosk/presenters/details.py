"""The screens of what a service asks between the own row and the paper."""

from typing import assert_never

from kiosk.flows import details as flow
from kiosk.flows import happenings as h
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, KeypadView, Keys, Picture, PictureView, Tone, View

STEP = 3
_ROOM = 4  # places drawn of what is typed: most doors have no more


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingPerson(case, problem):
            return _person(case, problem, around)
        case flow.ChoosingMembers(case, problem):
            return _members(case, problem, around)
        case flow.LookingAtReader():
            return waiting("card.looking", around, STEP, back=True)
        case flow.LiftingCard():
            return _card("lift", Picture.LIFT_CARD, around)
        case flow.AwaitingCard():
            return _card("lay", Picture.LAY_CARD, around)
        case flow.AskingRecords():
            return waiting("members.asking", around, STEP)
        case flow.ChoosingWhen():
            return _when(around)
        case flow.EnteringDwelling(_, entry, problem):
            return door(entry, problem, around)
        case flow.FindingDwelling():
            return waiting("door.finding", around, STEP)
        case flow.OpeningChild() | flow.Known() | flow.Stopped() | flow.GivenUp():
            return waiting("record.child", around, STEP)
        case _:
            assert_never(state)


def _person(case: flow.Case, problem: str, around: Surroundings) -> View:
    words = around.words
    said = _problem("person", problem, around)
    children = tuple(
        Choice(f"person:{each.handle}", words("person.child", name=each.name, age=each.age)) for each in case.children
    )
    return ChoiceView(
        words("person.question"),
        around.speech(said, words("person.spoken")),
        words("person.help"),
        tone=Tone.ATTENTION if problem else Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        paragraph=said,
        choices=(Choice("person:", words("person.self")), *children),
    )


def _members(case: flow.Case, problem: str, around: Surroundings) -> View:
    words = around.words
    said = _problem("members", problem, around)
    count = len(case.members)
    return ChoiceView(
        words("members.question"),
        around.speech(said, words("members.spoken"), words("members.chosen", count=count) if count else ""),
        words("members.help"),
        tone=Tone.ATTENTION if problem else Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("on", words("members.on" if count else "members.none")),
        paragraph=said or ("" if around.aided else words("members.line")),
        choices=tuple(_member(each, case, around) for each in case.shown.members),
    )


def _member(member: h.Member, case: flow.Case, around: Surroundings) -> Choice:
    words = around.words
    chosen = member.handle in case.members
    asks = member.adult and member.handle not in case.seen
    untouched = "own_card" if asks else "" if around.aided else "off"
    state = "stands" if chosen else untouched
    note = words(f"members.{state}") if state else ""
    return Choice(
        f"member:{member.handle}", f"{member.relation} {member.name}", note, icon="tick" if chosen else "empty"
    )


def _problem(question: str, problem: str, around: Surroundings) -> str:
    key = f"{question}.problem.{problem}"
    return around.words(key if around.words.has(key) else f"{question}.problem.other") if problem else ""


def _card(what: str, picture: Picture, around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words(f"members.{what}_question"),
        words(f"members.{what}_spoken"),
        words("members.card_help"),
        tone=Tone.ATTENTION if what == "lift" else Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        picture=picture,
        line=words(f"members.{what}_line"),
    )


def _when(around: Surroundings) -> View:
    """Two equal answers, the same for everybody."""
    words = around.words
    return ChoiceView(
        words("when.question"),
        words("when.spoken"),
        words("when.help"),
        steps=around.steps(STEP),
        back=around.back(),
        paragraph=words("when.short" if around.aided else "when.paragraph"),
        choices=(
            _answer("now", around),
            _answer("later", around),
        ),
    )


def _answer(when: str, around: Surroundings) -> Choice:
    note = "" if around.aided else around.words(f"when.{when}_note")  # in large type both answers in sight help more
    return Choice(when, around.words(f"when.{when}"), note)


def door(entry: DwellingEntry, problem: str, around: Surroundings, done: str = "door.find") -> KeypadView:
    """One part of it. ``done``: what the last key of the last part says."""
    words = around.words
    said = words(f"door.{entry.part}")
    wrong = problem and _problem("door", problem, around)
    line = wrong or _typed(entry, around)
    letters = Choice("letters", words("door.digits" if entry.letters else "door.letters"))
    return KeypadView(
        said,
        around.speech(said, line),
        words("door.help"),
        tone=Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words(done if entry.part == "room" else "door.next"), enabled=bool(entry.text)),
        keys=Keys.LETTERS if entry.letters else Keys.DIGITS,
        groups=(entry.text,),
        sizes=(max(_ROOM, len(entry.text)),),
        line=line,
        wrong=bool(wrong),
        other=letters,
    )


def _typed(entry: DwellingEntry, around: Surroundings) -> str:
    """What stands already, as people say it."""
    building, unit, _ = entry.texts
    match entry.part:
        case "unit":
            return around.words("door.so_far_building", building=building)
        case "room":
            return around.words("door.so_far_unit", building=building, unit=unit)
        case _:
            return around.words("door.line")
