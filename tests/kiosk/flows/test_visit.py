"""The visit around the services: beginning, quiet, clear, leftovers, alarm, out of service, maintenance."""

from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import application, check_paper, issuing, leftovers, maintenance, proof, touches, visit
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from kiosk.flows.comfort import Comfort, Language, LanguageToggled, LargeTypeToggled, SpeechToggled
from kiosk.flows.errand import Errand, Service
from kiosk.flows.readiness import CHECK, OutOfService, Readiness, Shut

READY = Readiness((("household_certificate", ()),))
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""),), date(2026, 11, 22), officer=True)
SERVICE = Service("household_certificate", (h.Purpose("move", ()),))
PROVING = application.Proving(
    Errand(SERVICE, SERVICE.purposes[0], OFFERS), proof.begin(who.Claim(DocumentKind.RESIDENT_CARD), OFFERS).state
)
SERVING = visit.Visit(visit.Serving(PROVING), readiness=READY)
BEGUN = touches.ServiceChosen(SERVICE, OFFERS)


def after(now: visit.Visit, *events: Event) -> visit.Visit:
    for event in events:
        now = visit.advance(now, event).state
    return now


def commands(now: visit.Visit, event: Event) -> tuple[type, ...]:
    return tuple(type(command) for command in visit.advance(now, event).commands)


def test_a_grey_tile_begins_nothing() -> None:
    home = visit.Visit(visit.Home(), readiness=Readiness((("household_certificate", ("page_printer.jam",)),)))
    assert after(home, BEGUN) == home


def test_a_tile_that_works_begins_the_service() -> None:
    home = visit.Visit(visit.Home(), readiness=READY)
    assert isinstance(after(home, BEGUN).place, visit.Serving)


def test_clear_forgets_at_once_and_then_looks_for_what_was_left() -> None:
    assert commands(SERVING, touches.Cleared()) == (h.ForgetResident, h.LookAtReader)
    assert after(SERVING, touches.Cleared(), h.ReaderEmpty()).place == visit.Attract()


def test_a_card_left_behind_gets_a_nameless_screen_until_it_is_lifted() -> None:
    left = after(SERVING, touches.Cleared(), h.CardLying())
    assert left.place == leftovers.Leftover(card=True, paper=False)
    assert after(left, h.CardLifted()).place == visit.Attract()


def test_a_paper_nobody_answered_for_is_handed_over_and_called_out() -> None:
    taking = replace(
        SERVING, place=visit.Serving(application.Making(issuing.TakingPaper(h.Application("a", "b"), "S-1")))
    )
    step = visit.advance(taking, touches.Cleared())
    assert step.commands == (h.ConfirmPaper("S-1"), h.ForgetResident(), h.LookAtReader())
    assert after(step.state, h.ReaderEmpty()).place == leftovers.Leftover(card=False, paper=True)


def test_comfort_belongs_to_the_person_and_goes_with_them() -> None:
    comfortable = after(SERVING, LanguageToggled(), LargeTypeToggled(), SpeechToggled())
    assert comfortable.comfort == Comfort(Language.ENGLISH, large=True, speech=True)
    assert after(comfortable, touches.Cleared(), h.ReaderEmpty()).comfort == Comfort()


def test_the_language_changes_on_any_screen_and_back() -> None:
    for _ in range(2):
        english = after(SERVING, LanguageToggled())
        assert english.place is SERVING.place
        assert after(english, LanguageToggled()).comfort.language is Language.CHINESE


def test_quiet_warns_and_one_touch_extends() -> None:
    warned = after(SERVING, touches.WentQuiet(20))
    assert warned.overlay is visit.Overlay.IDLE
    extended = after(warned, touches.Extended())
    assert extended.overlay is visit.Overlay.NONE
    assert extended.extensions == 1
    assert extended.place is SERVING.place


def test_the_alarm_hides_the_visit_and_says_whether_anyone_was_reached() -> None:
    assert commands(SERVING, touches.AlarmHeld()) == (h.ForgetResident, touches.RaiseAlarm)
    alarm = after(SERVING, touches.AlarmHeld(), touches.AlarmAnswered("nobody"))
    assert alarm.place == visit.Alarm("nobody")
    assert after(alarm, touches.AlarmLeft()).place == visit.Attract()


def test_the_alarm_works_from_the_first_screen() -> None:
    assert isinstance(after(visit.Visit(), touches.AlarmHeld()).place, visit.Alarm)


def test_the_hidden_corner_opens_only_where_nobody_is_served() -> None:
    assert isinstance(after(visit.Visit(), touches.CornerTapped()).place, visit.Maintaining)
    assert after(SERVING, touches.CornerTapped()) == SERVING


def test_a_closed_kiosk_stays_closed_until_a_technician_opens_it() -> None:
    inside = after(visit.Visit(), touches.CornerTapped(), maintenance.PinAccepted(None), maintenance.ClosingAsked())
    closed = after(inside, maintenance.ReasonChosen("repair"), maintenance.ExpectedChosen("tonight"))
    left = after(closed, maintenance.LeftMaintenance())
    assert left.place == visit.Closed(OutOfService("repair", "tonight"))
    assert after(left, touches.Begun(), touches.Cleared()).place == left.place
    again = after(left, touches.CornerTapped(), maintenance.PinAccepted(("repair", "tonight")))
    assert after(again, maintenance.ReopeningAsked(), maintenance.LeftMaintenance()).place == visit.Attract()


