"""The screens around the services, and what stands around every screen."""

from dataclasses import replace
from typing import assert_never

from kiosk.flows import leftovers
from kiosk.flows import visit as flow
from kiosk.flows.readiness import RECEIPT, OutOfService, Readiness
from kiosk.presenters import application, check_paper, declaration, home, maintenance, notices, tenancy
from kiosk.presenters.home import offered
from kiosk.presenters.home import reason as in_words
from kiosk.presenters.surroundings import Surroundings
from terminal.views import (
    AlarmView,
    AttractView,
    Choice,
    Chrome,
    MessageView,
    Picture,
    PictureView,
    Tone,
    View,
)


def present(visit: flow.Visit, around: Surroundings) -> View:
    """The view of the visit as it is."""
    around = replace(around, aided=visit.comfort.large or visit.comfort.speech)
    match visit.place:
        case flow.Attract():
            return _attract(visit.readiness, around)
        case flow.Home():
            return home.present(visit.readiness, around)
        case flow.Serving(at):
            return application.present(at, around)
        case flow.Declaring(at):
            return declaration.present(at, around)
        case flow.CheckingPaper(at):
            return check_paper.present(at, around)
        case flow.ReadingNotices(at):
            return notices.present(at, around)
        case flow.Renting(at):
            return tenancy.present(at, around)
        case flow.SayingGoodbye(served):
            return _goodbye(around, served=served)
        case leftovers.LookingForLeftovers():
            return _looking(around)
        case leftovers.Leftover(card):
            return _leftover("card" if card else "paper", around)
        case flow.Alarm(reached):
            return _alarm(reached, around)
        case flow.Closed(why):
            return _closed(why, around)
        case flow.Maintaining(at):
            return maintenance.present(at, around)
        case _:
            assert_never(visit.place)


def chrome(visit: flow.Visit, view: View, around: Surroundings) -> Chrome:
    """The always-present row, and what lies over the view."""
    words = around.words
    names = ("large_type", "speech", "language", "help", "clear")
    warning = visit.overlay is flow.Overlay.IDLE
    helping = visit.overlay is flow.Overlay.HELP
    return Chrome(
        buttons=tuple(Choice(name, words(f"chrome.{name}")) for name in names),
        alarm=words("chrome.alarm"),
        alarm_hint=words("chrome.alarm_hint"),
        large_type=visit.comfort.large,
        speech=visit.comfort.speech,
        language=words.language,
        warning=words("chrome.idle", seconds=visit.seconds_left) if warning else "",
        warning_choice=Choice("extend", words("chrome.idle_extend")) if warning else None,
        help=view.help if helping else "",
        help_close=Choice("help", words("chrome.help_close")) if helping else None,
        quiet=isinstance(visit.place, flow.Attract),
    )


def _attract(readiness: Readiness, around: Surroundings) -> View:
    words = around.words
    services, later = offered(around), readiness.declaration() == ()
    blocked = {service: readiness.reasons(service)[0] for service in services if readiness.reasons(service)}
    if later:  # handed in without a link
        blocked.pop(RECEIPT, None)
    state = "all_works" if not blocked else "some_paused" if len(blocked) < len(services) else "all_paused"
    now = around.now
    return AttractView(
        words("attract.question"),
        words("attract.spoken"),
        words("attract.help"),
        tone=Tone.NIGHT,
        clock=f"{now:%H:%M}",
        date=words("attract.date", day=around.day(now), weekday=words(f"attract.weekday_{now.weekday()}")),
        state=words(f"attract.{state}"),
        notes=(
            *_services(blocked, around, face=later or not readiness.face)[: 1 if around.aided else None],
            *((words("attract.specimen"),) if around.place.specimen else ()),
        ),
        begin=words("attract.begin"),
    )


def _services(blocked: dict[str, str], around: Surroundings, *, face: bool) -> tuple[str, ...]:
    """What can be done here and by whose confirmation alone, and what can't and why; a line for each reason."""
    words = around.words
    working = [service for service in offered(around) if service not in blocked]
    works = words("attract.works" if face else "attract.works_officer", services=_listed(working, around))
    paused = (
        words(
            "attract.paused",
            service=_listed([service for service in blocked if blocked[service] == reason], around),
            reason=in_words(reason, around),
        )
        for reason in dict.fromkeys(blocked.values())
    )
    return (*((works,) if working else ()), *paused)


def _listed(services: list[str], around: Surroundings) -> str:
    return around.words("attract.join").join(around.words(f"home.{service}") for service in services)


def _goodbye(around: Surroundings, *, served: bool) -> View:
    words = around.words
    question = words("goodbye.served" if served else "goodbye.not_served")
    return MessageView(
        question,
        around.speech(question, words("goodbye.spoken")),
        words("goodbye.help"),
        true_now=words("goodbye.true_now"),
        picture=Picture.DONE if served else Picture.LAMP,
        forward=Choice("goodbye", words("common.ok")),
    )


def _looking(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        words("parting.looking_question"),
        words("parting.looking_spoken"),
        words("parting.looking_help"),
        picture=Picture.WORKING,
        line=words("common.moment"),
        busy=True,
    )


def _leftover(what: str, around: Surroundings) -> View:
    words = around.words
    seen = Choice("leftover-seen", words("leftover.paper_seen")) if what == "paper" else None
    you_can = words(f"leftover.{what}_you_can", **around.desk())
    return MessageView(
        words(f"leftover.{what}_question"),
        around.speech(words(f"leftover.{what}_spoken"), you_can),
        words("leftover.help"),
        tone=Tone.ATTENTION,
        true_now=words(f"leftover.{what}_true_now"),
        you_can=you_can,
        picture=Picture.TAKE_CARD if what == "card" else Picture.TAKE_PAPER,
        forward=seen,
    )


def _alarm(reached: str, around: Surroundings) -> View:
    words = around.words
    desk = around.desk()
    said = words(f"alarm.reached_{reached}", **desk) if reached else words("alarm.trying")
    return AlarmView(
        words("alarm.question"),
        around.speech(words("alarm.spoken"), said),
        words("alarm.help"),
        tone=Tone.ALARM,
        reached=said,
        desk=(desk["name"], desk["address"], words("alarm.phone", **desk)),
        choices=(Choice("alarm-close", words("alarm.close")),),
    )


def _closed(why: OutOfService, around: Surroundings) -> View:
    words = around.words
    reason, expected = words(f"closed.reason.{why.reason}"), words(f"closed.expected.{why.until or 'unknown'}")
    stop = "。" if words.language == "zh" else "."
    true_now = around.speech(f"{reason}{stop}", f"{expected}{stop}")
    you_can = f"{words('closed.you_can')}\n{around.window()}"
    return MessageView(
        words("closed.question"),
        around.speech(words("closed.spoken"), true_now, you_can),
        words("closed.help"),
        tone=Tone.ATTENTION,
        true_now=true_now,
        you_can=you_can,
        picture=Picture.LAMP,
    )
