"""The screens of 居住登记 while records can't be reached."""

from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from civic.typed_date import GROUPS
from kiosk.flows import claim as claims
from kiosk.flows import declaration as flow
from kiosk.flows import ending
from kiosk.presenters import claim, details, hand_in, parting
from kiosk.presenters.confirmation import row
from kiosk.presenters.ending import stopped, why
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, DataRow, DataView, KeypadView, Keys, NoticeView, View

ROUTE = ("before", "card", "door", "hand_in")
_CARD, _DOOR = 1, 2


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    around = replace(around, route=ROUTE)
    match state:
        case flow.ReadingNotice():
            return _before(around)
        case flow.LayingCard(at):
            return laying_card(at, around)
        case flow.CheckingCard():
            return waiting("declare.checking", around, _CARD)
        case flow.EnteringDoor(draft):
            return replace(details.door(draft.door, "", around, done="door.next"), steps=around.steps(_DOOR))
        case flow.EnteringDay(draft):
            return _day(draft, around)
        case flow.ReadingOver(draft):
            return _over(draft, around)
        case flow.HandingIn(at):
            return hand_in.present(at, around)
        case flow.Ended(code):
            return _ended(code, around)
        case ending.Parting(at):
            return parting.present(at, around)
        case ending.Over() | ending.Left():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _before(around: Surroundings) -> View:
    words = around.words
    filled = {"issuer": words.pick(around.place.issuer), "phone": around.place.desk.phone}
    names = ("now", "who", "what", "then", "long")
    titles = {"who": "notice.who_title", "what": "notice.what_title", "long": "notice.long_title"}
    said = {"who": "notice.who"}
    question = words("declare.question")
    return NoticeView(
        question,
        around.speech(question, words("declare.now"), words("declare.then")),
        words("declare.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("agree", words("notice.agree")),
        paragraphs=tuple(
            (words(titles.get(name, f"declare.{name}_title")), words(said.get(name, f"declare.{name}"), **filled))
            for name in names
        ),
        small=words("notice.name", name=around.place.notice),
    )


def laying_card(at: claims.Here, around: Surroundings) -> View:
    """Without a link: only this document does here; what another one needs is a link."""
    if isinstance(at, claims.AtWindow):
        return replace(claim.at_window(at.because, at.way, around, "handed_in.not_kept_true_now"), other=None)
    view = replace(claim.present(at, around), other=None)
    if isinstance(at, claims.AwaitingCard):
        return replace(view, question=around.words("declare.card"), spoken=around.words("declare.card_spoken"))
    return view


def _day(draft: flow.Draft, around: Surroundings) -> View:
    words, since = around.words, draft.since
    line = words("declare.day_wrong" if since.wrong else "declare.day_line")
    return KeypadView(
        words("declare.day"),
        around.speech(words("declare.day"), line),
        words("declare.day_help"),
        steps=around.steps(_DOOR),
        back=around.back(),
        forward=Choice("key-done", words("door.next"), enabled=since.day is not None),
        keys=Keys.DIGITS,
        groups=since.groups,
        sizes=GROUPS,
        line=line,
        wrong=since.wrong,
    )


def _over(draft: flow.Draft, around: Surroundings) -> View:
    words = around.words
    building, unit, room = draft.door.texts
    return DataView(
        words("declare.over"),
        words("declare.over_spoken"),
        words("declare.over_help"),
        steps=around.steps(hand_in.STEP),
        back=around.back(),
        forward=Choice("issue", words("declare.hand_in")),
        rows=(
            row(draft.who.name, words("field.name")),
            row(draft.who.number, words("field.id_number")),
            DataRow(words("field.dwelling"), words("declare.door", building=building, unit=unit, room=room)),
            DataRow(words("declare.since"), _on(draft.since.day, around)),
        ),
        reveal=words("record.reveal"),
        note=words("declare.over_note"),
    )


def _on(day: date | None, around: Surroundings) -> str:
    return "" if day is None else around.day(datetime(day.year, day.month, day.day, tzinfo=around.now.tzinfo))


def _ended(code: str, around: Surroundings) -> View:
    words = around.words
    return stopped(why(code, around), words("handed_in.not_kept_true_now"), words("ended.can.desk"), around)
