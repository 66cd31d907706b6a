"""信息有误: a table of what follows what; what is handed in is what was ticked, and no paper is made of it."""

from dataclasses import replace
from datetime import date

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import application, details, ending, hand_in, issuing, parting, visit
from kiosk.flows import correction as flow
from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from tests.support.clocks import NOW

NAMES = ("name", "former_name", "sex", "id_number", "birthplace", "native_place", "address", "relation")
OWN = h.OwnData(tuple(h.OwnField(name, Personal(f"some {name}")) for name in NAMES))
MOVE = h.Purpose("move", ())
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""),), date(2026, 11, 22), correction=True)
CASE = details.Case(asked.Errand(asked.Service("household_certificate", (MOVE,)), MOVE, OFFERS), OWN)
FIRST, LAST = flow.ChoosingLines(CASE), flow.ChoosingLines(CASE, ("sex",), 1)
OVER = flow.ReadingOver(CASE, ("sex", "address"))
CONTENT = hand_in.Correction(
    hand_in.Declarant(OWN.fields[0].value, OWN.fields[3].value, proven=True), ("sex", "address")
)
NOT_KEPT = flow.HandingIn(hand_in.NotKept("outbox.queue-full"))


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (FIRST, flow.LineToggled("address"), replace(FIRST, chosen=("address",))),
        (LAST, flow.LineToggled("sex"), replace(LAST, chosen=())),
        (LAST, flow.LineToggled("name"), replace(LAST, chosen=("name", "sex"))),
        (FIRST, flow.LineToggled("id_number"), FIRST),
        (FIRST, flow.LineToggled("no-such-line"), FIRST),
        (FIRST, h.WentOn(), replace(FIRST, page=1)),
        (replace(LAST, chosen=()), h.WentOn(), replace(LAST, chosen=())),
        (LAST, h.WentOn(), flow.ReadingOver(CASE, ("sex",))),
        (LAST, h.WentBack(), replace(LAST, page=0)),
        (FIRST, h.WentBack(), flow.Unchanged(CASE)),
        (OVER, h.WentBack(), flow.ChoosingLines(CASE, OVER.chosen)),
        (OVER, h.DataConfirmed(), flow.HandingIn(hand_in.Keeping(CONTENT))),
        (flow.HandingIn(hand_in.Keeping(CONTENT)), h.DataConfirmed(), flow.HandingIn(hand_in.Keeping(CONTENT))),
        (NOT_KEPT, h.WentOn(), flow.Finished(served=False)),
    ],
)
def test_each_event_leads_where_the_table_says(state: flow.Here, event: Event, after: flow.Here) -> None:
    assert flow.advance(state, event).state == after


def test_it_is_handed_in_once_as_it_was_read_over() -> None:
    assert flow.advance(OVER, h.DataConfirmed()).commands == (hand_in.HandIn(CONTENT),)
    assert flow.advance(flow.HandingIn(hand_in.Keeping(CONTENT)), h.DataConfirmed()).commands == ()


def test_every_line_but_the_number_stands_on_one_page() -> None:
    shown = [field.name for page in (0, 1) for field in replace(FIRST, page=page).shown]
    assert shown == [name for name in NAMES if name != "id_number"]


@pytest.mark.parametrize(
    "case",
    [
        replace(CASE, errand=replace(CASE.errand, offers=replace(OFFERS, correction=False))),
        replace(CASE, child=h.Child("child", Personal("某"), 9)),
        replace(CASE, own=h.OwnData(OWN.fields[:3])),
    ],
)
def test_where_it_can_not_be_handed_in_the_window_helps_as_before(case: details.Case) -> None:
    """The limits of the outbox, a child's row, a row without a number."""
    ended = application.advance(application.ConfirmingData(case), h.MistakeReported()).state
    assert ended == application.Making(issuing.Ended("mistake"))


def test_a_row_that_is_said_to_be_wrong_makes_no_paper() -> None:
    """From the row to the goodbye, without MakePaper; or back to the row, with nothing said."""
    here = application.advance(application.ConfirmingData(CASE), h.MistakeReported()).state
    assert here == application.Correcting(FIRST)
    assert application.advance(here, h.WentBack()).state == application.ConfirmingData(CASE)
    received = hand_in.Received(
        hand_in.Receipt("correction", "4827-1936-5042", OWN.fields[0].value, at=NOW), hand_in.Slip.STRIP
    )
    here = application.Correcting(flow.HandingIn(received))
    assert visit.innermost(visit.Visit(visit.Serving(here))) == received
    step = application.advance(here, h.WentOn())
    assert step.state == ending.Parting(parting.LookingForCard(served=True))
    assert step.commands == (h.LookAtReader(),)
