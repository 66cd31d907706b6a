"""It can't go on: why, what is true now, and what one can do; one button, to the end."""

from kiosk.presenters.surroundings import Surroundings
from terminal.views import Choice, MessageView, Picture, Tone


def why(code: str, around: Surroundings) -> str:
    """The sentence of a code; a code without one is said to be unexpected."""
    key = f"ended.why.{code}"
    return around.words(key if around.words.has(key) else "ended.why.unexpected")


def stopped(said: str, true_now: str, ways_on: str, around: Surroundings) -> MessageView:
    """``ways_on``: where to turn, or when to come again; the window's own sentence follows."""
    words = around.words
    you_can = f"{ways_on}\n{around.window()}"
    return MessageView(
        said,
        around.speech(said, true_now, you_can),
        words("ended.help"),
        tone=Tone.ATTENTION,
        forward=Choice("on", words("common.finish")),
        true_now=true_now,
        you_can=you_can,
        picture=Picture.DESK,
    )
