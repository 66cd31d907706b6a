"""The screens of who lives there too."""

from typing import assert_never

from kiosk.flows import tenancy_people as flow
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import steps, typed_day, yes_or_no
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, NoticeView, Picture, PictureView, Tone, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ListingPeople(party, problem):
            return _listing(party, problem, around)
        case flow.LookingAtReader():
            return waiting("card.looking", around, around.route.index("renting"), back=True)
        case flow.LiftingCard():
            return _card("lift", Picture.LIFT_CARD, around)
        case flow.AwaitingCard():
            return _card("lay", Picture.LAY_CARD, around)
        case flow.CheckingComer():
            return waiting("declare.checking", around, around.route.index("renting"))
        case flow.AskingGuardian(_, comer):
            return _guardian(str(comer.name), around)
        case flow.EnteringArrival(_, _, entry):
            return typed_day("renting.people.arrival", entry, around)
        case flow.Gathered() | flow.GivenUp():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _listing(party: flow.Party, problem: str, around: Surroundings) -> View:
    words = around.words
    said = _problem(problem, around)
    question = words("renting.people.join" if party.alone else "renting.people.question")
    others = words("renting.people.others", count=party.others) if party.others and not party.alone else ""
    cards = tuple((str(each.name), words("renting.people.laid")) for each in party.comers)
    line = "" if said or (party.comers and around.aided) else words("renting.people.line")
    told = "\n".join(part for part in (said, others, line) if part)
    about = ((words("renting.people.title"), told),) if told else ()
    done = "done" if party.comers or party.alone else "nobody"
    out = (Choice("comer-out", words("renting.people.out")),) if party.comers else ()
    return NoticeView(
        question,
        around.speech(said, question, others, line),
        words("renting.people.help"),
        tone=Tone.ATTENTION if problem else Tone.CALM,
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words(f"renting.people.{done}"), enabled=party.whole),
        paragraphs=(*about, *cards),
        choices=(Choice("comer", words("renting.people.add"), enabled=party.room, icon="card"), *out),
    )


def _problem(code: str, around: Surroundings) -> str:
    key = f"renting.people.problem.{code}"
    return around.words(key if around.words.has(key) else "renting.people.problem.other") if code else ""


def _card(what: str, picture: Picture, around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("members.lift_question" if what == "lift" else "renting.people.lay"),
        words("members.lift_spoken" if what == "lift" else "renting.people.lay_spoken"),
        words("renting.people.lay_help"),
        tone=Tone.ATTENTION if what == "lift" else Tone.CALM,
        steps=steps(around),
        back=around.back(),
        picture=picture,
        line=words("renting.people.lift_line" if what == "lift" else "renting.people.lay_line"),
    )


def _guardian(name: str, around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("renting.people.guardian"),
        words("renting.people.guardian_spoken"),
        words("renting.people.guardian_help"),
        steps=steps(around),
        back=around.back(),
        paragraph=words("renting.people.guardian_line", name=name),
        choices=yes_or_no(around, "renting.people.guardian_yes", "renting.people.guardian_no"),
    )
