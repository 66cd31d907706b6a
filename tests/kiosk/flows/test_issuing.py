"""Making a paper and handing it over, step by step; a receipt in its place passes the same screens."""

from collections.abc import Sequence

import pytest

from kiosk.flows import happenings as h
from kiosk.flows import issuing as flow
from tests.support.steps import Row, run

ASKED = h.Application("household_certificate", "move", person="a-child", members=("a-spouse",))
PRINTED: list[Row] = [
    (flow.Issuing, h.IssueAdvanced(h.Stage.PRINTING, "paper-out", "thermal_printer"), ()),
    (flow.Issuing, h.PaperPrinted("S-1", "strip"), ()),
]


def walk(rows: Sequence[Row]) -> flow.Here:
    return run(flow.advance, flow.begin(ASKED).state, rows)


def test_a_paper_is_made_as_it_was_asked_for() -> None:
    assert flow.begin(ASKED).commands == (h.MakePaper(ASKED),)


def test_which_printer_waits_for_what_is_known() -> None:
    waiting = walk([PRINTED[0], (flow.Issuing, None, ())])
    assert waiting == flow.Issuing(ASKED, h.Stage.PRINTING, "paper-out", "thermal_printer")


def test_a_paper_that_is_taken_is_delivered() -> None:
    assert walk([*PRINTED, (flow.TakingPaper, h.PaperTaken(), (h.ConfirmPaper,))]) == flow.Finished(served=True)


@pytest.mark.parametrize("unreadable", [False, True])
def test_a_paper_that_did_not_come_is_void_before_a_new_one_is_made(unreadable: bool) -> None:
    missed: list[Row] = [
        (flow.TakingPaper, h.PaperMissed(unreadable), (h.RejectPaper,)),
        (flow.Voiding, h.PaperRejected(), (h.MakePaper,)),
    ]
    assert walk([*PRINTED, *missed]) == flow.Issuing(ASKED, again=True)


def test_the_new_paper_names_the_one_it_replaces() -> None:
    step = flow.advance(flow.Voiding(ASKED, "S-1"), h.PaperRejected())
    assert step.commands == (h.MakePaper(ASKED, replaces="S-1"),)


def test_a_failed_print_ends_with_what_is_true() -> None:
    failed = h.PaperNotPrinted("paper-out", void=True, maybe_out=True)
    end = walk([(flow.Issuing, failed, ())])
    assert end == flow.Ended("paper-out", void=True, maybe_out=True)
    assert flow.advance(end, h.WentOn()).state == flow.Finished(served=False)


def test_what_breaks_while_a_paper_is_made_or_voided_leaves_it_void() -> None:
    for state in (flow.Issuing(ASKED), flow.Voiding(ASKED, "S-1")):
        assert flow.advance(state, h.JobFailed("x")).state == flow.Ended("unexpected", void=True)


def test_a_paper_that_lies_there_is_called_out_and_noted_each_time() -> None:
    """And can still be taken, or said to be missing."""
    called: list[Row] = [(flow.TakingPaper, h.PaperUntaken(), (h.NotePaperUntaken,))] * 2
    lying = walk([*PRINTED, *called, (flow.TakingPaper, None, ())])
    assert lying == flow.TakingPaper(ASKED, "S-1", "strip", called=2)
    assert flow.advance(lying, h.PaperTaken()).commands == (h.ConfirmPaper("S-1"),)
    assert flow.advance(lying, h.PaperMissed()).commands == (h.RejectPaper("S-1", unreadable=False),)


def test_a_receipt_passes_the_same_screens_as_a_paper() -> None:
    """Whoever chose to wait and whoever did not: nothing but the paper that came out says what it is."""
    for later in (False, True):
        asked = h.Application("no_criminal_record", "job", later=later)
        state = flow.advance(flow.begin(asked).state, h.PaperPrinted("S-1", "strip", receipt=True)).state
        assert state == flow.TakingPaper(asked, "S-1", "strip", receipt=True)
        assert flow.advance(state, h.PaperTaken()).state == flow.Finished(served=True)
