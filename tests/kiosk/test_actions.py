"""Every target that any screen offers means something."""

from pathlib import Path

import pytest

from kiosk.actions import event_of
from kiosk.flows import errand, maintenance, touches
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from kiosk.presenters.gallery import samples
from kiosk.presenters.gallery_identification import OFFERS
from kiosk.presenters.gallery_services import SERVICES
from terminal.texts import Catalogue

ON_THE_SCREEN_ALONE = {"reveal"}  # the window shows and hides masked values by itself


def meaning(action: str) -> Event | None:
    return event_of(action, lambda kind: next((each for each in SERVICES if each.kind == kind), None), lambda _: OFFERS)


def test_every_target_of_every_screen_is_understood(checkout: Path) -> None:
    """Whatever can have the focus, and the always-present row with what lies over a screen."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language("zh")
    offered: set[str] = set()
    for _, view, chrome in samples(words):
        row = [*chrome.buttons, chrome.warning_choice, chrome.help_close]
        offered |= {*view.focus_order, *(choice.action for choice in row if choice is not None), "alarm", "corner"}
    assert {action for action in offered - ON_THE_SCREEN_ALONE if meaning(action) is None} == set()
    assert len(offered) > 30


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("begin", touches.Begun()),
        ("alarm", touches.AlarmHeld()),
        ("service:household_certificate", touches.ServiceChosen(SERVICES[0], OFFERS)),
        ("person:", errand.PersonChosen("")),
        ("person:a-child", errand.PersonChosen("a-child")),
        ("member:a-spouse", errand.MemberToggled("a-spouse")),
        ("now", errand.WhenChosen(later=False)),
        ("later", errand.WhenChosen(later=True)),
        ("letters", errand.LettersToggled()),
        ("purpose:move", h.PurposeChosen("move")),
        ("way:number", who.WayChosen(who.Way.NUMBER)),
        ("office:exit_entry", who.ElsewhereAsked("exit_entry")),
        ("face", who.FaceChosen()),
        ("officer", who.OfficerChosen()),
        ("key-done", who.EntryFinished()),
        ("paper-missing", h.PaperMissed()),
        ("paper-unreadable", h.PaperMissed(unreadable=True)),
        ("reason:repair", maintenance.ReasonChosen("repair")),
        ("expected:tonight", maintenance.ExpectedChosen("tonight")),
        ("aside:was-a-test", maintenance.AsideChosen("was-a-test")),
        ("give-up", maintenance.GivingUpConfirmed()),
    ],
)
def test_an_action_is_its_event(action: str, event: Event) -> None:
    """With what it was about."""
    assert meaning(action) == event


def test_digits_mask_themselves() -> None:
    """A PIN stands in no log."""
    event = meaning("digit-7")
    assert isinstance(event, maintenance.DigitPressed)
    assert event.digit.reveal() == "7"
    assert "7" not in repr(event)


def test_keys_mask_themselves() -> None:
    """A citizen number stands in no log either, one key at a time."""
    event = meaning("key:X")
    assert isinstance(event, who.KeyPressed)
    assert event.key.reveal() == "X"
    assert "X" not in repr(event).removeprefix("KeyPressed")


@pytest.mark.parametrize(
    "action",
    [
        "",
        "7",
        "digit-",
        "digit-12",
        "digit-x",
        "digit-²",
        "digit-７",
        "reveal",
        "begin:1",
        "service:unheard-of",
        "way:boat",
        "key:",
        "key:x",
        "key:12",
    ],
)
def test_what_no_screen_offers_means_nothing(action: str) -> None:
    """Nor does a near miss."""
    assert meaning(action) is None
