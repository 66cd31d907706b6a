"""The screens that are read while walking by: one sentence, a drawing, and whom to call."""

from dataclasses import replace

from gate.flows import states as s
from gate.presenters.surroundings import Surroundings
from terminal.views import Choice, Picture, SignView, Tone, View


def sign(at: s.At, conditions: s.Conditions, around: Surroundings) -> View | None:
    """The sign of a state; None for one that has none."""
    words = around.words
    match at:
        case s.Deciding():
            return _sign("deciding", around, Picture.WORKING)
        case s.Opened():
            notices = (words("common.see_notices"),) if conditions.notices else ()
            return _sign("opened", around, Picture.OPEN_DOOR, words("opened.line"), *notices, tone=Tone.OPEN)
        case s.Refused():
            return _calling("refused", around, Picture.CALL, words("common.exit"), back=around.back())
        case s.GuardShown():
            key, picture = ("guard", Picture.CALL) if around.site.guard_phone else ("guard_window", Picture.DESK)
            return _calling(key, around, picture, words(f"{key}.line"), back=around.back())
        case s.HeldOpen():
            return _calling("held", around, Picture.CLOSE_DOOR, words("held.line"))
        case s.DoorOffline():
            return _calling("door", around, Picture.SHUT_DOOR, _who_opens("door", around), words("common.exit"))
        case s.Emergency():
            lines = (words("emergency.line"), words("emergency.also"))
            return _sign("emergency", around, Picture.LEAVE, *lines, tone=Tone.OPEN, aloud=1)
        case s.OutOfService():
            return _calling("closed", around, Picture.SHUT_DOOR, _who_opens("closed", around), words("common.exit"))
        case _:
            return None


def _sign(
    key: str, around: Surroundings, picture: Picture, *lines: str, tone: Tone = Tone.CALM, aloud: int = 0
) -> SignView:
    words = around.words
    said = (words(f"{key}.question"), words(f"{key}.spoken"), words(f"{key}.help"))
    return SignView(*said, tone=tone, aloud=aloud, picture=picture, lines=lines)


def _calling(key: str, around: Surroundings, picture: Picture, *lines: str, back: Choice | None = None) -> SignView:
    """With the duty room's number, in large figures."""
    words, phone = around.words, around.site.guard_phone
    view = _sign(key, around, picture, *lines)
    label = words("common.guard") if phone else "" if key == "guard_window" else words("common.guard_none")
    return replace(view, back=back, label=label, number=phone)


def _who_opens(key: str, around: Surroundings) -> str:
    return around.words(f"{key}.line" if around.site.guard_phone else "guard_window.line")
