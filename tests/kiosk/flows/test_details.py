"""What is asked between the own row and the paper: each question only where it has more than one answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import details as flow
from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from tests.support.steps import Row, run

OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""),), date(2026, 11, 22))
PLAIN, FAMILY = h.Purpose("plain", ()), h.Purpose("family", (), members=True)
CERTIFICATE = asked.Service("household_certificate", (PLAIN, FAMILY), children_below=16)
INQUIRY = asked.Service("no_criminal_record", (PLAIN,), collecting=asked.Collecting(3, ()))
RESIDENCE = asked.Service("residence_receipt", (PLAIN,))
CHILD, GROWN = h.Child("child", Personal("某"), 9), h.Child("grown", Personal("某"), 17)
SPOUSE, SON = h.Member("spouse", "配偶", "李**", adult=True), h.Member("son", "子", "王**", adult=False)
OWN = h.OwnData((h.OwnField("name", Personal("某某")),), children=(CHILD, GROWN), members=(SPOUSE, SON))
ROW = h.OwnData((h.OwnField("name", Personal("某")),), members=(SPOUSE,))
FLAT = asked.Dwelling("flat", Personal("某处"))
ALONE = h.OwnData(())


def errand(service: asked.Service, purpose: h.Purpose = PLAIN) -> asked.Errand:
    return asked.Errand(service, purpose, OFFERS)


def walk(what: asked.Errand, own: h.OwnData, rows: Sequence[Row]) -> flow.Here:
    return run(flow.advance, flow.begin(what, own).state, rows)


def known(here: flow.Here) -> h.Application:
    assert isinstance(here, flow.Known)
    return here.case.application


def test_where_there_is_nothing_to_choose_nothing_is_asked() -> None:
    """No children, a purpose without others, a paper without a wait."""
    assert isinstance(flow.begin(errand(CERTIFICATE), ALONE).state, flow.Known)
    assert isinstance(flow.begin(errand(CERTIFICATE, FAMILY), ALONE).state, flow.Known)
    temporary = asked.Service("temporary_id_proof", (PLAIN,))
    assert isinstance(flow.begin(errand(temporary), OWN).state, flow.Known)


# --- whom it is for ---


def test_for_oneself_no_other_row_is_opened() -> None:
    end = walk(errand(CERTIFICATE), OWN, [(flow.ChoosingPerson, asked.PersonChosen(""), ()), (flow.Known, None, ())])
    assert known(end) == h.Application("household_certificate", "plain")


def test_for_a_child_the_child_s_row_is_what_the_paper_says() -> None:
    rows: list[Row] = [
        (flow.ChoosingPerson, asked.PersonChosen("child"), (h.OpenRecord,)),
        (flow.OpeningChild, h.RecordOpened(ROW), ()),
        (flow.Known, None, ()),
    ]
    end = walk(errand(CERTIFICATE), OWN, rows)
    assert known(end) == h.Application("household_certificate", "plain", person="child")
    assert isinstance(end, flow.Known)
    assert end.case.shown is ROW


def test_the_child_s_row_is_asked_for_by_its_handle() -> None:
    choosing = flow.begin(errand(CERTIFICATE), OWN).state
    step = flow.advance(choosing, asked.PersonChosen("child"))
    assert step.commands == (h.OpenRecord("household_certificate", "child"),)


@pytest.mark.parametrize("handle", ["grown", "a-stranger"])
def test_nobody_asks_for_whom_they_may_not_ask_for(handle: str) -> None:
    """A child that is too old for the policy, or a handle that is nobody's."""
    choosing = flow.begin(errand(CERTIFICATE), OWN).state
    assert flow.advance(choosing, asked.PersonChosen(handle)).state == choosing


@pytest.mark.parametrize(
    "event", [h.RecordNotOpened("records-refused"), h.RecordOpened(replace(ROW, closed="not-eligible"))]
)
def test_a_child_s_row_that_does_not_open_leaves_the_question(event: Event) -> None:
    """With why; one may still ask for oneself."""
    opening = flow.advance(flow.begin(errand(CERTIFICATE), OWN).state, asked.PersonChosen("child")).state
    again = flow.advance(opening, event).state
    assert isinstance(again, flow.ChoosingPerson)
    assert again.problem


# --- who stands on it ---

