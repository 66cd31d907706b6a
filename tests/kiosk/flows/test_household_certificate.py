"""户籍证明, step by step: where one is, what happened, what is done about it."""

from collections.abc import Sequence

import pytest

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as flow
from kiosk.flows.base import Event
from tests.support.steps import Row, run

MOVE = h.Purpose("move", (("zh", "迁移"), ("en", "move")))
SCHOOL = h.Purpose("school", (("zh", "入学"), ("en", "school")), book_is_enough=True)
PURPOSES = (MOVE, SCHOOL)
OWN = h.OwnData((h.OwnField("name", Personal("某某")),))

TO_CARD: list[Row] = [
    (flow.ChoosingPurpose, h.PurposeChosen("move"), ()),
    (flow.ReadingNotice, h.NoticeAccepted(), (h.LookAtReader,)),
    (flow.LookingAtReader, h.ReaderEmpty(), (h.ReadNextCard,)),
]
TO_CAMERA: list[Row] = [
    *TO_CARD,
    (flow.AwaitingCard, h.CardRead(), (h.Identify,)),
    (flow.Identifying, h.Identified(has_portrait=True), ()),
    (flow.ConsentingToFace, h.FaceChosen(), (h.VerifyFace,)),
]
TO_PAPER: list[Row] = [
    *TO_CAMERA,
    (flow.FacingCamera, h.FaceDecided(h.FaceResult.PASSED), (h.OpenRecord,)),
    (flow.OpeningRecord, h.RecordOpened(OWN), ()),
    (flow.ConfirmingData, h.DataConfirmed(), (h.MakePaper,)),
    (flow.Issuing, h.PaperPrinted("S-1"), ()),
]
PARTED: list[Row] = [
    (flow.Parting, h.CardLying(), (h.WaitForLift,)),
    (flow.TakingCard, h.CardLifted(), ()),
    (flow.Over, None, ()),
]


def walk(rows: Sequence[Row]) -> flow.Here:
    return run(flow.advance, flow.begin(PURPOSES).state, rows)


def test_the_main_job_ends_with_a_paper_and_the_card_taken() -> None:
    end = walk([*TO_PAPER, (flow.TakingPaper, h.PaperTaken(), (h.ConfirmPaper, h.LookAtReader)), *PARTED])
    assert end == flow.Over(served=True)


def test_where_the_book_is_enough_one_can_leave_or_go_on() -> None:
    chosen: list[Row] = [(flow.ChoosingPurpose, h.PurposeChosen("school"), ())]
    walk([*chosen, (flow.BookIsEnough, h.WentOn(), (h.LookAtReader,)), (flow.Parting, None, ())])
    walk([*chosen, (flow.BookIsEnough, h.WentOnAnyway(), ()), (flow.ReadingNotice, None, ())])
    walk([*chosen, (flow.BookIsEnough, h.WentBack(), ()), (flow.ChoosingPurpose, None, ())])


def test_a_card_that_lay_there_identifies_nobody_until_it_is_lifted() -> None:
    rows: list[Row] = [*TO_CARD[:-1], (flow.LookingAtReader, h.CardLying(), (h.WaitForLift,))]
    walk([*rows, (flow.LiftingCard, h.CardRead(), ()), (flow.LiftingCard, None, ())])
    walk([*rows, (flow.LiftingCard, h.CardLifted(), (h.ReadNextCard,)), (flow.AwaitingCard, None, ())])


def test_an_unreadable_card_is_tried_three_times_before_another_way_is_shown() -> None:
    again: list[Row] = [
        (flow.AwaitingCard, h.CardNotRead("moved"), (h.WaitForLift,)),
        (flow.LiftingCard, h.CardLifted(), (h.ReadNextCard,)),
    ]
    last: Row = (flow.AwaitingCard, h.CardNotRead("moved"), ())
    walk([*TO_CARD, *again, *again, last, (flow.ShowingOtherWay, None, ())])


def test_a_card_of_another_kind_is_not_asked_for_twice() -> None:
    walk([*TO_CARD, (flow.AwaitingCard, h.CardNotRead("unknown-card"), ()), (flow.ShowingOtherWay, None, ())])


def test_another_way_is_there_before_and_during_the_camera() -> None:
    before = [*TO_CAMERA[:-1], (flow.ConsentingToFace, h.OtherWayChosen(), ())]
    during = [*TO_CAMERA, (flow.FacingCamera, h.OtherWayChosen(), (h.StopJobs,))]
    for rows in (before, during):
        walk([*rows, (flow.ShowingOtherWay, h.WentOn(), (h.LookAtReader,)), (flow.Parting, None, ())])


