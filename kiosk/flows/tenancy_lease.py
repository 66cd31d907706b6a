"""登记租住 and 续租: where, from when, until when, the filing number, the contract, who lives there too, how they come
in; read over, and handed in.

A renewal begins the day after the right that there is, in the same flat. Diagram: docs/flows/tenancy_lease.md, drawn
from this file.
"""

from dataclasses import replace
from datetime import date, timedelta

from kiosk.flows import errand as asked
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import lease_days as days
from kiosk.flows import pages
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_people as people
from kiosk.flows.base import Command, Event, Step
from kiosk.flows.contents import Lease
from kiosk.flows.filing_entry import FilingEntry
from kiosk.flows.tenancy_draft import (
    AskingFiling,
    ChoosingEnd,
    ChoosingStart,
    ChoosingWays,
    ConfirmingDwelling,
    Draft,
    EnteringDoor,
    EnteringEnd,
    EnteringFiling,
    EnteringStart,
    FindingDwelling,
    Here,
    How,
    MonthsChosen,
    Peopling,
    ReadingFaceNotice,
    ReadingOver,
    TakingPages,
    WayToggled,
    Where,
)
from kiosk.flows.tenancy_told import FACE, WAYS, OwnRight

Next = Here | shared.Ready | shared.Back


def register(case: shared.Case, *, again: bool = False) -> Step[Next]:
    """A flat that records know nothing of by this person, or can't be asked about."""
    return Step(EnteringDoor(Draft(case, again=again)))


def renew(case: shared.Case, right: OwnRight) -> Step[Next]:
    """One's own, from the day after its last. ``right.renews``."""
    last = right.ends_on or case.today
    return Step(ChoosingEnd(Draft(case, right, again=True, start=last + timedelta(days=1))))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state:
        case EnteringDoor() | FindingDwelling() | ConfirmingDwelling():
            return _where(state, event)
        case ChoosingStart() | EnteringStart():
            return Step(_start(state, event))
        case ChoosingEnd() | EnteringEnd():
            return Step(_end(state, event))
        case AskingFiling(draft):
            return Step(_filed(draft, event))
        case EnteringFiling(draft):
            return Step(_filing(draft, event))
        case TakingPages(draft, at):
            return _pages(draft, pages.advance(at, event))
        case Peopling(draft, at):
            return _people(draft, people.advance(at, event))
        case ChoosingWays() | ReadingFaceNotice() | ReadingOver():
            return _how(state, event)


# --- where -----------------------------------------------------------------------------------------------------------


def _where(state: Where, event: Event) -> Step[Next]:
    draft = state.draft
    match state, event:
        case EnteringDoor(), _:
            return _door(draft, event) or Step(state)
        case FindingDwelling(), asked.DwellingFound(dwelling):
            return Step(ConfirmingDwelling(replace(draft, dwelling=dwelling)))
        case FindingDwelling(), asked.DwellingNotFound(code):
            return Step(EnteringDoor(draft, code))
        case FindingDwelling(), h.JobFailed():
            return Step(EnteringDoor(draft, "records-unreachable"))
        case ConfirmingDwelling(), h.WentOn():
            return Step(ChoosingStart(draft))
        case ConfirmingDwelling(), h.WentBack():
            return Step(EnteringDoor(draft))
        case _:
            return Step(state)


def _door(draft: Draft, event: Event) -> Step[Next] | None:
    door = draft.door
    match event:
        case who.KeyPressed(key):
            return Step(EnteringDoor(replace(draft, door=door.press(key.reveal()))))
        case who.KeyErased():
            return Step(EnteringDoor(replace(draft, door=door.erase())))
        case asked.LettersToggled():
            return Step(EnteringDoor(replace(draft, door=door.toggle_letters())))
        case who.EntryFinished() if door.whole and draft.case.linked:
            return Step(FindingDwelling(draft), (asked.FindDwelling(door),))
        case who.EntryFinished() if door.whole:
            return Step(ChoosingStart(draft))
        case who.EntryFinished():
            return Step(EnteringDoor(replace(draft, door=door.next_part())))
        case h.WentBack() if not door.at_first_part:
            return Step(EnteringDoor(replace(draft, door=door.previous_part())))
        case h.WentBack():
            return Step(shared.Back())
        case _:
            return None


# --- from when, until when -------------------------------------------------------------------------------------------


def _start(state: ChoosingStart | EnteringStart, event: Event) -> Next:
    draft = state.draft
    earliest, latest = days.starts_between(draft.case.today)
    match state, event:
        case ChoosingStart(), shared.DayChosen(0):
            return ChoosingEnd(replace(draft, start=draft.case.today))
        case ChoosingStart(), shared.OtherDayAsked():
            return EnteringStart(draft)
        case ChoosingStart(), h.WentBack():
            return ConfirmingDwelling(draft) if draft.dwelling else EnteringDoor(draft)
        case EnteringStart(entry=entry), who.KeyPressed(key):
            return EnteringStart(draft, entry.press(key.reveal(), latest, earliest))
        case EnteringStart(entry=entry), who.KeyErased():
            return EnteringStart(draft, entry.erase())
        case EnteringStart(entry=entry), who.EntryFinished() if day := entry.day:
            return ChoosingEnd(replace(draft, start=day))
        case EnteringStart(), h.WentBack():
            return ChoosingStart(draft)
        case _:
            return state


