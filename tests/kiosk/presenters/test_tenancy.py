"""What 租房与门禁 says: equal answers, the same words whatever becomes of it, and nothing that is not so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend_client.contract.tenancies import AskKind, Missing, RightState, WayKind
from kiosk.flows import hand_in
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_places as flow
from kiosk.flows import tenancy_told as told
from kiosk.flows.readiness import ABOUT_FLATS, CHECK, NOTICES, Readiness
from kiosk.presenters import home, tenancy
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.gallery_intakes import RECEIPT
from kiosk.presenters.gallery_tenancy import ASKS, CASE, COMING, screens
from kiosk.presenters.surroundings import Place, Surroundings
from terminal.texts import LANGUAGES, Catalogue
from terminal.views import ChoiceView, CodeView, NoticeView, View

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts")
NOW = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
AROUND = Surroundings(CATALOGUE.in_language("zh"), NOW, PLACE)


def shown() -> dict[str, View]:
    return {name: tenancy.present(state, AROUND) for name, state in screens()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_records_may_say_has_words(language: str) -> None:
    words = CATALOGUE.in_language(language)
    assert all(words.has(f"renting.state.{state}") for state in RightState)
    assert all(words.has(f"renting.missing.{each}") for each in Missing)
    assert all(words.has(f"renting.way.{kind}") for kind in WayKind)
    assert all(words.has(f"renting.{part}.{kind}") for kind in AskKind for part in ("asked", "answer"))


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.kind)
def test_a_yes_and_a_no_are_equal(ask: told.Ask) -> None:
    view = tenancy.present(flow.Choosing(COMING, mine.Answering(CASE, ask)), AROUND)
    assert isinstance(view, ChoiceView)
    assert [(each.action, each.note, each.icon, each.enabled) for each in view.choices] == [
        ("yes", "", "", True),
        ("no", "", "", True),
    ]
    assert view.forward is None
    assert ask.name in view.paragraph


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.kind)
def test_what_no_answer_does_is_said_as_it_is(ask: told.Ask) -> None:
    """Nobody moves in by silence, a lease goes before an officer, and only a renewal may go on."""
    view = tenancy.present(flow.Choosing(COMING, mine.Answering(CASE, ask)), AROUND)
    assert isinstance(view, ChoiceView)
    decides = "由民警决定"
    ends = {"renewal": "就照提出的办。", "tenancy": f"{decides}；您仍可再来答复。", "early-end": f"{decides}。"}
    assert any(line.endswith(f"没有答复，{ends.get(ask.kind, '就不办了。')}") for line in view.paragraph.splitlines())


def test_a_slip_that_no_gate_has_seen_yet_opens_already() -> None:
    """Only a face is set up at a gate."""
    views = shown()
    slip, face = views["ways-list-2"], views["ways-face-there"]
    assert isinstance(slip, NoticeView)
    assert isinstance(face, NoticeView)
    assert any("到 2026年11月27日" in said for name, said in slip.paragraphs if name == "入住登记流程单")
    assert ("刷脸", "已选，还没在门口登记") in face.paragraphs


def test_a_face_is_asked_for_with_its_alternative_beside_it() -> None:
    view = shown()["ways-face"]
    assert isinstance(view, NoticeView)
    assert any("不刷脸也可办卡" in body for _, body in view.paragraphs)
    assert [(each.action, each.icon) for each in view.choices] == [("yes", ""), ("no", "")]


@pytest.mark.parametrize("about", ["register", "renew", "leave", "answer", "lost"])
def test_what_was_handed_in_is_received_and_nothing_is_said_of_anybody(about: str) -> None:
    """The words depend on the deed alone; nobody learns whether a flat is let."""
    at = hand_in.Received(RECEIPT, hand_in.Slip.STRIP)
    view = tenancy.present(flow.HandingIn(COMING, about, at), AROUND)
    assert isinstance(view, CodeView)
    assert view.line.startswith("已收到，待核实。")
    assert view.you_can == CATALOGUE.in_language("zh")(f"handed_in.then.{about}", **AROUND.desk())


def test_a_square_is_what_the_code_says_and_is_no_part_of_a_printed_view() -> None:
    view = shown()["ways-link"]
    assert isinstance(view, CodeView)
    assert view.square.startswith("https://")
    assert view.square not in repr(view)


def test_where_few_services_are_offered_the_tile_says_what_it_is_for() -> None:
    few = Place(PLACE.desk, PLACE.issuer, specimen=True, services=PLACE.services[:1])
    taken = tuple((kind, ()) for kind in (*ABOUT_FLATS, PLACE.services[0].kind, NOTICES, CHECK))
    view = home.present(Readiness(taken), Surroundings(AROUND.words, NOW, few))
    assert isinstance(view, ChoiceView)
    assert all(each.note for each in view.choices)
    tile = next(each for each in view.choices if each.action == "renting")
    assert (tile.enabled, tile.note) == (True, CATALOGUE.in_language("zh")("home.tenancy_note"))
