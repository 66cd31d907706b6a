"""The end of every service: the card that may still lie on the reader."""

from typing import assert_never

from kiosk.flows import parting as flow
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Picture, PictureView, Tone, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.LookingForCard() | flow.Parted():
            return waiting("parting.looking", around)
        case flow.TakingCard():
            return _take_card(around)
        case _:
            assert_never(state)


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
