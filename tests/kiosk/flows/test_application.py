"""A service that makes a paper, step by step: where one is, what happened, what is done about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import application, claim, details, ending, issuing, parting, proof
from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from tests.support.steps import Row, run

MOVE = h.Purpose("move", (("zh", "迁移"), ("en", "move")))
SCHOOL = h.Purpose("school", (("zh", "入学"), ("en", "school")), book_is_enough=True)
SERVICE = asked.Service("household_certificate", (MOVE, SCHOOL))
HINTED = asked.Service("temporary_id_proof", (MOVE, SCHOOL), hint=(("zh", "不是卡"), ("en", "no card")))
INQUIRY = asked.Service("no_criminal_record", (MOVE, SCHOOL), collecting=asked.Collecting(3, ()))
ONE_PURPOSE = asked.Service("residence_receipt", (MOVE,))
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, "")), date(2026, 11, 22), officer=True)
ERRAND = asked.Errand(SERVICE, MOVE, OFFERS)
OWN = h.OwnData((h.OwnField("name", Personal("某某")),))
CASE = details.Case(ERRAND, OWN)
CLAIM = who.Claim(DocumentKind.RESIDENT_CARD)

TO_WAYS: list[Row] = [
    (application.ChoosingPurpose, h.PurposeChosen("move"), ()),
    (application.ReadingNotice, h.NoticeAccepted(), ()),
]
TO_PROOF: list[Row] = [
    *TO_WAYS,
    (application.Claiming, who.WayChosen(who.Way.CARD), (h.LookAtReader,)),
    (application.Claiming, h.ReaderEmpty(), (h.ReadNextCard,)),
    (application.Claiming, h.CardRead(DocumentKind.RESIDENT_CARD), (who.Identify,)),
    (application.Claiming, who.Identified(CLAIM), ()),
]
TO_RECORD: list[Row] = [
    *TO_PROOF,
    (application.Proving, who.FaceChosen(), (who.NoteConsent, who.VerifyFace)),
    (application.Proving, who.FaceDecided(who.FaceResult.PASSED), (h.OpenRecord,)),
]
TO_PAPER: list[Row] = [
    *TO_RECORD,
    (application.OpeningRecord, h.RecordOpened(OWN), ()),
    (application.ConfirmingData, h.DataConfirmed(), (h.MakePaper,)),
    (application.Making, h.PaperPrinted("S-1"), ()),
]
PARTED: list[Row] = [
    (ending.Parting, h.CardLying(), (h.WaitForLift,)),
    (ending.Parting, h.CardLifted(), ()),
    (ending.Over, None, ()),
]


def walk(rows: Sequence[Row], service: asked.Service = SERVICE) -> application.Here:
    return run(application.advance, application.begin(service, OFFERS).state, rows)


def test_the_main_job_ends_with_a_paper_and_the_card_taken() -> None:
    end = walk([*TO_PAPER, (application.Making, h.PaperTaken(), (h.ConfirmPaper, h.LookAtReader)), *PARTED])
    assert end == ending.Over(served=True)


def test_what_the_paper_is_not_is_said_before_anything_else() -> None:
    walk(
        [
            (application.ReadingHint, h.WentOn(), ()),
            (application.ChoosingPurpose, h.WentBack(), ()),
            (application.ReadingHint, h.WentBack(), ()),
            (ending.Left, None, ()),
        ],
        HINTED,
    )


def test_a_question_with_one_answer_is_not_asked() -> None:
    """And back leads to where one came from."""
    walk([(application.ReadingNotice, h.NoticeAccepted(), ()), (application.Claiming, None, ())], ONE_PURPOSE)
    walk([(application.ReadingNotice, h.WentBack(), ()), (ending.Left, None, ())], ONE_PURPOSE)
    hinted = replace(ONE_PURPOSE, hint=HINTED.hint)
    back: list[Row] = [(application.ReadingNotice, h.WentBack(), ()), (application.ReadingHint, None, ())]
    walk([(application.ReadingHint, h.WentOn(), ()), *back], hinted)


def test_where_the_book_is_enough_one_can_leave_or_go_on() -> None:
    chosen: list[Row] = [(application.ChoosingPurpose, h.PurposeChosen("school"), ())]
    walk([*chosen, (application.BookIsEnough, h.WentOn(), (h.LookAtReader,)), (ending.Parting, None, ())])
    walk([*chosen, (application.BookIsEnough, h.WentOnAnyway(), ()), (application.ReadingNotice, None, ())])
    walk([*chosen, (application.BookIsEnough, h.WentBack(), ()), (application.ChoosingPurpose, None, ())])


def test_what_is_claimed_is_to_be_proven_and_what_is_proven_opens_the_record() -> None:
    proving = walk([*TO_PROOF, (application.Proving, None, ())])
    assert proving == application.Proving(ERRAND, proof.begin(CLAIM, OFFERS).state)
    officer: list[Row] = [
        (application.Proving, who.OfficerChosen(), (who.NoteConsent, who.AskOfficer)),
        (application.Proving, who.OfficerDecided(who.OfficerAnswer.CONFIRMED), (h.OpenRecord,)),
    ]
    walk([*TO_PROOF, *officer, (application.OpeningRecord, None, ())])


def test_the_record_is_opened_for_the_paper_that_is_asked_for() -> None:
    """What a temporary proof says is not what a certificate says."""
    proving = application.Proving(
        asked.Errand(INQUIRY, MOVE, OFFERS), proof.FacingCamera(proof.Case(CLAIM, face_works=True, officer=False))
    )
    step = application.advance(proving, who.FaceDecided(who.FaceResult.PASSED))
    assert step.commands == (h.OpenRecord("no_criminal_record"),)


def test_who_could_not_show_it_here_gets_no_paper_and_their_card_back() -> None:
    rows: list[Row] = [
        (application.Proving, who.OfficerChosen(), (who.NoteConsent, who.AskOfficer)),
        (application.Proving, who.OfficerDecided(who.OfficerAnswer.SEEN), ()),
        (application.Proving, h.WentOn(), (h.LookAtReader,)),
    ]
    assert walk([*TO_PROOF, *rows]) == ending.Parting(parting.LookingForCard(served=False))


def test_back_from_the_first_question_of_identity_leads_home() -> None:
    """Nothing was given; whatever runs is stopped."""
    assert walk([*TO_WAYS, (application.Claiming, h.WentBack(), (h.StopJobs,))]) == ending.Left()


def test_who_is_served_elsewhere_leaves_with_their_card() -> None:
    laid = application.Claiming(ERRAND, claim.Elsewhere(OFFERS, "exit_entry", DocumentKind.FOREIGNER_CARD))
    step = application.advance(laid, h.WentOn())
    assert step.state == ending.Parting(parting.LookingForCard(served=False))
    assert step.commands == (h.LookAtReader(),)


@pytest.mark.parametrize("why", ["not-eligible", "yearly-limit"])
def test_who_can_t_have_this_paper_hears_it_before_anything_else_is_asked(why: str) -> None:
    """Not after choosing when, for whom or where."""
    closed: list[Row] = [(application.OpeningRecord, h.RecordOpened(replace(OWN, closed=why)), ())]
    assert walk([*TO_RECORD, *closed], INQUIRY) == application.Making(issuing.Ended(why))


def test_everybody_is_asked_when_before_anything_is_looked_up() -> None:
    """Whatever they answer, the same things follow; the answer travels with the application."""
    made = []
    for later in (False, True):
        opened: list[Row] = [(application.OpeningRecord, h.RecordOpened(OWN), ())]
        asking: list[Row] = [(application.Asking, asked.WhenChosen(later), ())]
        confirming = walk([*TO_RECORD, *opened, *asking, (application.ConfirmingData, None, ())], INQUIRY)
        made.append(application.advance(confirming, h.DataConfirmed()).commands)
    now, afterwards = (h.Application("no_criminal_record", "move", later=later) for later in (False, True))
    assert made == [(h.MakePaper(now),), (h.MakePaper(afterwards),)]


def test_back_from_what_the_paper_says_leads_to_the_last_question() -> None:
    """Or out, where nothing was asked."""
    confirming = application.ConfirmingData(replace(CASE, errand=asked.Errand(INQUIRY, MOVE, OFFERS)))
    back = application.advance(confirming, h.WentBack()).state
    assert back == application.Asking(details.ChoosingWhen(confirming.case))
    out = application.advance(application.ConfirmingData(CASE), h.WentBack())
    assert out.state == ending.Parting(parting.LookingForCard(served=False))


@pytest.mark.parametrize(
    ("state", "event", "code"),
    [
        (application.Claiming(ERRAND, claim.Identifying(OFFERS)), who.NotIdentified("card-expired"), "card-expired"),
        (application.Claiming(ERRAND, claim.AwaitingCard(OFFERS)), h.JobFailed("unexpected"), "reader-failed"),
        (application.OpeningRecord(ERRAND), h.RecordNotOpened("rare-character"), "rare-character"),
        (application.OpeningRecord(ERRAND), h.JobFailed("unexpected"), "unexpected"),
        (
            application.Asking(details.OpeningChild(CASE, h.Child("c", Personal("某"), 9))),
            h.JobFailed("x"),
            "unexpected",
        ),
        (application.ConfirmingData(CASE), h.MistakeReported(), "mistake"),
    ],
)
def test_each_refusal_has_its_own_sentence_and_a_way_out(state: application.Here, event: Event, code: str) -> None:
    ended = application.advance(state, event).state
    assert ended == application.Making(issuing.Ended(code))
    assert isinstance(application.advance(ended, h.WentOn()).state, ending.Parting)


def test_what_a_job_reports_late_changes_nothing() -> None:
    state = application.ReadingNotice(ERRAND)
    for late in (
        h.CardRead(DocumentKind.RESIDENT_CARD),
        who.FaceDecided(who.FaceResult.PASSED),
        who.OfficerDecided(who.OfficerAnswer.CONFIRMED),
        h.RecordOpened(OWN),
        asked.DwellingFound(asked.Dwelling("flat", Personal("某处"))),
        h.PaperPrinted("S-9"),
    ):
        assert application.advance(state, late).state == state


def test_a_purpose_that_is_not_offered_is_no_purpose() -> None:
    choosing = application.ChoosingPurpose(SERVICE, OFFERS)
    assert application.advance(choosing, h.PurposeChosen("treasure")).state == choosing
