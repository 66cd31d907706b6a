"""The screens of handing something in: received, its number to be kept, and the slip."""

from typing import assert_never

from kiosk.flows import hand_in as flow
from kiosk.presenters.ending import stopped
from kiosk.presenters.home import reason
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, CodeView, Picture, View

STEP = 3
_SLIPS = {
    flow.Slip.STRIP: Picture.TAKE_SLIP,
    flow.Slip.PAGE: Picture.TAKE_SLIP_PAGE,
    flow.Slip.PRINTING: Picture.PRINTING_SLIP,
}


def present(state: flow.Here, around: Surroundings, about: str = "") -> View:
    """The view of one state. ``about``: which deed it was, where the kind alone doesn't say what comes next."""
    match state:
        case flow.Keeping():
            return waiting("handed_in.keeping", around, STEP)
        case flow.Received(receipt, slip):
            return _received(receipt, slip, about, around)
        case flow.NotKept(code):
            return _not_kept(code, around)
        case flow.Done():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _received(receipt: flow.Receipt, slip: flow.Slip, about: str, around: Surroundings) -> View:
    """The number is there from the first moment on, whatever the slip does."""
    words = around.words
    question, line = words("handed_in.question"), words(f"handed_in.slip.{slip}")
    then = words(f"handed_in.then.{about or receipt.kind}", **around.desk())
    is_not = words(f"handed_in.is_not.{'flat' if about else receipt.kind}")
    return CodeView(
        question,
        around.speech(question, is_not, line, then),
        words("handed_in.help"),
        steps=around.steps(STEP),
        forward=Choice("on", words("common.finish"), enabled=slip is not flow.Slip.PRINTING),
        code=tuple(receipt.number.split("-")),
        line=f"{is_not}\n{line}",
        you_can=then,
        picture=_SLIPS.get(slip, Picture.DONE),
    )


def _not_kept(code: str, around: Surroundings) -> View:
    words = around.words
    said = words("ended.why.unexpected")
    if code.startswith("outbox."):
        said = words("handed_in.not_kept", reason=reason(code, around))
    return stopped(said, words("handed_in.not_kept_true_now"), words("ended.can.later"), around)
