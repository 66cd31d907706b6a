"""Every document at the real kiosk, by touch: what it leads to, and what its holder is told when it leads nowhere."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from backend_client.contract.papers import PaperState
from civic.document import DocumentKind
from kiosk.flows import claim, issuing, proof
from kiosk.flows import identity as who
from kiosk.flows import visit as flow
from simulators.chip.documents import documents
from simulators.house import House
from simulators.pcsc import READER
from terminal.views import ChoiceView, MessageView
from tests.support.fault_chips import OTHER_PROGRAM
from tests.support.story import papers, shown

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PASSPORT, PERMIT, PERSON = "deng", "deng-permit", "deng"
NOTICED_S = 8.0
ELSEWHERE = {
    "permit": DocumentKind.HMT_PERMIT,
    "foreigner-2017": DocumentKind.FOREIGNER_CARD_2017,
    "foreigner-2023": DocumentKind.FOREIGNER_CARD,
}
HALL, HOURS = "出入境接待大厅", "周一至周五 9:00–12:00，14:00–17:00"


@pytest.fixture
def walker(walker: "Walker") -> "Walker":
    """A passport may be brought, whatever the story before came to."""
    assert walker.driver.wait_until(lambda: travel_works(walker), NOTICED_S)
    return walker


def travel_works(walker: "Walker") -> bool:
    """Whether a passport may be brought, as far as the kiosk knows."""
    return who.Way.TRAVEL not in dict(walker.visit.readiness.broken)


def arrive(walker: "Walker") -> None:
    """As far as the question what was brought; the screens up to there have their pictures elsewhere."""
    pictures, walker.out = walker.out, None
    walker.go_home()
    walker.choose()
    walker.await_screen(claim.ChoosingWay)
    walker.out = pictures


def told(walker: "Walker") -> MessageView:
    """The message on the screen."""
    view = shown(walker)
    assert isinstance(view, MessageView)
    return view


# --- what leads to a paper ---


def test_a_passport_held_before_the_camera_and_laid_down_leads_to_a_paper(walker: "Walker", house: House) -> None:
    """Page, chip, live face compared with the chip's own picture, paper."""
    before = len(papers(house))
    arrive(walker)
    walker.show_page(PASSPORT)
    walker.lay_document(PASSPORT)
    walker.look_into_camera(f"live:{PERSON}")
    walker.confirm_data()
    walker.take_paper()
    walker.leave()
    now = papers(house)
    assert len(now) == before + 1
    assert list(now.values())[-1] is PaperState.DELIVERED


def test_a_permit_to_travel_is_as_good(walker: "Walker") -> None:
    """In the size of a card, with another page, opened by BAC."""
    arrive(walker)
    walker.show_page(PERMIT)
    walker.lay_document(PERMIT)
    here = walker.await_screen(proof.ChoosingProof)
    assert isinstance(here, proof.ChoosingProof)
    assert here.case.claim == who.Claim(DocumentKind.TRAVEL_PERMIT)
    assert here.case.face_offered


def test_whoever_would_rather_type_the_page_does(walker: "Walker") -> None:
    """Nothing is held before the camera."""
    arrive(walker)
    walker.type_page(documents()[PASSPORT].key)
    walker.lay_document(PASSPORT)
    here = walker.await_screen(proof.ChoosingProof)
    assert isinstance(here, proof.ChoosingProof)
    assert here.case.claim.kind is DocumentKind.PASSPORT


# --- what another office serves ---


def test_who_is_served_elsewhere_reads_where_and_when_and_may_lay_another_card(walker: "Walker") -> None:
    """The card is well, nobody is asked for a face, and a resident's card that never expires (长期) goes on."""
    arrive(walker)
    for card, kind in ELSEWHERE.items():
        walker.lay_card(card)
        here = walker.await_screen(claim.Elsewhere)
        assert isinstance(here, claim.Elsewhere)
        assert here.kind is kind
        walker.note(f"elsewhere-{card}")
        view = told(walker)
        assert HALL in view.question
        assert HOURS in view.you_can
        assert "证件没有问题" in view.true_now
        walker.state.set("id_card", card="none")
        walker.driver.tap("other-document")
    walker.lay_card("senior")
    walker.await_screen(proof.ChoosingProof)


