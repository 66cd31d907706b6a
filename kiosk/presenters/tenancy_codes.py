"""The screens of a guest's code and of the move-in slip."""

from datetime import timedelta
from typing import assert_never

from kiosk.flows import tenancy_codes as flow
from kiosk.flows.hand_in import Slip
from kiosk.flows.tenancy_told import GuestCode, MoveInSlip
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import on, steps
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, CodeView, MessageView, Picture, Tone, View

_GROUP = 4
_DAYS = ("today", "tomorrow", "day_after")


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingGuestDay():
            return _day(around)
        case flow.MakingGuestCode():
            return waiting("renting.guest.making", around, around.route.index("renting"))
        case flow.ShowingGuestCode(_, code, slip):
            return _guest(code, slip, around)
        case flow.MakingSlip():
            return waiting("renting.slip.making", around, around.route.index("renting"))
        case flow.ShowingSlip(_, slip, out):
            return _slip(slip, out, around)
        case flow.NotMade(_, code):
            return _not_made(code, around)
        case _:
            assert_never(state)


def _day(around: Surroundings) -> View:
    words, today = around.words, around.now.date()
    return ChoiceView(
        words("renting.guest.question"),
        words("renting.guest.question"),
        words("renting.guest.help"),
        steps=steps(around),
        back=around.back(),
        paragraph=words("renting.guest.line"),
        choices=tuple(
            Choice(f"days:{ahead}", words(f"renting.{_DAYS[ahead]}"), on(today + timedelta(days=ahead), around))
            for ahead in flow.DAYS
        ),
    )


def _guest(code: GuestCode, slip: Slip | None, around: Surroundings) -> View:
    words = around.words
    printed = words(f"handed_in.slip.{slip}") if slip and slip is not Slip.NONE else ""
    line = printed or words("renting.guest.opens", day=on(code.day, around))
    question = words("renting.guest.made")
    return CodeView(
        question,
        around.speech(question, line, words("renting.guest.you_can")),
        words("renting.guest.made_help"),
        steps=steps(around),
        forward=Choice("on", words("renting.ways.done"), enabled=slip is not Slip.PRINTING),
        code=(code.digits[:_GROUP], code.digits[_GROUP:]),
        square=code.code,
        line=line,
        you_can=words("renting.guest.no_print" if slip is Slip.NONE else "renting.guest.you_can"),
        picture=Picture.NONE,
        choices=(Choice("print-code", words("renting.guest.print"), icon="print"),)
        if slip in (None, Slip.NONE)
        else (),
    )


def _slip(slip: MoveInSlip, out: Slip, around: Surroundings) -> View:
    words = around.words
    question, line = words("renting.slip.question"), words(f"renting.slip.out.{out}")
    until = words("renting.slip.until", when=around.moment(slip.valid_until))
    return CodeView(
        question,
        around.speech(question, line, words("renting.slip.you_can")),
        words("renting.slip.help"),
        steps=steps(around),
        forward=Choice("on", words("renting.ways.done"), enabled=out is not Slip.PRINTING),
        code=tuple(slip.number.split("-")),
        square=slip.code,
        line=f"{line}\n{until}",
        you_can=words("renting.slip.you_can"),
        picture=Picture.NONE,
    )


def _not_made(code: str, around: Surroundings) -> View:
    words = around.words
    key = f"renting.not_made.{code}"
    question = words(key if words.has(key) else "renting.not_made.other")
    return MessageView(
        question,
        around.speech(question, words("renting.not_made_line")),
        words("ended.help"),
        tone=Tone.ATTENTION,
        steps=steps(around),
        forward=Choice("on", words("renting.ways.done")),
        true_now=words("renting.not_made_line"),
    )
