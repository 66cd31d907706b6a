"""Quiet, warned about in time, and never where waiting is what was asked for (WCAG 2.2.1)."""

from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.number_entry import NumberEntry
from kiosk.flows import application, claim, details, issuing, leftovers, maintenance, proof, touches
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import visit as flow
from kiosk.flows.comfort import Comfort
from kiosk.flows.errand import Errand, Service
from kiosk.flows.readiness import OutOfService
from kiosk.idle import IdleTimes, due

TIMES = IdleTimes()
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""),), date(2026, 11, 22))
SERVICE = Service("household_certificate", (h.Purpose("move", ()),))
ERRAND = Errand(SERVICE, SERVICE.purposes[0], OFFERS)
APPLICATION = h.Application("household_certificate", "move")
TAKING = flow.Visit(flow.Serving(application.Making(issuing.TakingPaper(APPLICATION, "serial"))))
CASE = proof.Case(who.Claim(DocumentKind.RESIDENT_CARD), face_works=True, officer=True)
HOME = flow.Visit(flow.Home())
LARGE = replace(HOME, comfort=Comfort(large=True))
SPEECH = replace(HOME, comfort=Comfort(speech=True))
WARNED = {"overlay": flow.Overlay.IDLE}


@pytest.mark.parametrize(
    ("visit", "quiet", "expected"),
    [
        (HOME, 59.9, None),
        (HOME, 60.0, touches.WentQuiet(20)),
        (HOME, 60.9, touches.WentQuiet(20)),
        (replace(HOME, seconds_left=20, overlay=flow.Overlay.IDLE), 60.9, None),
        (replace(HOME, seconds_left=20, overlay=flow.Overlay.IDLE), 62.5, touches.WentQuiet(19)),
        (replace(HOME, seconds_left=2, overlay=flow.Overlay.IDLE), 80.5, touches.WentQuiet(1)),
        (replace(HOME, seconds_left=1, overlay=flow.Overlay.IDLE), 81.0, touches.Cleared()),
        (LARGE, 119.9, None),
        (LARGE, 120.0, touches.WentQuiet(20)),
        (SPEECH, 119.9, None),
        (SPEECH, 120.0, touches.WentQuiet(20)),
        (SPEECH, 141.0, touches.Cleared()),
    ],
)
def test_quiet_is_warned_about_and_then_ends_the_visit(visit: flow.Visit, quiet: float, expected: object) -> None:
    """Longer for those who read or listen slowly; the counted seconds are told once each."""
    assert due(visit, quiet, TIMES) == expected


def test_the_warning_stands_for_twenty_seconds_however_the_ticks_fall() -> None:
    """Success criterion 2.2.1: at least 20 seconds to extend, though quiet is only looked at once a second."""
    for offset in range(10):
        quiet, warned_at = offset / 10, None
        while not isinstance(event := due(HOME, quiet, TIMES), touches.Cleared):
            warned_at = quiet if warned_at is None and event is not None else warned_at
            quiet += 1
        assert warned_at is not None
        assert quiet - warned_at >= 20


def test_the_defaults_keep_the_success_criterion() -> None:
    """20 seconds of warning, ten extensions; the policy can't go below (backend_client.contract.policy)."""
    assert TIMES.warning >= 20
    assert TIMES.extensions >= 10
    assert TIMES.idle_accessible > TIMES.idle


@pytest.mark.parametrize(("used", "expected"), [(9, touches.WentQuiet(20)), (10, touches.Cleared())])
def test_ten_extensions_are_granted_and_then_quiet_is_the_end(used: int, expected: object) -> None:
    """Each takes one touch."""
    assert due(replace(HOME, extensions=used), 60.0, TIMES) == expected


@pytest.mark.parametrize(
    "place",
    [
        flow.Attract(),
        flow.Closed(OutOfService("repair")),
        leftovers.Leftover(card=True, paper=False),
        flow.Serving(application.Making(issuing.Issuing(APPLICATION))),
        flow.Serving(application.Making(issuing.Voiding(APPLICATION, "serial"))),
        flow.Serving(application.Proving(ERRAND, proof.FacingCamera(CASE))),
        flow.Serving(application.Proving(ERRAND, proof.WithOfficer(CASE, "482913"))),
    ],
    ids=lambda place: type(getattr(place, "at", place)).__name__,
)
def test_no_time_ends_what_is_no_waiting_for_a_touch(place: flow.Place) -> None:
    """A paper that is being made, a look into the camera, a card left behind, a kiosk where nobody has begun."""
    for quiet in (61.0, 100.0, 10_000.0):
        assert due(flow.Visit(place), quiet, TIMES) is None


