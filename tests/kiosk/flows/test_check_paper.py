"""Checking a paper: a table of what follows what, and that nothing is asked and no job goes on alone."""

import pytest

from kiosk.flows import check_paper as flow
from kiosk.flows import ending
from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State

FOUND = flow.Finding(flow.Standing.COMPARE, "household_certificate", (flow.Fact((("zh", "姓名"),), "张明灯"),))
TABLE: list[tuple[flow.Here, Event, type[State], tuple[type[Command], ...]]] = [
    (flow.ShowingPaper(), flow.CodeSeen(), flow.AskingAboutIt, ()),
    (flow.ShowingPaper(), flow.PaperChecked(FOUND), flow.Told, ()),
    (flow.AskingAboutIt(), flow.PaperChecked(FOUND), flow.Told, ()),
    (flow.ShowingPaper(), flow.CameraFailed(), flow.NoCamera, ()),
    (flow.AskingAboutIt(), h.JobFailed("unexpected"), flow.NoCamera, ()),
    (flow.ShowingPaper(), h.WentBack(), ending.Left, (h.StopJobs,)),
    (flow.AskingAboutIt(), h.WentBack(), ending.Left, (h.StopJobs,)),
    (flow.Told(FOUND), flow.AnotherShown(), flow.ShowingPaper, (flow.LookAtPaper,)),
    (flow.Told(FOUND), h.WentBack(), ending.Left, ()),
    (flow.NoCamera(), flow.AnotherShown(), flow.ShowingPaper, (flow.LookAtPaper,)),
    (flow.NoCamera(), h.WentBack(), ending.Left, ()),
    (flow.Told(FOUND), flow.PaperChecked(FOUND), flow.Told, ()),
    (ending.Left(), flow.CodeSeen(), ending.Left, ()),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = flow.advance(state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


def test_it_begins_before_the_camera() -> None:
    step = flow.begin()
    assert step.state == flow.ShowingPaper()
    assert step.commands == (flow.LookAtPaper(),)


def test_a_state_does_not_print_whose_paper_it_is() -> None:
    """States stand in debug logs."""
    assert "张明灯" not in repr(flow.Told(FOUND))
    assert "张明灯" not in repr(FOUND.facts)
