"""The screens that are read while walking by: one sentence, a drawing, and whom to call."""

from gate.flows import states as s
from gate.presenters.surroundings import Surroundings
from terminal.views import Choice, Picture, SignView, Tone, View


def sign(at: s.At, conditions: s.Conditions, around: Surroundings) -> View | None:
    """The sign of a state; None for one that has none."""
    words = around.words
    match at:
        case s.Deciding():
            return _sign("deciding", around, Picture.NONE)
        case s.Opened():
            notices = (words("common.see_notices"),) if conditions.notices else ()
            return _sign("opened", around, Picture.OPEN_DOOR, words("opened.line"), *notices, tone=Tone.OPEN)
        case s.Refused():
            return _calling("refused", around, Picture.NONE, words("common.exit"), back=around.back())
        case s.GuardShown():
            key = "guard" if around.site.guard_phone else "guard.none"
            return _calling(key, around, Picture.CALL, words("guard.line"), back=around.back())
        case s.HeldOpen():
            return _calling("held", around, Picture.CLOSE_DOOR, words("held.line"))
        case s.DoorOffline():
            return _calling("door", around, Picture.SHUT_DOOR, words("door.line"), words("common.exit"))
        case s.Emergency():
            lines = (words("emergency.line"), words("emergency.also"))
            return _sign("emergency", around, Picture.LEAVE, *lines, tone=Tone.OPEN, aloud=1)
        case s.OutOfService():
            return _calling("closed", around, Picture.SHUT_DOOR, words("closed.line"), words("common.exit"))
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
    section, _, none = key.partition(".")
    question = words(f"{section}.none_question") if none else words(f"{section}.question")
    return SignView(
        question,
        words(f"{section}.spoken"),
        words(f"{section}.help"),
        back=back,
        picture=picture,
        lines=lines,
        label=words("common.guard") if phone else words("common.guard_none"),
        number=phone,
    )
