"""Photographing a contract: a table of what follows what, and that nobody is held there."""

import pytest

from kiosk.flows import happenings as h
from kiosk.flows import pages as flow
from kiosk.flows.base import Command, Event, State

NONE, ONE, THREE = flow.Album(), flow.Album(count=1), flow.Album(count=3)
FULL = flow.Album(limit=3, count=3)

TABLE: list[tuple[flow.Here, Event, State, tuple[Command, ...]]] = [
    (
        flow.OfferingPages(NONE),
        flow.PagesAsked(),
        flow.ShowingPage(NONE, 0),
        (flow.ForgetPages(), flow.TakePage(0)),
    ),
    (flow.OfferingPages(THREE), flow.PagesAsked(), flow.LookingAtPage(THREE, 2), (flow.ShowPage(2),)),
    (flow.OfferingPages(THREE), flow.LaterChosen(), flow.PagesLeft("later"), (flow.ForgetPages(),)),
    (flow.OfferingPages(THREE), h.WentBack(), flow.GivenUp(3), ()),
    (flow.ShowingPage(NONE, 0), flow.PageHinted("flatter"), flow.ShowingPage(NONE, 0, "flatter"), ()),
    (flow.ShowingPage(NONE, 0), flow.PageTaken(), flow.LookingAtPage(ONE, 0), ()),
    (flow.ShowingPage(THREE, 1), flow.PageTaken(), flow.LookingAtPage(THREE, 1), ()),
    (flow.ShowingPage(NONE, 0), flow.PageNotTaken("timed-out"), flow.NoPage(NONE, 0, "timed-out"), ()),
    (flow.ShowingPage(THREE, 3), h.JobFailed("unexpected"), flow.NoPage(THREE, 3, "no-camera"), ()),
    (flow.ShowingPage(NONE, 0), h.WentBack(), flow.OfferingPages(NONE), (h.StopJobs(),)),
    (flow.ShowingPage(THREE, 3), h.WentBack(), flow.LookingAtPage(THREE, 2), (h.StopJobs(), flow.ShowPage(2))),
    (flow.ShowingPage(THREE, 0), h.WentBack(), flow.LookingAtPage(THREE, 0), (h.StopJobs(), flow.ShowPage(0))),
    (flow.LookingAtPage(ONE, 0), flow.NextPageAsked(), flow.ShowingPage(ONE, 1), (flow.TakePage(1),)),
    (flow.LookingAtPage(THREE, 1), flow.NextPageAsked(), flow.LookingAtPage(THREE, 1), ()),
    (flow.LookingAtPage(FULL, 2), flow.NextPageAsked(), flow.LookingAtPage(FULL, 2), ()),
    (flow.LookingAtPage(THREE, 1), flow.AgainAsked(), flow.ShowingPage(THREE, 1), (flow.TakePage(1),)),
    (flow.LookingAtPage(THREE, 1), flow.PageTurned(-1), flow.LookingAtPage(THREE, 0), (flow.ShowPage(0),)),
    (flow.LookingAtPage(THREE, 2), flow.PageTurned(1), flow.LookingAtPage(THREE, 2), ()),
    (flow.LookingAtPage(THREE, 0), flow.PageOnScreen(), flow.LookingAtPage(THREE, 0), ()),
    (flow.LookingAtPage(THREE, 0), h.WentOn(), flow.PagesTaken(3), ()),
    (flow.LookingAtPage(THREE, 0), h.WentBack(), flow.OfferingPages(THREE), ()),
    (flow.NoPage(NONE, 0, "timed-out"), flow.AgainAsked(), flow.ShowingPage(NONE, 0), (flow.TakePage(0),)),
    (flow.NoPage(NONE, 0, "no-camera"), h.WentOn(), flow.PagesLeft("no-camera"), ()),
    (flow.NoPage(THREE, 3, "timed-out"), h.WentOn(), flow.PagesTaken(3), ()),
    (flow.NoPage(THREE, 3, "timed-out"), h.WentBack(), flow.LookingAtPage(THREE, 2), (flow.ShowPage(2),)),
    (flow.NoPage(NONE, 0, "camera-too-coarse"), h.WentBack(), flow.OfferingPages(NONE), ()),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: State, commands: tuple[Command, ...]
) -> None:
    step = flow.advance(state, event)
    assert step.state == after
    assert step.commands == commands


def test_no_more_pages_are_taken_than_may_be() -> None:
    here: flow.Next = flow.begin(2).state
    for event in (flow.PagesAsked(), flow.PageTaken(), flow.NextPageAsked(), flow.PageTaken(), flow.NextPageAsked()):
        assert not isinstance(here, flow.PagesTaken | flow.PagesLeft | flow.GivenUp)
        here = flow.advance(here, event).state
    assert here == flow.LookingAtPage(flow.Album(2, 2), 1)


@pytest.mark.parametrize("code", ["timed-out", "no-camera", "camera-too-coarse"])
def test_a_camera_that_does_not_work_keeps_nobody_from_going_on(code: str) -> None:
    """One press, and the lease is taken in without its pages."""
    assert flow.advance(flow.NoPage(NONE, 0, code), h.WentOn()).state == flow.PagesLeft(code)