def test_the_same_is_told_before_anything_is_shown(walker: "Walker") -> None:
    """By a tile that names the documents and the office; and one can go back."""
    arrive(walker)
    view = shown(walker)
    assert isinstance(view, ChoiceView)
    tile = next(choice for choice in view.choices if choice.action == "office:exit_entry")
    for words in ("港澳台居民居住证", "外国人永久居留身份证", HALL):
        assert words in tile.label + tile.note
    walker.driver.tap("office:exit_entry")
    walker.await_screen(claim.Elsewhere)
    walker.note("elsewhere-asked")
    assert HOURS in told(walker).you_can
    assert "还没有出示" in told(walker).true_now
    walker.driver.tap("back")
    walker.await_screen(claim.ChoosingWay)


@pytest.mark.parametrize(
    ("card", "code", "sentence"),
    [
        ("future", "card-not-yet-valid", "这张身份证还没到有效期。"),
        ("expired", "card-expired", "这张身份证已过有效期。"),
    ],
)
def test_a_card_that_can_not_serve_today_is_told_why(walker: "Walker", card: str, code: str, sentence: str) -> None:
    """Before a face is asked for, with the window's hours."""
    arrive(walker)
    walker.lay_card(card)
    ended = walker.await_screen(issuing.Ended)
    assert ended == issuing.Ended(code)
    walker.note(code)
    assert told(walker).question == sentence
    assert "9:00" in told(walker).you_can


# --- what goes wrong on the way ---


def test_a_chip_that_falls_silent_is_lifted_and_laid_again(walker: "Walker", house: House) -> None:
    """It costs five seconds and one touch; nobody restarts anything."""
    house.state.set("travel_document", "hung")
    arrive(walker)
    walker.show_page(PASSPORT)
    walker.lay_document(PASSPORT)
    failed = walker.await_screen(claim.DocumentFailed)
    assert isinstance(failed, claim.DocumentFailed)
    assert failed.problem == "silent"
    walker.note("chip-silent")
    assert "拿起来" in told(walker).true_now
    house.state.set("travel_document", "ok", document="none")
    walker.driver.pump(1.0)
    walker.driver.tap("on")
    walker.lay_document(PASSPORT)
    walker.await_screen(proof.ChoosingProof)


def test_pcscd_that_crashes_while_a_chip_is_read_is_one_sentence_and_comes_back(walker: "Walker", house: House) -> None:
    """Until it is back the way is grey, with its reason; then the same passport reads."""
    house.state.set("travel_document", "slow")
    arrive(walker)
    walker.show_page(PASSPORT)
    walker.lay_document(PASSPORT)
    assert walker.driver.wait_until(lambda: isinstance(walker.here, claim.LayingDocument) and bool(walker.here.stage))
    house.stop_pcscd()
    asked = walker.await_screen(claim.ChoosingWay)
    assert isinstance(asked, claim.ChoosingWay)
    assert asked.failed is who.Way.TRAVEL, "another way is asked for, in the same visit"
    walker.note("pcscd-crashed")
    assert walker.driver.wait_until(lambda: not travel_works(walker), NOTICED_S)
    house.state.set("travel_document", "ok", document="none")
    walker.driver.tap("clear")
    walker.await_screen(flow.Attract)
    arrive(walker)
    walker.note("way-is-grey")
    assert not walker.driver.shows("way:travel")
    assert walker.driver.shows("way:card")
    house.start_pcscd()
    assert walker.driver.wait_until(lambda: travel_works(walker), NOTICED_S)
    walker.driver.tap("clear")
    walker.await_screen(flow.Attract)
    arrive(walker)
    walker.show_page(PASSPORT)
    walker.lay_document(PASSPORT)
    walker.await_screen(proof.ChoosingProof)


def test_a_second_program_on_the_reader_makes_the_way_grey_and_nothing_else(walker: "Walker", house: House) -> None:
    """Its session is not disturbed; when it ends, the reader is ours again."""
    house.state.set("travel_document", document=PASSPORT)
    with another_program(walker):
        assert walker.driver.wait_until(lambda: not travel_works(walker), NOTICED_S)
        assert dict(walker.visit.readiness.broken)[who.Way.TRAVEL] == "travel_document.in-use"
        arrive(walker)
        walker.note("reader-in-use")
        assert not walker.driver.shows("way:travel")
        assert walker.driver.shows("way:number")
    assert walker.driver.wait_until(lambda: travel_works(walker), NOTICED_S)


@contextmanager
def another_program(walker: "Walker") -> Iterator[None]:
    """It talks to the chip that lies there, once pcscd has found it."""
    command = [sys.executable, "-c", OTHER_PROGRAM, READER]
    walker.driver.pump(1.5)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n"
        try:
            yield
        finally:
            other.communicate("\n")
