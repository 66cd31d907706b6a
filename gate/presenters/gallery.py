"""Every screen of a gate, with synthetic content: what ``make screens`` draws and the text tests walk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from civic.comfort import Comfort
from civic.masking import Personal
from gate.flows import states as s
from gate.flows.terminal import Terminal
from gate.presenters.faces import INSTRUCTIONS
from gate.presenters.gallery_technician import machine_of, technicians
from gate.presenters.surroundings import Site, Surroundings
from gate.presenters.terminal import WARNINGS, chrome, present
from terminal.texts import Words
from terminal.views import Chrome, View

SITE = Site((("zh", "灯火里小区 东门（示例）"), ("en", "Denghuoli, east gate (example)")), "0000-0119")
_OFFERED = s.Conditions(s.Face.OFFERED)


def terminals() -> Iterator[tuple[str, Terminal]]:
    """(name, terminal) for every state, and where it differs for every condition of it."""
    yield "gate-idle", Terminal(conditions=_OFFERED)
    for turn in range(1, WARNINGS):
        yield f"gate-idle-{turn + 1}", Terminal(s.Idle(turn), conditions=_OFFERED)
    yield "gate-idle-no-face", Terminal()
    yield "gate-idle-all", Terminal(conditions=s.Conditions(s.Face.TOO_MANY, link=False, notices=True))
    yield "gate-how-card", Terminal(s.ShowingHow(s.Way.CARD))
    yield "gate-how-code", Terminal(s.ShowingHow(s.Way.CODE))
    yield "gate-typing", Terminal(s.TypingCode())
    yield "gate-typing-some", Terminal(s.TypingCode(Personal("13579")))
    yield "gate-typing-all", Terminal(s.TypingCode(Personal("13579246")))
    yield "gate-typing-paused", Terminal(s.TypingPaused())
    yield "gate-face-asking", Terminal(s.AskingFace(), conditions=_OFFERED)
    for each in INSTRUCTIONS:
        yield f"gate-face-looking-{each}", Terminal(s.LookingForFace(each), conditions=_OFFERED)
    yield "gate-face-looking-on", Terminal(s.LookingForFace("look-back", 0.6), conditions=_OFFERED)
    for why in (s.Face.TOO_MANY, s.Face.AWAY, s.Face.NOT_HERE):
        yield f"gate-face-none-{why.value}", Terminal(s.FaceNotOffered(), conditions=s.Conditions(why))
    yield "gate-deciding", Terminal(s.Deciding())
    yield "gate-opened", Terminal(s.Opened())
    yield "gate-opened-notices", Terminal(s.Opened(), conditions=s.Conditions(notices=True))
    yield "gate-refused", Terminal(s.Refused())
    yield "gate-guard", Terminal(s.GuardShown())
    yield "gate-enrol-asking", Terminal(s.AskingEnrolment(), conditions=_OFFERED)
    yield "gate-enrol-slip", Terminal(s.ShowingSlip(), conditions=_OFFERED)
    for each in INSTRUCTIONS:
        yield f"gate-enrol-doing-{each}", Terminal(s.EnrollingFace(each, 0.4), conditions=_OFFERED)
    yield "gate-enrol-done", Terminal(s.EnrolmentOver(done=True), conditions=_OFFERED)
    yield "gate-enrol-left", Terminal(s.EnrolmentOver(done=False), conditions=_OFFERED)
    yield "gate-held-open", Terminal(s.HeldOpen(), conditions=s.Conditions(held_open=True))
    yield "gate-door-offline", Terminal(s.DoorOffline(), conditions=s.Conditions(door=False))
    yield "gate-emergency", Terminal(s.Emergency(), conditions=s.Conditions(fire=True))
    yield "gate-out-of-service", Terminal(s.OutOfService(), conditions=s.Conditions(closed=True))
    yield "gate-help", Terminal(conditions=_OFFERED, helping=True)
    yield from technicians()


def samples(words: Words, *, large: bool = False) -> Iterator[tuple[str, View, Chrome]]:
    """(name, view, chrome) of every screen in one language; ``large``: as who asked for large type sees them."""
    around = Surroundings(words, datetime(2026, 11, 22, 23, 5, tzinfo=UTC), SITE)
    for name, each in terminals():
        now = replace(each, comfort=Comfort(large=large))
        there = replace(around, machine=machine_of(name))
        view = present(now, there)
        yield name, view, chrome(now, view, there)
    nobody = replace(around, site=replace(SITE, guard_phone=""))
    for name, each in (("gate-guard-window", Terminal(s.GuardShown())), ("gate-refused-window", Terminal(s.Refused()))):
        view = present(replace(each, comfort=Comfort(large=large)), nobody)
        yield name, view, chrome(replace(each, comfort=Comfort(large=large)), view, nobody)
