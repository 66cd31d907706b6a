"""Who is said to be here, step by step: card, number, travel document, and every way out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import claim as flow
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from tests.support.steps import Row, run

OFFERS = who.Offers(
    documents=(
        (DocumentKind.RESIDENT_CARD, ""),
        (DocumentKind.PASSPORT, ""),
        (DocumentKind.NUMBER, ""),
        (DocumentKind.FOREIGNER_CARD, "exit_entry"),
    ),
    today=date(2026, 11, 22),
    officer=True,
)
CLAIM = who.Claim(DocumentKind.RESIDENT_CARD)
NUMBER = "990101198603140019"

TO_CARD: list[Row] = [
    (flow.ChoosingWay, who.WayChosen(who.Way.CARD), (h.LookAtReader,)),
    (flow.LookingAtReader, h.ReaderEmpty(), (h.ReadNextCard,)),
]
TO_CHIP: list[Row] = [
    (flow.ChoosingWay, who.WayChosen(who.Way.TRAVEL), (who.ReadPage,)),
    (flow.ShowingPage, who.PageRead(), (who.ReadDocument,)),
]


def walk(rows: Sequence[Row], offers: who.Offers = OFFERS) -> flow.Here:
    return run(flow.advance, flow.begin(offers).state, rows)


def pressed(text: str, at: type[object] = flow.EnteringNumber) -> list[Row]:
    return [(at, who.KeyPressed(Personal(key)), ()) for key in text]


# --- the card --------------------------------------------------------------------------------------------------------


def test_a_card_laid_now_is_looked_up() -> None:
    end = walk(
        [
            *TO_CARD,
            (flow.AwaitingCard, h.CardRead(DocumentKind.RESIDENT_CARD), (who.Identify,)),
            (flow.Identifying, who.Identified(CLAIM), ()),
        ]
    )
    assert end == flow.Claimed(OFFERS, CLAIM)


def test_a_card_that_lay_there_identifies_nobody_until_it_is_lifted() -> None:
    rows: list[Row] = [*TO_CARD[:-1], (flow.LookingAtReader, h.CardLying(), (h.WaitForLift,))]
    walk([*rows, (flow.LiftingCard, h.CardRead(DocumentKind.RESIDENT_CARD), ()), (flow.LiftingCard, None, ())])
    walk([*rows, (flow.LiftingCard, h.CardLifted(), (h.ReadNextCard,)), (flow.AwaitingCard, None, ())])


def test_an_unreadable_card_is_tried_three_times_before_the_window_is_named() -> None:
    again: list[Row] = [
        (flow.AwaitingCard, h.CardNotRead("moved"), (h.WaitForLift,)),
        (flow.LiftingCard, h.CardLifted(), (h.ReadNextCard,)),
    ]
    end = walk([*TO_CARD, *again, *again, (flow.AwaitingCard, h.CardNotRead("moved"), ())])
    assert end == flow.AtWindow(OFFERS, "moved")


@pytest.mark.parametrize("problem", ["unknown-card", "refused"])
def test_a_card_that_no_second_try_can_cure_is_not_asked_for_twice(problem: str) -> None:
    assert walk([*TO_CARD, (flow.AwaitingCard, h.CardNotRead(problem), ())]) == flow.AtWindow(OFFERS, problem)


def test_a_card_that_another_office_serves_is_told_so_at_once() -> None:
    """Records are not asked about somebody who can't be served here."""
    end = walk([*TO_CARD, (flow.AwaitingCard, h.CardRead(DocumentKind.FOREIGNER_CARD), ())])
    assert end == flow.Elsewhere(OFFERS, "exit_entry", DocumentKind.FOREIGNER_CARD)


def test_a_card_of_which_the_policy_says_nothing_goes_to_the_window() -> None:
    end = walk([*TO_CARD, (flow.AwaitingCard, h.CardRead(DocumentKind.HMT_PERMIT), ())])
    assert end == flow.AtWindow(OFFERS, "not-served")


# --- the number ------------------------------------------------------------------------------------------------------


def test_a_whole_number_is_looked_up_and_a_part_is_not() -> None:
    begun: list[Row] = [(flow.ChoosingWay, who.WayChosen(who.Way.NUMBER), ()), *pressed(NUMBER[:-1])]
    walk([*begun, (flow.EnteringNumber, who.EntryFinished(), ()), (flow.EnteringNumber, None, ())])
    last = Personal(NUMBER[-1])
    end = walk(
        [
            *begun,
            (flow.EnteringNumber, who.KeyPressed(last), ()),
            (flow.EnteringNumber, who.EntryFinished(), (who.IdentifyByNumber,)),
            (flow.Identifying, who.Identified(replace(CLAIM, kind=DocumentKind.NUMBER)), ()),
        ]
    )
    assert isinstance(end, flow.Claimed)


