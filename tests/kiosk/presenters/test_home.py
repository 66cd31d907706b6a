"""What the tiles say: a reason that they share once, one that differs on its tile, and where else to go."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.flows.readiness import CHECK, NOTICES, TENANCY, Readiness
from kiosk.presenters import home
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.gallery_services import SERVICES
from kiosk.presenters.surroundings import Surroundings
from terminal.texts import Catalogue
from terminal.views import ChoiceView

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts")
AROUND = Surroundings(CATALOGUE.in_language("zh"), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE)
KINDS = tuple(service.kind for service in SERVICES)
PAPER_OUT = ("page_printer.paper-out",)


def shown(blocked: dict[str, tuple[str, ...]], face: str = "") -> ChoiceView:
    """``blocked``: beside renting, which is not offered here."""
    tiles = tuple((tile, blocked.get(tile, ())) for tile in (*KINDS, NOTICES, CHECK))
    readiness = Readiness((*tiles, (TENANCY, blocked.get(TENANCY, ("outbox.not-offered",)))), face=face)
    view = home.present(readiness, AROUND)
    assert isinstance(view, ChoiceView)
    return view


def test_nothing_stands_above_the_tiles_while_all_of_them_work() -> None:
    view = shown({})
    assert view.paragraph == ""
    assert [choice.enabled for choice in view.choices] == [True] * 4 + [False] + [True] * 2
    assert [choice.note for choice in view.choices if choice.note] == [view.choices[4].note] == ["本机不办这一项"]


def test_a_reason_that_grey_tiles_share_is_said_once() -> None:
    view = shown(dict.fromkeys(KINDS[:3], PAPER_OUT))
    assert [choice.enabled for choice in view.choices] == [False] * 3 + [True, False, True, True]
    assert view.paragraph.count("没纸") == view.spoken.count("没纸") == 1
    assert [bool(choice.note) for choice in view.choices] == [False] * 4 + [True, False, False]


def test_reasons_that_differ_stand_on_their_tiles() -> None:
    view = shown({KINDS[0]: PAPER_OUT, CHECK: ("camera.unplugged",)})
    assert "没纸" in view.choices[0].note
    assert "摄像头" in view.choices[-1].note
    assert "没纸" not in view.paragraph


@pytest.mark.parametrize(("tile", "elsewhere"), [(KINDS[0], True), (CHECK, False)])
def test_another_place_is_named_for_what_is_served_there(tile: str, elsewhere: bool) -> None:
    """With when it opens: at night it is closed. No office checks papers for whoever holds one."""
    paragraph = shown({tile: PAPER_OUT}).paragraph
    assert ("平安灯派出所户籍窗口" in paragraph and "明天 08:30 开" in paragraph) is elsewhere


def test_that_an_officer_confirms_is_said_once_while_anything_works() -> None:
    said = "由民警确认"
    view = shown({}, face="face.no-pack")
    assert said in view.paragraph
    assert not any(said in choice.note for choice in view.choices)
    assert said not in shown(dict.fromkeys(KINDS, PAPER_OUT), face="face.no-pack").paragraph
