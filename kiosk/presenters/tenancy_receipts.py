"""The screen of a receipt that is printed."""

from kiosk.flows import tenancy_receipts as flow
from kiosk.flows.hand_in import Slip
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import steps
from terminal.views import Choice, MessageView, Picture, Tone, View

_PICTURES = {
    Slip.PRINTING: Picture.PRINTING_SLIP,
    Slip.STRIP: Picture.TAKE_SLIP,
    Slip.PAGE: Picture.TAKE_SLIP_PAGE,
}


def asked(around: Surroundings) -> Choice:
    """The button, where there is a receipt to print."""
    return Choice("receipt", around.words("renting.receipt.print"), icon="print")


def present(state: flow.ShowingReceipt, around: Surroundings) -> View:
    """The view of one state. What the paper says stands on the screen before; nothing is lost by a printer that
    can't."""
    words, out = around.words, state.out
    question = words(f"renting.receipt.out.{out}")
    note = words("renting.receipt.later" if out is Slip.NONE else "renting.receipt.two_filings")
    return MessageView(
        question,
        around.speech(question, note),
        words("renting.receipt.help"),
        tone=Tone.ATTENTION if out is Slip.NONE else Tone.CALM,
        steps=steps(around),
        forward=Choice("on", words("renting.ways.done"), enabled=out is not Slip.PRINTING),
        other=asked(around) if out is Slip.NONE else None,
        true_now=note,
        picture=_PICTURES.get(out, Picture.NONE),
    )
