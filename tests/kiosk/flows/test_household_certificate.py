"""户籍证明, step by step: where one is, what happened, what is done about it."""

from collections.abc import Sequence
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import claim, proof
from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as flow
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from tests.support.steps import Row, run

MOVE = h.Purpose("move", (("zh", "迁移"), ("en", "move")))
SCHOOL = h.Purpose("school", (("zh", "入学"), ("en", "school")), book_is_enough=True)
PURPOSES = (MOVE, SCHOOL)
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, "")), date(2026, 11, 22), officer=True)
OWN = h.OwnData((h.OwnField("name", Personal("某某")),))
CLAIM = who.Claim(DocumentKind.RESIDENT_CARD)

TO_WAYS: list[Row] = [
    (flow.ChoosingPurpose, h.PurposeChosen("move"), ()),
    (flow.ReadingNotice, h.NoticeAccepted(), ()),
]
TO_PROOF: list[Row] = [
    *TO_WAYS,
    (flow.Claiming, who.WayChosen(who.Way.CARD), (h.LookAtReader,)),
    (flow.Claiming, h.ReaderEmpty(), (h.ReadNextCard,)),
    (flow.Claiming, h.CardRead(DocumentKind.RESIDENT_CARD), (who.Identify,)),
    (flow.Claiming, who.Identified(CLAIM), ()),
]
TO_PAPER: list[Row] = [
    *TO_PROOF,
    (flow.Proving, who.FaceChosen(), (who.NoteConsent, who.VerifyFace)),
    (flow.Proving, who.FaceDecided(who.FaceResult.PASSED), (h.OpenRecord,)),
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
    return run(flow.advance, flow.begin(PURPOSES, OFFERS).state, rows)


def test_the_main_job_ends_with_a_paper_and_the_card_taken() -> None:
    end = walk([*TO_PAPER, (flow.TakingPaper, h.PaperTaken(), (h.ConfirmPaper, h.LookAtReader)), *PARTED])
    assert end == flow.Over(served=True)


def test_where_the_book_is_enough_one_can_leave_or_go_on() -> None:
    chosen: list[Row] = [(flow.ChoosingPurpose, h.PurposeChosen("school"), ())]
    walk([*chosen, (flow.BookIsEnough, h.WentOn(), (h.LookAtReader,)), (flow.Parting, None, ())])
    walk([*chosen, (flow.BookIsEnough, h.WentOnAnyway(), ()), (flow.ReadingNotice, None, ())])
    walk([*chosen, (flow.BookIsEnough, h.WentBack(), ()), (flow.ChoosingPurpose, None, ())])


def test_what_is_claimed_is_to_be_proven_and_what_is_proven_opens_the_record() -> None:
    proving = walk([*TO_PROOF, (flow.Proving, None, ())])
    assert proving == flow.Proving(MOVE, proof.begin(CLAIM, OFFERS).state)
    officer: list[Row] = [
        (flow.Proving, who.OfficerChosen(), (who.NoteConsent, who.AskOfficer)),
        (flow.Proving, who.OfficerDecided(who.OfficerAnswer.CONFIRMED), (h.OpenRecord,)),
    ]
    walk([*TO_PROOF, *officer, (flow.OpeningRecord, None, ())])


def test_who_could_not_show_it_here_gets_no_paper_and_their_card_back() -> None:
    rows: list[Row] = [
        (flow.Proving, who.OfficerChosen(), (who.NoteConsent, who.AskOfficer)),
        (flow.Proving, who.OfficerDecided(who.OfficerAnswer.SEEN), ()),
        (flow.Proving, h.WentOn(), (h.LookAtReader,)),
    ]
    assert walk([*TO_PROOF, *rows]) == flow.Parting(served=False)


def test_back_from_the_first_question_of_identity_leads_home() -> None:
    """Nothing was given; whatever runs is stopped."""
    assert walk([*TO_WAYS, (flow.Claiming, h.WentBack(), (h.StopJobs,))]) == flow.Left()


def test_who_is_served_elsewhere_leaves_with_their_card() -> None:
    laid = flow.Claiming(MOVE, claim.Elsewhere(OFFERS, "exit_entry", DocumentKind.FOREIGNER_CARD))
    step = flow.advance(laid, h.WentOn())
    assert step.state == flow.Parting(served=False)
    assert step.commands == (h.LookAtReader(),)


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
    voiding = flow.Voiding(MOVE, "S-1")
    step = flow.advance(voiding, h.PaperRejected())
    assert step.commands == (h.MakePaper(h.Application(MOVE.paper, "move"), replaces="S-1"),)


def test_a_failed_print_ends_with_what_is_true() -> None:
    failed = h.PaperNotPrinted("paper-out", void=True, maybe_out=True)
    end = walk([*TO_PAPER[:-1], (flow.Issuing, failed, ()), (flow.Ended, None, ())])
    assert end == flow.Ended("paper-out", void=True, maybe_out=True)


@pytest.mark.parametrize(
    ("state", "event", "code"),
    [
        (flow.Claiming(MOVE, claim.Identifying(OFFERS)), who.NotIdentified("card-expired"), "card-expired"),
        (flow.Claiming(MOVE, claim.AwaitingCard(OFFERS)), h.JobFailed("unexpected"), "reader-failed"),
        (flow.OpeningRecord(MOVE), h.RecordNotOpened("rare-character"), "rare-character"),
        (flow.OpeningRecord(MOVE), h.JobFailed("unexpected"), "unexpected"),
        (flow.ConfirmingData(MOVE, OWN), h.MistakeReported(), "mistake"),
    ],
)
def test_each_refusal_has_its_own_sentence_and_a_way_out(state: flow.Here, event: Event, code: str) -> None:
    ended = flow.advance(state, event).state
    assert isinstance(ended, flow.Ended)
    assert ended.code == code
    assert isinstance(flow.advance(ended, h.WentOn()).state, flow.Parting)


def test_what_a_job_reports_late_changes_nothing() -> None:
    state = flow.ReadingNotice(flow.ChoosingPurpose(PURPOSES, OFFERS), MOVE)
    for late in (
        h.CardRead(DocumentKind.RESIDENT_CARD),
        who.FaceDecided(who.FaceResult.PASSED),
        who.OfficerDecided(who.OfficerAnswer.CONFIRMED),
        h.RecordOpened(OWN),
        h.PaperPrinted("S-9"),
    ):
        assert flow.advance(state, late).state is state


def test_a_purpose_that_is_not_offered_is_no_purpose() -> None:
    choosing = flow.ChoosingPurpose(PURPOSES, OFFERS)
    assert flow.advance(choosing, h.PurposeChosen("treasure")).state is choosing
