"""That it is them, step by step: a face or an officer, of equal rank, and what "no" means."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from civic.document import DocumentKind
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import proof as flow
from kiosk.flows.base import Event
from tests.support.steps import Row, run

CLAIM = who.Claim(DocumentKind.RESIDENT_CARD)
OFFERS = who.Offers((), date(2026, 11, 22), officer=True)
TRIES = who.Tries(3, datetime(2026, 11, 20, 15, 12, tzinfo=UTC))

TO_CAMERA: list[Row] = [(flow.ChoosingProof, who.FaceChosen(), (who.NoteConsent, who.VerifyFace))]
TO_OFFICER: list[Row] = [
    (flow.ChoosingProof, who.OfficerChosen(), (who.NoteConsent, who.AskOfficer)),
    (flow.AskingOfficer, who.OfficerAsked("482913"), ()),
]


def walk(rows: Sequence[Row], claim: who.Claim = CLAIM, offers: who.Offers = OFFERS) -> flow.Here:
    return run(flow.advance, flow.begin(claim, offers).state, rows)


def test_a_face_that_passes_is_proof() -> None:
    rows: list[Row] = [
        *TO_CAMERA,
        (flow.FacingCamera, who.FaceInstructed("turn-left", 0.4), ()),
        (flow.FacingCamera, who.FaceDecided(who.FaceResult.PASSED), ()),
    ]
    assert walk(rows) == flow.Proven()


def test_an_officer_who_confirms_is_proof() -> None:
    rows: list[Row] = [
        *TO_OFFICER,
        (flow.WithOfficer, who.OfficerOpened(), ()),
        (flow.WithOfficer, who.OfficerDecided(who.OfficerAnswer.CONFIRMED), ()),
    ]
    assert walk(rows) == flow.Proven()


@pytest.mark.parametrize(
    "proven",
    [
        [*TO_CAMERA, (flow.FacingCamera, who.FaceDecided(who.FaceResult.PASSED, TRIES), ())],
        [*TO_OFFICER, (flow.WithOfficer, who.OfficerDecided(who.OfficerAnswer.CONFIRMED, TRIES), ())],
    ],
)
def test_others_tries_are_told_to_the_person_alone(proven: list[Row]) -> None:
    """Only once it is shown that it is them."""
    assert walk(proven) == flow.TellingTries(TRIES)
    assert walk([*proven, (flow.TellingTries, h.WentOn(), ())]) == flow.Proven()


def test_yes_is_noted_in_the_step_that_opens_the_camera() -> None:
    step = flow.advance(flow.begin(CLAIM, OFFERS).state, who.FaceChosen())
    assert step.commands == (who.NoteConsent(given=True), who.VerifyFace())


def test_no_is_noted_once_and_not_asked_again() -> None:
    step = flow.advance(flow.begin(CLAIM, OFFERS).state, who.OfficerChosen())
    assert step.commands == (who.NoteConsent(given=False), who.AskOfficer())
    assert isinstance(step.state, flow.AskingOfficer)
    assert not step.state.case.face_offered


@pytest.mark.parametrize("event", [h.WentBack(), who.OfficerChosen()])
def test_no_before_the_camera_is_no_for_the_visit(event: Event) -> None:
    end = walk([*TO_CAMERA, (flow.FacingCamera, event, (h.StopJobs, who.NoteConsent))])
    assert isinstance(end, flow.ChoosingProof)
    assert end.case.why_no_face == "chosen"
    assert flow.advance(end, who.FaceChosen()).state is end
    assert flow.advance(end, who.OfficerChosen()).commands == (who.AskOfficer(),)


def test_a_face_may_be_tried_three_times() -> None:
    refused = who.FaceDecided(who.FaceResult.NOT_CONFIRMED)
    again: list[Row] = [
        (flow.FacingCamera, refused, ()),
        (flow.FaceNotConfirmed, who.FaceChosen(), (who.VerifyFace,)),
    ]
    last: list[Row] = [
        (flow.FacingCamera, refused, ()),
        (flow.FaceNotConfirmed, who.FaceChosen(), ()),
        (flow.FaceNotConfirmed, who.OfficerChosen(), (who.AskOfficer,)),
    ]
    end = walk([*TO_CAMERA, *again, *again, *last])
    assert isinstance(end, flow.AskingOfficer)
    assert end.case.why_no_face == "face"


@pytest.mark.parametrize("result", [who.FaceResult.NO_CAMERA, who.FaceResult.NO_LINK])
def test_trying_again_is_not_offered_when_it_is_the_machine_that_fails(result: who.FaceResult) -> None:
    end = walk([*TO_CAMERA, (flow.FacingCamera, who.FaceDecided(result), ())])
    assert isinstance(end, flow.FaceNotConfirmed)
    assert end.tries_left == 0
    assert flow.advance(end, who.FaceChosen()).state is end


def test_a_portrait_that_can_not_be_compared_with_leaves_the_officer() -> None:
    end = walk([*TO_CAMERA, (flow.FacingCamera, who.FaceDecided(who.FaceResult.NO_PORTRAIT), ())])
    assert isinstance(end, flow.ChoosingProof)
    assert end.case.why_no_face == "no-portrait"


def test_a_camera_that_breaks_is_the_machines_fault() -> None:
    end = walk([*TO_CAMERA, (flow.FacingCamera, h.JobFailed("unexpected"), ())])
    assert isinstance(end, flow.FaceNotConfirmed)
    assert end.result is who.FaceResult.NO_CAMERA


def test_nobody_is_sent_before_a_camera_that_can_not_help_them() -> None:
    """And each is told another reason."""
    cases = {
        "unclear": (replace(CLAIM, unclear=True), OFFERS),
        "minor": (replace(CLAIM, minor=True), OFFERS),
        "no-portrait": (replace(CLAIM, has_portrait=False), OFFERS),
        "no-camera": (CLAIM, replace(OFFERS, face=False)),
    }
    for why, (claim, offers) in cases.items():
        state = flow.begin(claim, offers).state
        assert isinstance(state, flow.ChoosingProof)
        assert state.case.why_no_face == why
        assert flow.advance(state, who.FaceChosen()).state is state
        assert flow.advance(state, who.OfficerChosen()).commands == (who.AskOfficer(),)


def test_nobody_on_duty_is_not_called() -> None:
    """Nor is anybody left waiting: the window is named, and when it opens."""
    rows: list[Row] = [(flow.ChoosingProof, who.OfficerChosen(), (who.NoteConsent,))]
    end = walk(rows, offers=replace(OFFERS, officer=False))
    assert isinstance(end, flow.AtWindow)
    assert end.because == "nobody"


@pytest.mark.parametrize("answer", [each for each in who.OfficerAnswer if each is not who.OfficerAnswer.CONFIRMED])
def test_any_other_answer_of_the_officer_leads_to_the_window(answer: who.OfficerAnswer) -> None:
    end = walk([*TO_OFFICER, (flow.WithOfficer, who.OfficerDecided(answer), ())])
    assert isinstance(end, flow.AtWindow)
    assert end.because == answer
    assert flow.advance(end, h.WentOn()).state == flow.Unproven()


def test_a_link_that_breaks_while_the_officer_is_asked_is_said() -> None:
    end = walk([*TO_OFFICER, (flow.WithOfficer, h.JobFailed("unexpected"), ())])
    assert isinstance(end, flow.AtWindow)
    assert end.because == who.OfficerAnswer.NO_LINK


def test_who_would_rather_not_wait_for_the_officer_leaves() -> None:
    end = walk([*TO_OFFICER, (flow.WithOfficer, h.WentBack(), (h.StopJobs,)), (flow.AtWindow, h.WentBack(), ())])
    assert end == flow.Unproven()


def test_a_wrong_number_and_another_face_end_on_the_same_screen() -> None:
    """Both are NOT_CONFIRMED by the time they come here, and nothing of the claim is on the screen."""
    by_card = walk([*TO_CAMERA, (flow.FacingCamera, who.FaceDecided(who.FaceResult.NOT_CONFIRMED), ())])
    number = replace(CLAIM, kind=DocumentKind.NUMBER)
    by_number = walk([*TO_CAMERA, (flow.FacingCamera, who.FaceDecided(who.FaceResult.NOT_CONFIRMED), ())], number)
    assert isinstance(by_card, flow.FaceNotConfirmed)
    assert isinstance(by_number, flow.FaceNotConfirmed)
    assert (by_card.result, by_card.tries_left) == (by_number.result, by_number.tries_left)
