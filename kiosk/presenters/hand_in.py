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


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.Keeping():
            return waiting("handed_in.keeping", around, STEP)
        case flow.Received(receipt, slip):
            return _received(receipt, slip, around)
        case flow.NotKept(code):
            return _not_kept(code, around)
        case flow.Done():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _received(receipt: flow.Receipt, slip: flow.Slip, around: Surroundings) -> View:
    """The number is there from the first moment on, whatever the slip does."""
    words = around.words
    question, line = words("handed_in.question"), words(f"handed_in.slip.{slip}")
    then = words(f"handed_in.then.{receipt.kind}", **around.desk())
    return CodeView(
        question,
        around.speech(question, words(f"handed_in.is_not.{receipt.kind}"), line, then),
        words("handed_in.help"),
        steps=around.steps(STEP),
        forward=Choice("on", words("common.finish"), enabled=slip is not flow.Slip.PRINTING),
        code=tuple(receipt.number.split("-")),
        line=f"{words(f'handed_in.is_not.{receipt.kind}')}\n{line}",
        you_can=then,
        picture=_SLIPS.get(slip, Picture.DONE),
    )


def _not_kept(code: str, around: Surroundings) -> View:
    words = around.words
    said = words("ended.why.unexpected")
    if code.startswith("outbox."):
        said = words("handed_in.not_kept", reason=reason(code, around))
    return stopped(said, words("handed_in.not_kept_true_now"), words("ended.can.later"), around)