@pytest.mark.parametrize(
    "at",
    [
        application.ReadingHint(SERVICE, OFFERS),
        application.ChoosingPurpose(SERVICE, OFFERS),
        application.Claiming(ERRAND, claim.AwaitingCard(OFFERS)),
        application.Claiming(ERRAND, claim.EnteringNumber(OFFERS, NumberEntry("990101"))),
        application.Proving(ERRAND, proof.ChoosingProof(CASE)),
        application.ConfirmingData(details.Case(ERRAND, h.OwnData(()))),
        application.Asking(details.ChoosingWhen(details.Case(ERRAND, h.OwnData(())))),
        application.Making(issuing.Ended("unexpected")),
    ],
    ids=lambda at: type(at).__name__,
)
def test_every_question_of_a_service_is_left_in_the_end(at: application.Here) -> None:
    """Nobody's data stay on the screen."""
    assert due(flow.Visit(flow.Serving(at)), 61.0, TIMES) == touches.WentQuiet(20)
    assert due(flow.Visit(flow.Serving(at)), 81.0, TIMES) == touches.Cleared()


def test_a_paper_that_nobody_takes_is_called_out_twice_before_the_warning() -> None:
    """When the policy says so, and half way from there to the warning; then quiet means what it means everywhere."""
    called = replace(TAKING, place=flow.Serving(application.Making(issuing.TakingPaper(APPLICATION, "s", called=1))))
    twice = replace(TAKING, place=flow.Serving(application.Making(issuing.TakingPaper(APPLICATION, "s", called=2))))
    assert due(TAKING, 29.0, TIMES) is None
    assert due(TAKING, 30.0, TIMES) == h.PaperUntaken()
    assert due(called, 44.0, TIMES) is None
    assert due(called, 45.0, TIMES) == h.PaperUntaken()
    assert due(twice, 59.0, TIMES) is None
    assert due(twice, 60.0, TIMES) == touches.WentQuiet(20)
    assert due(replace(called, comfort=Comfort(speech=True)), 74.0, TIMES) is None


def test_a_policy_that_is_patient_with_papers_still_has_them_called_out() -> None:
    """In the middle of the time to the warning at the latest."""
    assert due(TAKING, 30.0, IdleTimes(paper=300)) == h.PaperUntaken()
    assert due(TAKING, 10.0, IdleTimes(paper=10)) == h.PaperUntaken()


@pytest.mark.parametrize(
    ("place", "seconds", "event"),
    [
        (flow.SayingGoodbye(served=True), 6, touches.GoodbyeOver()),
        (leftovers.LookingForLeftovers(paper=False), 20, leftovers.LeftoverSeen()),
        (leftovers.Leftover(card=False, paper=True), 120, leftovers.LeftoverSeen()),
        (flow.Alarm("nobody"), 300, touches.AlarmLeft()),
        (flow.Maintaining(maintenance.Page(None)), 81, touches.Cleared()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_stands_between_visits_ends_by_itself(place: flow.Place, seconds: int, event: object) -> None:
    """The lamp always goes on again."""
    assert due(flow.Visit(place), seconds - 0.1, TIMES) != event
    assert due(flow.Visit(place), seconds, TIMES) == event


def test_the_policy_s_own_times_are_kept() -> None:
    """Whatever it says."""
    times = IdleTimes(idle=90, idle_accessible=200, warning=40, extensions=20)
    assert due(HOME, 89.0, times) is None
    assert due(HOME, 90.0, times) == touches.WentQuiet(40)
    assert due(replace(HOME, extensions=19), 100.0, times) == touches.WentQuiet(31)
    assert due(LARGE, 199.0, times) is None
    assert due(HOME, 131.0, times) == touches.Cleared()