def test_who_must_wait_counts_down_and_keeps_what_was_typed() -> None:
    end = walk(
        [
            (flow.ChoosingWay, who.WayChosen(who.Way.NUMBER), ()),
            *pressed(NUMBER),
            (flow.EnteringNumber, who.EntryFinished(), (who.IdentifyByNumber,)),
            (flow.Identifying, who.Slowed(42), (who.WaitOut,)),
            (flow.Waiting, who.Slowed(41), ()),
            (flow.Waiting, who.WaitedOut(), ()),
        ]
    )
    assert isinstance(end, flow.EnteringNumber)
    assert end.entry.number is not None


def test_who_must_wait_may_use_a_card_instead() -> None:
    rows: list[Row] = [
        (flow.ChoosingWay, who.WayChosen(who.Way.NUMBER), ()),
        *pressed(NUMBER),
        (flow.EnteringNumber, who.EntryFinished(), (who.IdentifyByNumber,)),
        (flow.Identifying, who.Slowed(42), (who.WaitOut,)),
        (flow.Waiting, who.OtherDocumentChosen(), (h.StopJobs,)),
    ]
    walk([*rows, *TO_CARD])


def test_what_is_typed_stands_in_no_text_of_the_state() -> None:
    end = walk([(flow.ChoosingWay, who.WayChosen(who.Way.NUMBER), ()), *pressed(NUMBER)])
    assert NUMBER not in repr(end)


# --- the travel document ---------------------------------------------------------------------------------------------


def test_a_page_that_was_read_opens_the_chip() -> None:
    end = walk(
        [
            *TO_CHIP,
            (flow.LayingDocument, who.DocumentFound("reading", 0.4), ()),
            (flow.LayingDocument, who.DocumentRead(DocumentKind.PASSPORT), (who.Identify,)),
        ]
    )
    assert isinstance(end, flow.Identifying)


@pytest.mark.parametrize("code", ["timed-out", "no-camera", "no-model"])
def test_a_page_that_the_camera_can_not_read_is_typed(code: str) -> None:
    rows: list[Row] = [*TO_CHIP[:-1], (flow.ShowingPage, who.PageNotRead(code), ())]
    end = walk(rows)
    assert isinstance(end, flow.TypingPage)
    assert end.problem == code


def test_three_fields_are_typed_one_at_a_time() -> None:
    typing: list[Row] = [
        (flow.ChoosingWay, who.WayChosen(who.Way.TRAVEL), (who.ReadPage,)),
        (flow.ShowingPage, who.TypingChosen(), (h.StopJobs,)),
        (flow.TypingPage, who.PermitToggled(), ()),
        *pressed("C12345678", flow.TypingPage),
        (flow.TypingPage, who.EntryFinished(), ()),
        *pressed("19860314", flow.TypingPage),
        (flow.TypingPage, who.EntryFinished(), ()),
        *pressed("20330501", flow.TypingPage),
    ]
    end = walk([*typing, (flow.TypingPage, who.EntryFinished(), (who.ReadDocument,))])
    assert isinstance(end, flow.LayingDocument)
    assert end.typed is not None
    assert end.typed.permit
    back = walk([*typing, (flow.TypingPage, h.WentBack(), ()), (flow.TypingPage, h.WentBack(), ())])
    assert isinstance(back, flow.TypingPage)
    assert back.entry.at_first_field
    assert back.entry.text == "C12345678"


@pytest.mark.parametrize("problem", ["moved", "silent", "wrong-key", "page-differs"])
def test_a_document_may_be_laid_again_twice(problem: str) -> None:
    again: list[Row] = [
        (flow.LayingDocument, who.DocumentNotRead(problem), ()),
        (flow.DocumentFailed, h.WentOn(), (who.ReadDocument,)),
    ]
    end = walk([*TO_CHIP, *again, *again, (flow.LayingDocument, who.DocumentNotRead(problem), ())])
    assert end == flow.AtWindow(OFFERS, problem, who.Way.TRAVEL)


def test_a_document_that_does_not_open_can_be_typed_again() -> None:
    failed: list[Row] = [
        (flow.LayingDocument, who.DocumentNotRead("wrong-key"), ()),
        (flow.DocumentFailed, who.TypingChosen(), ()),
    ]
    end = walk([*TO_CHIP, *failed])
    assert isinstance(end, flow.TypingPage)
    assert end.tries == 1