def test_a_slip_of_the_finger_to_another_way_costs_nothing() -> None:
    """Back to the reader, or to the question about the camera, with all tries kept."""
    no_card: list[Row] = [*TO_CARD, (flow.AwaitingCard, h.OtherWayChosen(), (h.StopJobs,))]
    walk([*no_card, (flow.ShowingOtherWay, h.WentBack(), (h.LookAtReader,)), (flow.LookingAtReader, None, ())])
    no_face: list[Row] = [*TO_CAMERA, (flow.FacingCamera, h.OtherWayChosen(), (h.StopJobs,))]
    walk([*no_face, (flow.ShowingOtherWay, h.WentBack(), ()), (flow.ConsentingToFace, None, ())])


def test_nobody_without_a_portrait_is_sent_before_the_camera() -> None:
    rows: list[Row] = [*TO_CARD, (flow.AwaitingCard, h.CardRead(), (h.Identify,))]
    end = walk([*rows, (flow.Identifying, h.Identified(has_portrait=False), ()), (flow.ShowingOtherWay, None, ())])
    assert isinstance(end, flow.ShowingOtherWay)
    assert end.because == "no-portrait"


def test_a_face_may_be_tried_three_times() -> None:
    refused = h.FaceDecided(h.FaceResult.NOT_CONFIRMED)
    again: list[Row] = [
        (flow.FacingCamera, refused, ()),
        (flow.FaceNotConfirmed, h.FaceChosen(), (h.VerifyFace,)),
    ]
    last: list[Row] = [
        (flow.FacingCamera, refused, ()),
        (flow.FaceNotConfirmed, h.FaceChosen(), ()),
        (flow.FaceNotConfirmed, h.OtherWayChosen(), ()),
        (flow.ShowingOtherWay, h.WentBack(), (h.LookAtReader,)),  # not to a fourth try
        (flow.Parting, None, ()),
    ]
    walk([*TO_CAMERA, *again, *again, *last])


@pytest.mark.parametrize("result", [h.FaceResult.NO_CAMERA, h.FaceResult.NO_LINK])
def test_trying_again_is_not_offered_when_it_is_the_machine_that_fails(result: h.FaceResult) -> None:
    end = walk([*TO_CAMERA, (flow.FacingCamera, h.FaceDecided(result), ()), (flow.FaceNotConfirmed, None, ())])
    assert isinstance(end, flow.FaceNotConfirmed)
    assert end.tries_left == 0


@pytest.mark.parametrize("unreadable", [False, True])
def test_a_paper_that_did_not_come_is_void_before_a_new_one_is_made(unreadable: bool) -> None:
    missed: list[Row] = [
        (flow.TakingPaper, h.PaperMissed(unreadable), (h.RejectPaper,)),
        (flow.Voiding, h.PaperRejected(), (h.MakePaper,)),
        (flow.Issuing, None, ()),
    ]
    end = walk([*TO_PAPER, *missed])
    assert isinstance(end, flow.Issuing)
    assert end.again


def test_the_new_paper_names_the_one_it_replaces() -> None:
    voiding = flow.Voiding(flow.Errand(MOVE), "S-1")
    step = flow.advance(voiding, h.PaperRejected())
    assert step.commands == (h.MakePaper(MOVE.paper, "move", replaces="S-1"),)


def test_a_failed_print_ends_with_what_is_true() -> None:
    failed = h.PaperNotPrinted("paper-out", void=True, maybe_out=True)
    end = walk([*TO_PAPER[:-1], (flow.Issuing, failed, ()), (flow.Ended, None, ())])
    assert end == flow.Ended("paper-out", void=True, maybe_out=True)


@pytest.mark.parametrize(
    ("at", "event", "code"),
    [
        (flow.Identifying, h.NotIdentified("record-unclear"), "record-unclear"),
        (flow.OpeningRecord, h.RecordNotOpened("rare-character"), "rare-character"),
        (flow.ConfirmingData, h.MistakeReported(), "mistake"),
        (flow.AwaitingCard, h.ReaderFailed("device-unavailable"), "reader-failed"),
        (flow.OpeningRecord, h.JobFailed("unexpected"), "unexpected"),
    ],
)
def test_each_refusal_has_its_own_sentence_and_a_way_out(at: type, event: Event, code: str) -> None:
    state: flow.Here = at(flow.Errand(MOVE), OWN) if at is flow.ConfirmingData else at(flow.Errand(MOVE))
    ended = flow.advance(state, event).state
    assert isinstance(ended, flow.Ended)
    assert ended.code == code
    assert isinstance(flow.advance(ended, h.WentOn()).state, flow.Parting)


def test_what_a_job_reports_late_changes_nothing() -> None:
    for late in (h.CardRead(), h.FaceDecided(h.FaceResult.PASSED), h.RecordOpened(OWN), h.PaperPrinted("S-9")):
        state = flow.ReadingNotice(PURPOSES, MOVE)
        assert flow.advance(state, late).state is state


def test_a_purpose_that_is_not_offered_is_no_purpose() -> None:
    assert flow.advance(flow.ChoosingPurpose(PURPOSES), h.PurposeChosen("treasure")).state == flow.ChoosingPurpose(
        PURPOSES
    )
