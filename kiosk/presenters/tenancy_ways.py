"""The screens of how somebody comes in."""

from typing import assert_never

from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_ways as flow
from kiosk.flows.tenancy_told import FACE, OwnWay
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import face_notice, on, steps
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, CodeView, MessageView, NoticeView, Picture, PictureView, Tone, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ListingWays():
            return _listing(state, around)
        case flow.AwaitingAccessCard():
            return _lay(around)
        case flow.ConfirmingCard(_, card):
            return _sure("card_weak" if card.weak else "card", around, label=card.label)
        case flow.AskingLink():
            return waiting("renting.link.asking", around, around.route.index("renting"))
        case flow.ShowingLink(_, url):
            return _link(url, around)
        case flow.ReadingFaceNotice():
            return face_notice(around)
        case flow.ConfirmingWithdrawal():
            return _sure("no_face", around)
        case flow.ChoosingLost():
            return _lost(state, around)
        case flow.ConfirmingLost(_, way):
            return _sure("lost", around, way=_name(way, around))
        case _:
            assert_never(state)


def _name(way: OwnWay, around: Surroundings) -> str:
    words = around.words
    key = f"renting.way.{way.kind}"
    name = words(key if words.has(key) else "renting.way.other")
    return words("renting.ways.labelled", name=name, label=way.label) if way.label else name


def _said(way: OwnWay, around: Surroundings) -> str:
    """A face alone has still to be set up at a gate: whatever else waits for its first time there opens already."""
    words = around.words
    if way.waiting and way.kind == FACE:
        return words("renting.ways.waiting")
    key = "renting.ways.until" if way.until else "renting.ways.since"
    return words(key, since=on(way.since, around), until=on(way.until, around))


def _listing(state: flow.ListingWays, around: Surroundings) -> View:
    words, flat = around.words, state.flat
    problem = f"renting.ways.problem.{state.problem}"
    said = words(problem if words.has(problem) else "renting.ways.problem.other") if state.problem else ""
    question = said or words("renting.ways.question")
    cards = tuple((_name(way, around), _said(way, around)) for way in state.shown)
    nothing = ((words("renting.ways.title"), words("renting.ways.none")),)
    return NoticeView(
        question,
        around.speech(question, *(f"{name}\n{since}" for name, since in cards)),
        words("renting.ways.help"),
        tone=Tone.ATTENTION if said else Tone.CALM,
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("renting.mine.more" if state.more else "renting.ways.done")),
        paragraphs=cards or nothing,
        choices=_deeds(flat, around),
    )


def _deeds(flat: shared.Flat, around: Surroundings) -> tuple[Choice, ...]:
    """Equal buttons. Face is one of them, and its withdrawal stands in the same place."""
    words, right, case = around.words, flat.right, flat.case
    taken, faced = case.takes("ways"), right.face is not None
    able = {
        "card": right.choosing and taken,
        "phone": right.choosing and case.linked,
        "face": taken and (faced or (right.choosing and case.own.face)),
        "loss": taken and bool(flow.ChoosingLost(flat).losable),
    }
    key = {"face": "no_face" if faced else "face"}
    actions = {"card": "add-card", "phone": "add-phone", "face": "add-face", "loss": "report-loss"}
    icons = {"card": "card", "phone": "phone", "face": "face", "loss": "cross"}
    return tuple(
        Choice(actions[name], words(f"renting.ways.{key.get(name, name)}"), enabled=able[name], icon=icons[name])
        for name in able
    )


def _lay(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("renting.ways.lay"),
        words("renting.ways.lay_spoken"),
        words("renting.ways.lay_help"),
        steps=steps(around),
        back=around.back(),
        picture=Picture.TAP_CARD,
        line=words("renting.ways.lay_line"),
    )


def _sure(what: str, around: Surroundings, **values: object) -> View:
    """What will be handed in, and what it means."""
    words = around.words
    key = f"renting.sure.{what}"
    return MessageView(
        words(key),
        around.speech(words(key), words(f"{key}_line", **values)),
        words("renting.sure.help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("issue", words(f"{key}_yes")),
        true_now=words(f"{key}_line", **values),
    )


def _link(url: str, around: Surroundings) -> View:
    words = around.words
    return CodeView(
        words("renting.link.question"),
        words("renting.link.spoken"),
        words("renting.link.help"),
        steps=steps(around),
        forward=Choice("on", words("renting.link.done")),
        square=url,
        line=words("renting.link.line"),
        you_can=words("renting.link.you_can"),
        picture=Picture.NONE,
    )


def _lost(state: flow.ChoosingLost, around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("renting.ways.which_lost"),
        words("renting.ways.which_lost"),
        words("renting.ways.lost_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("renting.mine.more")) if state.more else None,
        choices=tuple(Choice(f"lost:{way.ref}", _name(way, around), _said(way, around)) for way in state.shown),
    )