TO_MEMBERS: list[Row] = [(flow.ChoosingPerson, asked.PersonChosen(""), ())]
WITH_CARD: list[Row] = [
    (flow.ChoosingMembers, asked.MemberToggled("spouse"), (h.LookAtReader,)),
    (flow.LookingAtReader, h.CardLying(), (h.WaitForLift,)),
    (flow.LiftingCard, h.CardLifted(), (h.ReadNextCard,)),
    (flow.AwaitingCard, h.CardRead(DocumentKind.RESIDENT_CARD), (asked.AskCompanion,)),
    (flow.AskingRecords, asked.CompanionSeen("spouse"), ()),
]


def test_a_child_of_the_household_is_added_by_a_touch_and_taken_off_by_another() -> None:
    on: Row = (flow.ChoosingMembers, asked.MemberToggled("son"), ())
    done: list[Row] = [(flow.ChoosingMembers, h.WentOn(), ()), (flow.Known, None, ())]
    assert known(walk(errand(CERTIFICATE, FAMILY), OWN, [*TO_MEMBERS, on, *done])).members == ("son",)
    assert known(walk(errand(CERTIFICATE, FAMILY), OWN, [*TO_MEMBERS, on, on, *done])).members == ()


def test_an_adult_is_added_by_their_own_card_alone() -> None:
    """Lying there already it is lifted first: it is most likely the applicant's. Members keep the register's order."""
    rows: list[Row] = [*TO_MEMBERS, (flow.ChoosingMembers, asked.MemberToggled("son"), ()), *WITH_CARD]
    end = walk(errand(CERTIFICATE, FAMILY), OWN, [*rows, (flow.ChoosingMembers, h.WentOn(), ())])
    assert known(end).members == ("spouse", "son")


def test_whose_card_was_seen_need_not_lay_it_again() -> None:
    twice: list[Row] = [(flow.ChoosingMembers, asked.MemberToggled("spouse"), ())] * 2
    end = walk(
        errand(CERTIFICATE, FAMILY), OWN, [*TO_MEMBERS, *WITH_CARD, *twice, (flow.ChoosingMembers, h.WentOn(), ())]
    )
    assert known(end).members == ("spouse",)


@pytest.mark.parametrize(
    ("state", "event", "problem"),
    [
        (flow.AwaitingCard, h.CardNotRead("damaged"), "card-not-read"),
        (flow.AwaitingCard, h.ReaderFailed("x"), "reader-failed"),
        (flow.LookingAtReader, h.JobFailed("x"), "reader-failed"),
        (flow.AskingRecords, asked.CompanionRefused("not-of-household"), "not-of-household"),
    ],
)
def test_a_card_that_does_not_do_adds_nobody(
    state: type[flow.AwaitingCard | flow.LookingAtReader | flow.AskingRecords], event: Event, problem: str
) -> None:
    case = flow.Case(errand(CERTIFICATE, FAMILY), OWN)
    assert flow.advance(state(case), event).state == flow.ChoosingMembers(case, problem)


def test_one_may_turn_back_from_laying_a_card() -> None:
    case = flow.Case(errand(CERTIFICATE, FAMILY), OWN)
    step = flow.advance(flow.AwaitingCard(case), h.WentBack())
    assert (step.state, step.commands) == (flow.ChoosingMembers(case), (h.StopJobs(),))


def test_another_person_s_household_is_not_the_child_s() -> None:
    """Who was chosen for oneself is not chosen for the child."""
    case = replace(flow.Case(errand(CERTIFICATE, FAMILY), OWN), members=("son",))
    opened = flow.advance(flow.OpeningChild(case, CHILD), h.RecordOpened(ROW)).state
    assert isinstance(opened, flow.ChoosingMembers)
    assert (opened.case.members, opened.case.shown.members) == ((), (SPOUSE,))


# --- when ---


@pytest.mark.parametrize("later", [False, True])
def test_now_and_later_are_answers_of_equal_rank(later: bool) -> None:
    rows: list[Row] = [(flow.ChoosingWhen, asked.WhenChosen(later), ()), (flow.Known, None, ())]
    assert known(walk(errand(INQUIRY), OWN, rows)).later is later


# --- where ---


