"""The screens of 租房与门禁."""

from dataclasses import replace
from typing import assert_never

from kiosk.flows import ending, hand_in
from kiosk.flows import tenancy_places as flow
from kiosk.flows.contents import Joining
from kiosk.flows.tenancy_case import Flat
from kiosk.presenters import (
    claim,
    parting,
    proof,
    tenancy_codes,
    tenancy_lease,
    tenancy_leaving,
    tenancy_mine,
    tenancy_people,
    tenancy_ways,
)
from kiosk.presenters import hand_in as handing_in
from kiosk.presenters.confirmation import row
from kiosk.presenters.declaration import laying_card
from kiosk.presenters.ending import stopped, why
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import short, steps
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, CodeView, DataRow, DataView, NoticeView, View

ROUTE = ("before", "card", "face", "renting")
AWAY = ("before", "card", "renting", "hand_in")  # without a link
_CARD = 1


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    linked = not hasattr(state, "coming") or state.coming.linked
    around = replace(around, route=ROUTE if linked else AWAY)
    match state:
        case ending.Parting(at):
            return parting.present(at, around)
        case ending.Over() | ending.Left():
            return waiting("parting.looking", around)
        case flow.HandingIn(coming, about, at):
            return _handing_in(at, "stranger" if coming.stranger else about, around, linked=linked)
        case (
            flow.ReadingNotice()
            | flow.Claiming()
            | flow.Proving()
            | flow.CheckingCard()
            | flow.Opening()
            | flow.NotOpened()
        ):
            return _identifying(state, around)
        case _:
            return _doing(state, around)


def _identifying(state: flow.Identifying, around: Surroundings) -> View:
    match state:
        case flow.ReadingNotice(coming):
            return _before(around, linked=coming.linked)
        case flow.Claiming(coming, at):
            return claim.present(at, around) if coming.linked else laying_card(at, around)
        case flow.Proving(_, at):
            return proof.present(at, around)
        case flow.CheckingCard(coming):
            return waiting("renting.stranger.checking" if coming.stranger else "declare.checking", around, _CARD)
        case flow.Opening():
            return waiting("renting.opening", around, around.route.index("renting"))
        case flow.NotOpened(code):
            return stopped(
                why(code, around), around.words("renting.not_opened"), around.words("ended.can.later"), around
            )
        case _:
            assert_never(state)


def _doing(state: flow.Doing, around: Surroundings) -> View:
    match state:
        case flow.Choosing(_, at):
            return tenancy_mine.present(at, around)
        case flow.Leasing(_, _, at):
            return tenancy_lease.present(at, around)
        case flow.Peopling(_, _, at):
            return tenancy_people.present(at, around)
        case flow.ReadingPeopleOver(_, flat, content):
            return _people_over(flat, content, around)
        case flow.SettingWays(_, _, at):
            return tenancy_ways.present(at, around)
        case flow.GettingCode(_, _, at):
            return tenancy_codes.present(at, around)
        case flow.Leaving(_, at):
            return tenancy_leaving.present(at, around)
        case _:
            assert_never(state)


def _before(around: Surroundings, *, linked: bool) -> View:
    words = around.words
    filled = {"issuer": words.pick(around.place.issuer), "phone": around.place.desk.phone}
    who, long = words("notice.who", **filled), words("notice.long" if linked else "declare.long")
    said = (
        *(() if linked else ((words("declare.now_title"), words("renting.before.away")),)),
        (words("notice.who_title"), who),
        (words("notice.what_title"), words("renting.before.what" if linked else "renting.before.what_away")),
        (words("notices.before_why_title"), words("renting.before.why")),
        (words("notice.long_title"), long),
        *(((words("notice.face_title"), words("renting.before.face")),) if linked else ()),
    )
    question = words("notice.question" if linked else "renting.away.question")
    return NoticeView(
        question,
        words("notice.spoken") if linked else around.speech(question, words("renting.before.away")),
        words("notice.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("agree", words("notice.agree")),
        paragraphs=said,
        small=words("notice.name", name=around.place.notice),
    )


def _people_over(flat: Flat, content: Joining, around: Surroundings) -> View:
    words = around.words
    return DataView(
        words("declare.over"),
        around.speech(words("declare.over_spoken"), words("renting.people.over_note")),
        words("declare.over_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("issue", words("declare.hand_in")),
        rows=(
            DataRow(words("renting.flat"), short(flat.right.address)),
            *(row(each.name, words("renting.people.title")) for each in content.comers),
        ),
        reveal=words("record.reveal"),
        note=words("renting.people.over_note"),
    )


def _handing_in(at: hand_in.Here, about: str, around: Surroundings, *, linked: bool) -> View:
    """The same whatever becomes of it; what comes next is said by the deed alone."""
    view = handing_in.present(at, around, about)
    if linked and isinstance(view, CodeView) and view.forward:
        return replace(view, forward=replace(view.forward, label=around.words("renting.to_mine")))
    return view
