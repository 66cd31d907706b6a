"""Residents at the kiosk, alone at night: the real screen by touch, the real drivers, records and a printer process."""

import time
from typing import TYPE_CHECKING

import pytest

from backend_client.contract.papers import PaperState
from civic.clock import SystemClock
from forms.trust import TrustStore
from forms.verification import Outcome, verify_against, verify_paper
from kiosk.flows import claim, issuing, leftovers, parting, proof
from kiosk.flows import identity as who
from kiosk.flows import visit as flow
from kiosk.flows.comfort import Comfort
from simulators.house import House
from tests.support.story import papers

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PERSON = "deng"


@pytest.fixture
def walker(walker: "Walker") -> "Walker":
    """The tile works, whatever the story before came to."""
    assert walker.wait_until_ready() == ()
    return walker


def test_a_resident_leaves_with_a_genuine_paper(walker: "Walker", house: House) -> None:
    before, sheets = len(papers(house)), len(list(house.tray.glob("*.pdf")))
    walker.main_job(PERSON)
    now = papers(house)
    assert len(now) == before + 1
    assert list(now.values())[-1] is PaperState.DELIVERED
    printed = sorted(house.tray.glob("*.pdf"))
    assert len(printed) == sheets + 1


@pytest.mark.parametrize("subject", ["live:impostor_2", f"still:{PERSON}"])
def test_another_face_and_a_still_picture_are_refused_without_blame(
    walker: "Walker", house: House, subject: str
) -> None:
    before = len(papers(house))
    walker.go_home()
    walker.choose()
    walker.lay_card(PERSON)
    here = walker.look_into_camera(subject, turning=not subject.startswith("still"))
    assert isinstance(here, proof.FaceNotConfirmed)
    assert here.result in (who.FaceResult.NOT_CONFIRMED, who.FaceResult.TIMED_OUT)
    walker.note("refused")
    walker.driver.tap("officer")
    window = walker.await_screen(proof.AtWindow)
    assert isinstance(window, proof.AtWindow)
    assert window.because == "nobody", "no officer signed in to this house's console"
    walker.note("window")
    walker.driver.tap("on")
    walker.await_screen(parting.TakingCard)
    house.state.set("id_card", card="none")
    walker.await_screen(flow.SayingGoodbye)
    assert len(papers(house)) == before


def test_a_printer_without_paper_greys_the_tile_before_anything_is_asked(walker: "Walker", house: House) -> None:
    began = time.monotonic()
    house.state.set("page_printer", "paper-out")
    assert walker.driver.wait_until(lambda: bool(walker.visit.readiness.reasons("household_certificate")), 6)
    assert time.monotonic() - began < 5
    walker.go_home()
    assert walker.visit.readiness.reasons("household_certificate")[0] == "page_printer.paper-out"
    walker.note("grey-tile")
    walker.driver.tap("service:household_certificate")
    assert isinstance(walker.here, flow.Home)


def test_paper_that_runs_out_during_the_print_ends_in_one_true_sentence(walker: "Walker", house: House) -> None:
    sheets = len(list(house.tray.glob("*.pdf")))
    walker.go_home()
    walker.choose("requested")
    walker.lay_card(PERSON)
    walker.look_into_camera(f"live:{PERSON}")
    walker.reach_own_data()
    house.state.set("page_printer", "ok", then="paper-out")
    walker.driver.tap("issue")
    waited = walker.driver.wait_until(
        lambda: isinstance(walker.here, issuing.Issuing) and bool(walker.here.waiting_for), 30
    )
    assert waited
    walker.note("printer-waits")
    ended = walker.await_screen(issuing.Ended, seconds=60)
    assert isinstance(ended, issuing.Ended)
    assert ended.code == "paper-out"
    assert ended.void
    walker.note("true-sentence")
    house.state.set("page_printer", "ok")
    walker.driver.pump(3)
    assert list(papers(house).values())[-1] is PaperState.VOID
    assert len(list(house.tray.glob("*.pdf"))) == sheets, "refilled paper printed something stale"


def test_a_paper_that_did_not_come_out_is_void_and_made_again(walker: "Walker", house: House) -> None:
    walker.go_home()
    walker.choose()
    walker.lay_card(PERSON)
    walker.look_into_camera(f"live:{PERSON}")
    walker.confirm_data()
    first = walker.await_screen(issuing.TakingPaper, seconds=60)
    walker.driver.tap("paper-missing")
    walker.await_screen(issuing.Issuing, issuing.TakingPaper)
    walker.note("made-again")
    second = walker.await_screen(issuing.TakingPaper, seconds=60)
    assert isinstance(first, issuing.TakingPaper)
    assert isinstance(second, issuing.TakingPaper)
    assert first.serial != second.serial
    walker.take_paper()
    walker.leave()
    states = papers(house)
    assert states[first.serial] is PaperState.VOID
    assert states[second.serial] is PaperState.DELIVERED


def test_a_card_that_lay_there_identifies_nobody_and_a_card_left_behind_is_called_out(
    walker: "Walker", house: House
) -> None:
    before = papers(house)
    house.state.set("id_card", card="lan")
    walker.driver.pump(1.0)  # it lies there before anybody comes
    walker.go_home()
    walker.choose()
    walker.bring("card")
    walker.await_screen(claim.LiftingCard)
    walker.note("lift-first")
    house.state.set("id_card", card="none")
    walker.lay_card(PERSON)
    walker.await_screen(proof.ChoosingProof)
    walker.driver.tap("clear")
    assert walker.await_screen(leftovers.Leftover) == leftovers.Leftover(card=True, paper=False)
    walker.note("leftover-card")
    house.state.set("id_card", card="none")
    walker.await_screen(flow.Attract)
    assert papers(house) == before


def test_the_language_changes_in_the_middle_and_the_alarm_hides_everything(walker: "Walker") -> None:
    walker.go_home()
    walker.driver.tap("language")
    walker.driver.tap("large_type")
    walker.note("home-english-large")
    walker.choose()
    walker.driver.hold("alarm", 2.4)
    walker.await_screen(flow.Alarm)
    walker.driver.wait_until(lambda: isinstance(walker.here, flow.Alarm) and bool(walker.here.reached), 5)
    walker.note("alarm")
    assert walker.here == flow.Alarm("nobody")
    walker.driver.tap("alarm-close")
    walker.await_screen(flow.Attract)
    assert walker.visit.comfort == Comfort()


def test_what_came_out_of_the_printer_verifies_offline(house: House) -> None:
    document = max(house.tray.glob("*.pdf"))
    trust, now = TrustStore.from_folder(house.trust), SystemClock().now()
    page = document.with_suffix(".png").read_bytes()
    assert verify_paper(page, trust, now).outcome in (Outcome.GENUINE, Outcome.COMPARE)
    assert verify_against(page, document.read_bytes(), trust, now).outcome is Outcome.GENUINE