def typed(*parts: str) -> list[Row]:
    rows: list[Row] = []
    for part in parts:
        rows += [(flow.EnteringDwelling, who.KeyPressed(Personal(key)), ()) for key in part]
        rows.append((flow.EnteringDwelling, who.EntryFinished(), ()))
    return [*rows[:-1], (flow.EnteringDwelling, who.EntryFinished(), (asked.FindDwelling,))]


def test_a_door_is_typed_part_by_part_and_found_at_records() -> None:
    rows: list[Row] = [
        *typed("5", "1", "1203"),
        (flow.FindingDwelling, asked.DwellingFound(FLAT), ()),
        (flow.Known, None, ()),
    ]
    assert known(walk(errand(RESIDENCE), OWN, rows)).dwelling == "flat"


def test_back_from_the_end_leads_to_the_door_that_was_typed() -> None:
    found: Row = (flow.FindingDwelling, asked.DwellingFound(FLAT), ())
    end = walk(errand(RESIDENCE), OWN, [*typed("5", "1", "1203"), found, (flow.Known, None, ())])
    assert isinstance(end, flow.Known)
    again = flow.back(end.case).state
    assert isinstance(again, flow.EnteringDwelling)
    assert again.entry.texts == ("5", "1", "1203")


def test_what_was_typed_is_what_is_looked_for() -> None:
    entering = walk(errand(RESIDENCE), OWN, [*typed("A", "1", "1203")[:-1], (flow.EnteringDwelling, None, ())])
    (command,) = flow.advance(entering, who.EntryFinished()).commands
    assert isinstance(command, asked.FindDwelling)
    assert command.entry.texts == ("A", "1", "1203")
    assert "1203" not in repr(command)


def test_a_door_that_is_not_there_can_be_corrected() -> None:
    rows: list[Row] = [*typed("5", "1", "9"), (flow.FindingDwelling, asked.DwellingNotFound("dwelling-unknown"), ())]
    again = walk(errand(RESIDENCE), OWN, [*rows, (flow.EnteringDwelling, None, ())])
    assert isinstance(again, flow.EnteringDwelling)
    assert (again.problem, again.entry.texts) == ("dwelling-unknown", ("5", "1", "9"))
    corrected = flow.advance(again, who.KeyErased()).state
    assert isinstance(corrected, flow.EnteringDwelling)
    assert (corrected.problem, corrected.entry.text) == ("", "")


def test_a_part_that_is_empty_is_not_left_and_back_keeps_what_was_typed() -> None:
    first = flow.EnteringDwelling(flow.Case(errand(RESIDENCE), OWN), DwellingEntry())
    assert flow.advance(first, who.EntryFinished()).state == first
    unit = flow.EnteringDwelling(first.case, DwellingEntry(DoorPart.UNIT, ("5", "", "")))
    assert flow.advance(unit, h.WentBack()).state == flow.EnteringDwelling(
        first.case, DwellingEntry(DoorPart.BUILDING, ("5", "", ""))
    )


def test_letters_are_there_for_doors_that_have_them() -> None:
    first = flow.EnteringDwelling(flow.Case(errand(RESIDENCE), OWN), DwellingEntry())
    lettered = flow.advance(first, asked.LettersToggled()).state
    assert isinstance(lettered, flow.EnteringDwelling)
    assert lettered.entry.letters


# --- back ---


@pytest.mark.parametrize(
    ("what", "own"),
    [(errand(CERTIFICATE), OWN), (errand(CERTIFICATE, FAMILY), replace(OWN, children=())), (errand(INQUIRY), OWN)],
)
def test_back_from_the_first_question_leaves(what: asked.Errand, own: h.OwnData) -> None:
    assert flow.advance(flow.begin(what, own).state, h.WentBack()).state == flow.GivenUp()
    assert flow.advance(flow.begin(errand(RESIDENCE), own).state, h.WentBack()).state == flow.GivenUp()


def test_back_leads_through_the_questions_that_were_asked() -> None:
    case = replace(flow.Case(errand(CERTIFICATE, FAMILY), OWN), members=("son",))
    last = flow.back(case).state
    assert last == flow.ChoosingMembers(case)
    assert flow.advance(last, h.WentBack()).state == flow.ChoosingPerson(case)
    assert flow.back(flow.Case(errand(CERTIFICATE), ALONE)).state == flow.GivenUp()