def test_nothing_is_given_up_before_a_second_question_is_answered() -> None:
    """Sending again takes nothing from anybody, and is done at once."""
    chosen = visit.Visit(visit.Maintaining(maintenance.ChoosingAside(None)))
    assert visit.advance(chosen, maintenance.AsideChosen("again")).commands == (maintenance.SettleAside("again"),)
    assert commands(chosen, maintenance.AsideChosen("was-a-test")) == ()
    asked = after(chosen, maintenance.AsideChosen("was-a-test"))
    assert after(asked, maintenance.LeftMaintenance()) == chosen
    assert visit.advance(asked, maintenance.GivingUpConfirmed()).commands == (maintenance.SettleAside("was-a-test"),)


def test_the_pin_is_never_in_the_states_text() -> None:
    entering = after(visit.Visit(), touches.CornerTapped(), *(maintenance.DigitPressed(Personal(d)) for d in "918273"))
    assert "918273" not in repr(entering)
    checking = visit.advance(entering, maintenance.PinEntered())
    assert "918273" not in repr(checking)
    assert checking.commands == (maintenance.CheckPin(Personal("918273")),)


def test_checking_a_paper_begins_at_its_tile_and_ends_with_the_wipe() -> None:
    """Back leads to the tiles; clear leads to the lamp, and nobody looks for a card that was never asked for."""
    home = visit.Visit(visit.Home(), readiness=Readiness(((CHECK, ()),)))
    checking = after(home, touches.CheckChosen())
    assert checking.place == visit.CheckingPaper(check_paper.ShowingPaper())
    assert commands(home, touches.CheckChosen()) == (check_paper.LookAtPaper,)
    assert commands(checking, h.WentBack()) == (h.StopJobs, h.ForgetResident)
    assert after(checking, h.WentBack()).place == visit.Home()
    assert commands(checking, touches.Cleared()) == (h.ForgetResident,)
    assert after(checking, touches.Cleared()).place == visit.Attract()


def test_checking_a_paper_is_grey_without_a_camera() -> None:
    home = visit.Visit(visit.Home(), readiness=Readiness(((CHECK, ("camera.unplugged",)),)))
    assert after(home, touches.CheckChosen()) == home


def test_who_holds_a_paper_before_the_camera_need_not_touch_anything() -> None:
    """What it is, then stands until somebody answers, or the warning has run out."""
    home = visit.Visit(visit.Home(), readiness=Readiness(((CHECK, ()),)))
    checking = after(home, touches.CheckChosen())
    assert not visit.may_go_quiet(checking)
    told = after(checking, check_paper.PaperChecked(check_paper.Finding(check_paper.Standing.VOID)))
    assert visit.may_go_quiet(told)


# --- records have put the kiosk out ---

REVOKED = OutOfService("revoked", "unknown")
PUT_OUT = Shut(REVOKED)


@pytest.mark.parametrize(
    "place",
    [visit.Attract(), visit.Closed(OutOfService("paper", "tonight")), visit.Home()],
    ids=["rest", "closed", "home"],
)
def test_where_nobody_has_begun_it_closes_at_once(place: visit.Place) -> None:
    assert after(visit.Visit(place, readiness=READY), PUT_OUT).place == visit.Closed(REVOKED)


def test_whoever_is_served_is_forgotten_and_what_they_left_is_called_out_first() -> None:
    """As if they had cleared the screen; the lamp does not go on again."""
    assert commands(SERVING, PUT_OUT) == (h.ForgetResident, h.LookAtReader)
    assert after(SERVING, PUT_OUT, h.CardLying(), h.CardLifted()).place == visit.Closed(REVOKED)


def test_a_paper_in_the_tray_is_answered_for_in_the_journal() -> None:
    """Records have voided it already, and will say so; the resident reads it on the screen that follows."""
    making = application.Making(issuing.TakingPaper(h.Application("a", "b"), "S-1"))
    taking = replace(SERVING, place=visit.Serving(making))
    assert commands(taking, PUT_OUT) == (h.ConfirmPaper, h.ForgetResident, h.LookAtReader)
    left = after(taking, PUT_OUT, h.ReaderEmpty())
    assert left.place == leftovers.Leftover(card=False, paper=True)
    assert after(left, leftovers.LeftoverSeen()).place == visit.Closed(REVOKED)


def test_an_alarm_and_who_works_at_the_machine_go_on() -> None:
    """The alarm's end is a closed kiosk; the page of the technician knows it, and can't end it."""
    alarm = after(visit.Visit(visit.Alarm()), PUT_OUT)
    assert alarm.place == visit.Alarm()
    assert after(alarm, touches.AlarmLeft()).place == visit.Closed(REVOKED)
    page = visit.Visit(visit.Maintaining(maintenance.Page(None)))
    told = after(page, PUT_OUT)
    assert told.place == visit.Maintaining(maintenance.Page(("revoked", "unknown")))
    reopened = after(told, maintenance.ReopeningAsked())
    assert reopened.place == visit.Maintaining(maintenance.Page(("revoked", "unknown"), "revoked"))
    assert commands(told, maintenance.ReopeningAsked()) == ()
    assert after(reopened, maintenance.LeftMaintenance()).place == visit.Closed(REVOKED)


def test_said_again_it_changes_nothing() -> None:
    """Records say it at every request."""
    closed = replace(after(visit.Visit(), PUT_OUT), comfort=Comfort(large=True))
    assert after(closed, PUT_OUT) == closed
