"""登记租住 and 续租: a table of what follows what; days as contracts count them; nothing chosen beforehand."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.masking import Personal
from kiosk.flows import errand, lease_days, pages
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_draft as flow
from kiosk.flows import tenancy_lease as lease
from kiosk.flows import tenancy_people as people
from kiosk.flows.base import Command, Event, State
from kiosk.flows.contents import Lease
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.filing_entry import FilingEntry
from kiosk.flows.tenancy_told import WAYS, Own
from kiosk.presenters.gallery_intakes import WHO
from kiosk.presenters.gallery_tenancy import AWAY, CASE, RIGHT
from kiosk.presenters.gallery_tenancy_deeds import COMERS

DOOR = DwellingEntry(DoorPart.ROOM, ("5", "1", "1203"))
FLAT = errand.Dwelling("flat", Personal("某处"))
BARE, UNLINKED = flow.Draft(CASE, door=DOOR), flow.Draft(AWAY, door=DOOR)
FOUND = replace(BARE, dwelling=FLAT)
DATED = replace(FOUND, start=date(2026, 12, 1), end=date(2027, 11, 30))
RENEWAL = flow.Draft(CASE, RIGHT, again=True, start=date(2026, 12, 21))
FILED = replace(DATED, filing=FilingEntry("123"))
KEY = who.KeyPressed(Personal("2"))
WHOLE_DAY = DayEntry("20271130")


def listed(draft: flow.Draft) -> flow.Peopling:
    return flow.Peopling(draft, people.ListingPeople(people.Party(WHO, CASE.today)))


TABLE: list[tuple[flow.Here, Event, type[State], tuple[type[Command], ...]]] = [
    (flow.EnteringDoor(BARE), who.EntryFinished(), flow.FindingDwelling, (errand.FindDwelling,)),
    (flow.EnteringDoor(UNLINKED), who.EntryFinished(), flow.ChoosingStart, ()),
    (flow.EnteringDoor(flow.Draft(CASE)), h.WentBack(), shared.Back, ()),
    (flow.EnteringDoor(BARE), h.WentBack(), flow.EnteringDoor, ()),
    (flow.FindingDwelling(BARE), errand.DwellingFound(FLAT), flow.ConfirmingDwelling, ()),
    (flow.FindingDwelling(BARE), errand.DwellingNotFound("dwelling-unknown"), flow.EnteringDoor, ()),
    (flow.FindingDwelling(BARE), h.JobFailed("unexpected"), flow.EnteringDoor, ()),
    (flow.ConfirmingDwelling(FOUND), h.WentOn(), flow.ChoosingStart, ()),
    (flow.ConfirmingDwelling(FOUND), h.WentBack(), flow.EnteringDoor, ()),
    (flow.ChoosingStart(FOUND), shared.DayChosen(0), flow.ChoosingEnd, ()),
    (flow.ChoosingStart(FOUND), shared.DayChosen(1), flow.ChoosingStart, ()),
    (flow.ChoosingStart(FOUND), shared.OtherDayAsked(), flow.EnteringStart, ()),
    (flow.ChoosingStart(FOUND), h.WentBack(), flow.ConfirmingDwelling, ()),
    (flow.ChoosingStart(UNLINKED), h.WentBack(), flow.EnteringDoor, ()),
    (flow.EnteringStart(FOUND, DayEntry("20261201")), who.EntryFinished(), flow.ChoosingEnd, ()),
    (flow.EnteringStart(FOUND, DayEntry("2026")), who.EntryFinished(), flow.EnteringStart, ()),
    (flow.EnteringStart(FOUND), h.WentBack(), flow.ChoosingStart, ()),
    (flow.ChoosingEnd(DATED), flow.MonthsChosen(12), flow.AskingFiling, ()),
    (flow.ChoosingEnd(DATED), flow.MonthsChosen(7), flow.ChoosingEnd, ()),
    (flow.ChoosingEnd(DATED), shared.OtherDayAsked(), flow.EnteringEnd, ()),
    (flow.ChoosingEnd(DATED), h.WentBack(), flow.ChoosingStart, ()),
    (flow.ChoosingEnd(RENEWAL), h.WentBack(), shared.Back, ()),
    (flow.EnteringEnd(DATED, WHOLE_DAY), who.EntryFinished(), flow.AskingFiling, ()),
    (flow.EnteringEnd(DATED), h.WentBack(), flow.ChoosingEnd, ()),
    (flow.AskingFiling(DATED), shared.Answered(yes=True), flow.EnteringFiling, ()),
    (flow.AskingFiling(FILED), shared.Answered(yes=False), flow.TakingPages, ()),
    (flow.AskingFiling(DATED), h.WentBack(), flow.ChoosingEnd, ()),
    (flow.EnteringFiling(DATED), who.EntryFinished(), flow.EnteringFiling, ()),
    (flow.EnteringFiling(FILED), who.EntryFinished(), flow.TakingPages, ()),
    (flow.EnteringFiling(FILED), h.WentBack(), flow.AskingFiling, ()),
    (flow.TakingPages(DATED, pages.LookingAtPage(pages.Album(count=3), 1)), h.WentOn(), flow.Peopling, ()),
    (flow.TakingPages(DATED), pages.PagesAsked(), flow.TakingPages, (pages.ForgetPages, pages.TakePage)),
    (flow.TakingPages(DATED), pages.LaterChosen(), flow.Peopling, (pages.ForgetPages,)),
    (flow.TakingPages(DATED), h.WentBack(), flow.AskingFiling, ()),
    (listed(DATED), h.WentOn(), flow.ChoosingWays, ()),
    (listed(DATED), h.WentBack(), flow.TakingPages, ()),
    (flow.ChoosingWays(DATED), flow.WayToggled("face"), flow.ReadingFaceNotice, ()),
    (flow.ChoosingWays(DATED), flow.WayToggled("card"), flow.ChoosingWays, ()),
    (flow.ChoosingWays(DATED), h.WentOn(), flow.ReadingOver, ()),
    (flow.ChoosingWays(DATED), h.WentBack(), flow.Peopling, ()),
    (flow.ReadingFaceNotice(DATED), shared.Answered(yes=False), flow.ChoosingWays, ()),
    (flow.ReadingFaceNotice(DATED), h.WentBack(), flow.ChoosingWays, ()),
    (flow.ReadingOver(DATED), h.DataConfirmed(), shared.Ready, ()),
    (flow.ReadingOver(DATED), h.WentBack(), flow.ChoosingWays, ()),
    (flow.ReadingOver(BARE), h.DataConfirmed(), flow.ReadingOver, ()),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = lease.advance(state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


def test_a_whole_lease_is_handed_in_as_it_was_said() -> None:
    here: lease.Next = flow.ChoosingStart(FOUND)
    for event in (
        shared.DayChosen(0),
        flow.MonthsChosen(12),
        shared.Answered(yes=True),
        KEY,
        who.EntryFinished(),
        pages.PagesAsked(),
        pages.PageTaken(),
        pages.NextPageAsked(),
        pages.PageTaken(),
        h.WentOn(),
        people.ComerAsked(),
        h.ReaderEmpty(),
        h.CardRead(COMERS[0].document),
        people.ComerRead(COMERS[0]),
        h.WentOn(),
        flow.WayToggled("face"),
        shared.Answered(yes=True),
        flow.WayToggled("card"),
        h.WentOn(),
        h.DataConfirmed(),
    ):
        assert not isinstance(here, shared.Ready | shared.Back)
        here = lease.advance(here, event).state
    assert FOUND.dwelling is not None
    said = WHO, DOOR, "", CASE.today, date(2027, 11, 21), "2", (COMERS[0],), ("card", "face"), 2
    content = Lease(*said, FOUND.dwelling.address)
    assert here == shared.Ready(content, "register")


def test_a_renewal_begins_the_day_after_and_names_the_right_instead_of_the_door() -> None:
    begun = lease.renew(CASE, RIGHT).state
    assert isinstance(begun, flow.ChoosingEnd)
    assert begun.draft.begins == date(2026, 12, 21)
    over = flow.ReadingOver(replace(begun.draft, end=date(2027, 12, 20)))
    ready = lease.advance(over, h.DataConfirmed()).state
    assert isinstance(ready, shared.Ready)
    assert isinstance(ready.content, Lease)
    assert (ready.content.right, ready.content.door, ready.about) == (RIGHT.ref, None, "renew")


def test_no_way_is_chosen_beforehand_and_a_face_only_with_its_own_yes() -> None:
    assert flow.Draft(CASE).ways == lease.renew(CASE, RIGHT).state.draft.ways == ()  # type: ignore[union-attr]
    agreed = lease.advance(flow.ReadingFaceNotice(DATED), shared.Answered(yes=True)).state
    assert agreed == flow.ChoosingWays(replace(DATED, ways=("face",)))
    assert isinstance(agreed, flow.ChoosingWays)
    assert lease.advance(agreed, flow.WayToggled("face")).state == flow.ChoosingWays(DATED)
    nowhere = replace(DATED, case=replace(CASE, own=Own(face=False)))
    assert lease.advance(flow.ChoosingWays(nowhere), flow.WayToggled("face")).state == flow.ChoosingWays(nowhere)
    assert lease.advance(flow.ChoosingWays(DATED), flow.WayToggled("guest")).state == flow.ChoosingWays(DATED)


def test_who_goes_back_keeps_whom_they_put_down() -> None:
    here = flow.Peopling(DATED, people.ListingPeople(people.Party(WHO, CASE.today, COMERS)))
    back = lease.advance(here, h.WentBack()).state
    assert back == flow.TakingPages(replace(DATED, comers=COMERS))


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 12, 1), 12, date(2027, 11, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_a_lease_ends_the_day_before_the_same_one(start: date, months: int, last: date) -> None:
    assert lease_days.last_day(start, months) == last


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.integers(1, 240))
def test_more_months_never_end_earlier(start: date, months: int) -> None:
    assert start < lease_days.last_day(start, months) < lease_days.last_day(start, months + 1)


def test_a_day_outside_of_what_a_lease_may_have_is_not_taken() -> None:
    """The end: neither behind, nor more than twenty years ahead."""
    for text, stands in (("2025", "202"), ("2047", "204"), ("20461130", "20461130")):
        here: lease.Next = flow.EnteringEnd(DATED)
        for key in text:
            assert isinstance(here, flow.EnteringEnd)
            here = lease.advance(here, who.KeyPressed(Personal(key))).state
        assert isinstance(here, flow.EnteringEnd)
        assert here.entry.digits == stands
    offered = dict(lease.offered_ends(replace(DATED, start=date(2026, 3, 1))))
    assert list(offered) == [12, 24]


def test_a_filing_number_takes_letters_digits_and_hyphens_and_masks_itself() -> None:
    entry = FilingEntry()
    for key in "A1-a,9":
        entry = entry.press(key)
    assert (entry.text, entry.erase().text, entry.toggle_letters().letters) == ("A1-9", "A1-", True)
    assert "A19" not in f"{entry}{entry!r}"
    assert FilingEntry("1" * 40).press("2").text == "1" * 40
    assert FilingEntry("12345").groups == ("1234", "5")


def test_the_ways_are_those_of_the_buttons() -> None:
    assert WAYS == ("card", "phone", "face")