def offered_ends(draft: Draft) -> tuple[tuple[int, date], ...]:
    """Months and the last day each; none that lies behind."""
    ends = ((months, days.last_day(draft.begins, months)) for months in days.MONTHS)
    return tuple((months, end) for months, end in ends if end >= draft.case.today)


def _end(state: ChoosingEnd | EnteringEnd, event: Event) -> Next:
    draft = state.draft
    earliest, latest = days.ends_between(draft.begins, draft.case.today)
    match state, event:
        case ChoosingEnd(), MonthsChosen(months) if months in dict(offered_ends(draft)):
            return AskingFiling(replace(draft, end=dict(offered_ends(draft))[months]))
        case ChoosingEnd(), shared.OtherDayAsked():
            return EnteringEnd(draft)
        case ChoosingEnd(), h.WentBack():
            return shared.Back() if draft.right else ChoosingStart(draft)
        case EnteringEnd(entry=entry), who.KeyPressed(key):
            return EnteringEnd(draft, entry.press(key.reveal(), latest, earliest))
        case EnteringEnd(entry=entry), who.KeyErased():
            return EnteringEnd(draft, entry.erase())
        case EnteringEnd(entry=entry), who.EntryFinished() if day := entry.day:
            return AskingFiling(replace(draft, end=day))
        case EnteringEnd(), h.WentBack():
            return ChoosingEnd(draft)
        case _:
            return state


# --- the contract ----------------------------------------------------------------------------------------------------


def _filed(draft: Draft, event: Event) -> Next:
    match event:
        case shared.Answered(yes=True):
            return EnteringFiling(draft)
        case shared.Answered():
            return _contract(replace(draft, filing=FilingEntry()))
        case h.WentBack():
            return ChoosingEnd(draft)
        case _:
            return AskingFiling(draft)


def _filing(draft: Draft, event: Event) -> Next:
    filing = draft.filing
    match event:
        case who.KeyPressed(key):
            return EnteringFiling(replace(draft, filing=filing.press(key.reveal())))
        case who.KeyErased():
            return EnteringFiling(replace(draft, filing=filing.erase()))
        case asked.LettersToggled():
            return EnteringFiling(replace(draft, filing=filing.toggle_letters()))
        case who.EntryFinished() if filing.text:
            return _contract(draft)
        case h.WentBack():
            return AskingFiling(draft)
        case _:
            return EnteringFiling(draft)


def _contract(draft: Draft) -> TakingPages:
    return TakingPages(draft, pages.OfferingPages(pages.Album(count=draft.pages)))


def _pages(draft: Draft, step: Step[pages.Next]) -> Step[Next]:
    match step.state:
        case pages.PagesTaken(count):
            return _who_else(replace(draft, pages=count), step.commands)
        case pages.PagesLeft():
            return _who_else(replace(draft, pages=0), step.commands)
        case pages.GivenUp(count):
            return Step(AskingFiling(replace(draft, pages=count)), step.commands)
        case at:
            return Step(TakingPages(draft, at), step.commands)


def _who_else(draft: Draft, commands: tuple[Command, ...] = ()) -> Step[Next]:
    others = draft.right.others if draft.right else 0
    begun = people.begin(people.Party(draft.case.who, draft.case.today, draft.comers, others))
    return _people(draft, replace(begun, commands=(*commands, *begun.commands)))


def _people(draft: Draft, step: Step[people.Here]) -> Step[Next]:
    match step.state:
        case people.Gathered(comers):
            return Step(ChoosingWays(replace(draft, comers=comers)), step.commands)
        case people.GivenUp(comers):
            return Step(_contract(replace(draft, comers=comers)), step.commands)
        case at:
            return Step(Peopling(draft, at), step.commands)


# --- how they come in ------------------------------------------------------------------------------------------------


def _how(state: How, event: Event) -> Step[Next]:
    draft = state.draft
    match state, event:
        case ChoosingWays(), WayToggled(kind) if kind in WAYS:
            return Step(_toggled(draft, kind))
        case ChoosingWays(), h.WentOn():
            return Step(ReadingOver(draft))
        case ChoosingWays(), h.WentBack():
            return _who_else(draft)
        case ReadingFaceNotice(), shared.Answered(yes):
            return Step(ChoosingWays(_with(draft, FACE) if yes else draft))
        case ReadingFaceNotice(), h.WentBack():
            return Step(ChoosingWays(draft))
        case ReadingOver(), h.DataConfirmed() if content := _content(draft):
            return Step(shared.Ready(content, "renew" if draft.again else "register"))
        case ReadingOver(), h.WentBack():
            return Step(ChoosingWays(draft))
        case _:
            return Step(state)


def _toggled(draft: Draft, kind: str) -> Next:
    if kind in draft.ways:
        return ChoosingWays(replace(draft, ways=tuple(each for each in draft.ways if each != kind)))
    if kind == FACE:
        return ReadingFaceNotice(draft) if draft.case.own.face else ChoosingWays(draft)
    return ChoosingWays(_with(draft, kind))


def _with(draft: Draft, kind: str) -> Draft:
    """In the order of their buttons, whatever the order of the touches."""
    return replace(draft, ways=tuple(each for each in WAYS if each in {*draft.ways, kind}))


def _content(draft: Draft) -> Lease | None:
    if draft.end is None:
        return None
    return Lease(
        draft.case.who,
        None if draft.right else draft.door,
        draft.right.ref if draft.right else "",
        draft.begins,
        draft.end,
        draft.filing.text,
        draft.comers,
        draft.ways,
        draft.pages,
        draft.address,
    )