@pytest.mark.parametrize("problem", ["altered", "signature-wrong", "signer-unknown", "signer-expired", "refused"])
def test_a_document_that_is_not_believed_goes_to_the_window_at_once(problem: str) -> None:
    end = walk([*TO_CHIP, (flow.LayingDocument, who.DocumentNotRead(problem), ())])
    assert end == flow.AtWindow(OFFERS, problem, who.Way.TRAVEL)


# --- ways in and out -------------------------------------------------------------------------------------------------


def test_a_way_whose_device_is_broken_begins_nothing() -> None:
    broken = replace(OFFERS, broken=((who.Way.CARD, "id_card.unplugged"),))
    walk([(flow.ChoosingWay, who.WayChosen(who.Way.CARD), ()), (flow.ChoosingWay, None, ())], broken)


def test_a_way_that_the_policy_does_not_offer_begins_nothing() -> None:
    cards_only = replace(OFFERS, documents=OFFERS.documents[:1])
    for way in (who.Way.TRAVEL, who.Way.NUMBER):
        walk([(flow.ChoosingWay, who.WayChosen(way), ()), (flow.ChoosingWay, None, ())], cards_only)


def test_who_asks_about_another_office_has_given_nothing_and_may_come_back() -> None:
    asked: list[Row] = [(flow.ChoosingWay, who.ElsewhereAsked("exit_entry"), ())]
    walk([*asked, (flow.Elsewhere, h.WentBack(), ()), (flow.ChoosingWay, None, ())])
    assert walk([*asked, (flow.Elsewhere, h.WentOn(), ())]) == flow.GivenUp(back=False)


def test_the_first_question_leads_home() -> None:
    assert walk([(flow.ChoosingWay, h.WentBack(), ())]) == flow.GivenUp(back=True)


def test_every_screen_but_the_look_up_leads_back_to_the_first_question() -> None:
    """And whatever reads is stopped."""
    for rows in (TO_CARD, TO_CHIP, TO_CHIP[:1], [(flow.ChoosingWay, who.WayChosen(who.Way.NUMBER), ())]):
        at = walk(rows)
        for event in (h.WentBack(), who.OtherDocumentChosen()):
            step = flow.advance(at, event)
            assert step.state == flow.ChoosingWay(OFFERS)
            assert step.commands == (h.StopJobs(),)


@pytest.mark.parametrize(
    ("rows", "event", "code"),
    [
        (TO_CARD, h.JobFailed("unexpected"), "reader-failed"),
        (TO_CHIP, h.JobFailed("unexpected"), "document-reader-failed"),
    ],
)
def test_a_job_that_breaks_at_a_reader_has_its_own_sentence(rows: list[Row], event: Event, code: str) -> None:
    assert flow.advance(walk(rows), event).state == flow.Stopped(code)


@pytest.mark.parametrize(
    ("rows", "way", "code"),
    [(TO_CARD, who.Way.CARD, "reader-failed"), (TO_CHIP, who.Way.TRAVEL, "document-reader-failed")],
)
def test_a_reader_that_fails_leaves_the_other_ways(rows: list[Row], way: who.Way, code: str) -> None:
    """Its own answer is grey then; where it was the only one, nothing can go on."""
    at = walk(rows)
    failed = flow.advance(at, h.ReaderFailed("device-timeout")).state
    assert failed == flow.ChoosingWay(OFFERS.without(way), way)
    assert flow.advance(failed, who.WayChosen(way)).state == failed
    assert isinstance(flow.advance(failed, who.WayChosen(who.Way.NUMBER)).state, flow.EnteringNumber)
    kinds = who.CARDS if way is who.Way.CARD else who.TRAVEL_DOCUMENTS
    only = tuple((kind, office) for kind, office in OFFERS.documents if kind in kinds)
    assert isinstance(at, flow.AwaitingCard | flow.LayingDocument)
    alone = replace(at, offers=replace(OFFERS, documents=only))
    assert flow.advance(alone, h.ReaderFailed("device-timeout")).state == flow.Stopped(code)


@pytest.mark.parametrize("code", ["card-expired", "card-not-yet-valid", "rare-character", "records-unreachable"])
def test_what_records_can_not_go_on_with_is_said(code: str) -> None:
    looking = flow.Identifying(OFFERS)
    assert flow.advance(looking, who.NotIdentified(code)).state == flow.Stopped(code)
    assert flow.advance(looking, h.JobFailed("unexpected")).state == flow.Stopped("unexpected")


def test_a_camera_that_breaks_leaves_typing() -> None:
    end = walk([*TO_CHIP[:1], (flow.ShowingPage, h.JobFailed("unexpected"), ())])
    assert isinstance(end, flow.TypingPage)
    assert end.problem == "no-camera"
