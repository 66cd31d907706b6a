"""States without what would make them infinitely many: what is typed, what is counted, what changes no arrow."""

from collections.abc import Callable
from dataclasses import replace

from civic.mrz_entry import MrzEntry, MrzField
from civic.number_entry import LENGTH, NumberEntry
from kiosk.flows import application, claim, declaration, details, issuing, notices, phone, proof, visit
from kiosk.flows import pages as photographs
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_places as places
from kiosk.flows.base import Event, Step
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.filing_entry import FilingEntry
from kiosk.flows.identity import FaceResult
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry
from scripts.draw_flows.explore import S
from scripts.draw_flows.samples import OFFERS, READY

_NUMBER = "990101198603140019"
_DOOR = ("5", "1", "1203")
_DAY = "20260501"
_AHEAD = "20261219"
_PHONE, _CODE = "13800001239", "482919"
_PAGE = ("E12345678", "19860309", "20330509")


def plain_claim(at: claim.Here) -> claim.Here:
    """One key away from a complete entry, so that there are finitely many and each can be completed."""
    match at:
        case claim.EnteringNumber(_, entry) if len(entry.text) < LENGTH:
            return replace(at, entry=NumberEntry(_NUMBER[:-1], today=OFFERS.today))
        case claim.TypingPage(_, entry):
            now = tuple(MrzField).index(entry.field)
            whole = entry.text == _PAGE[now]
            number, born, expires = (
                text if place < now or (place == now and whole) else text[:-1] for place, text in enumerate(_PAGE)
            )
            return replace(at, entry=MrzEntry(entry.field, (number, born, expires), None, entry.permit, OFFERS.today))
        case _:
            return at


def _claim_within(at: claim.Here) -> claim.Here:
    """As the flow around it sees it: without the words that are only shown. In claim.md they are all tried."""
    plain = plain_claim(at)
    match plain:
        case claim.TypingPage() | claim.LiftingCard() | claim.AwaitingCard() | claim.DocumentFailed():
            return replace(plain, problem="")
        case claim.LayingDocument():
            return replace(plain, stage="", progress=0.0)
        case claim.AtWindow(offers):
            return claim.AtWindow(offers, "")
        case _:
            return plain


def _proof_within(at: proof.Here) -> proof.Here:
    """The same of what is tried in proof.md."""
    match at:
        case proof.FacingCamera():
            return replace(at, progress=0.0)
        case proof.FaceNotConfirmed():
            return replace(at, result=FaceResult.NOT_CONFIRMED)
        case proof.WithOfficer():
            return replace(at, opened=False)
        case proof.AtWindow(case):
            return proof.AtWindow(case, "")
        case _:
            return at


def plain_details(at: details.Here) -> details.Here:
    """The same of a door; and without what is counted."""
    match at:
        case details.EnteringDwelling(case, entry, problem):
            return details.EnteringDwelling(case, _plain_door(entry), problem)
        case _:
            return at


def _plain_door(entry: DwellingEntry) -> DwellingEntry:
    now = tuple(DoorPart).index(entry.part)
    building, unit, room = (text if place <= now else "" for place, text in enumerate(_DOOR))
    return DwellingEntry(entry.part, (building, unit, room))


def plain_issuing(at: issuing.Here) -> issuing.Here:
    """Called out once is as good as often."""
    return replace(at, called=min(at.called, 1)) if isinstance(at, issuing.TakingPaper) else at


def plain_application(here: application.Here) -> application.Here:
    """Plain within: the flow that lies in this one."""
    match here:
        case application.Claiming(at=at):
            return replace(here, at=_claim_within(at))
        case application.Proving(at=at):
            return replace(here, at=_proof_within(at))
        case application.Asking(at):
            return application.Asking(plain_details(at))
        case application.Making(at):
            return application.Making(plain_issuing(at))
        case _:
            return here


def plain_declaration(here: declaration.Here) -> declaration.Here:
    """The same of door and day."""
    match here:
        case declaration.LayingCard(at=at):
            return replace(here, at=_claim_within(at))
        case declaration.EnteringDoor(draft):
            return declaration.EnteringDoor(replace(draft, door=_plain_door(draft.door)))
        case declaration.EnteringDay(draft) if draft.since.day is None:
            return declaration.EnteringDay(replace(draft, since=DayEntry(_DAY[:-1])))
        case _:
            return here


def plain_notices(here: notices.Here) -> notices.Here:
    """One digit away from a number, and from a code."""
    match here:
        case notices.Claiming(at=at):
            return replace(here, at=_claim_within(at))
        case notices.Proving(at=at):
            return replace(here, at=_proof_within(at))
        case phone.EnteringPhone(entry=entry) if not entry.whole:
            return replace(here, entry=PhoneEntry(_PHONE[:-1]))
        case phone.EnteringCode(code=code) if not code.whole:
            return replace(here, code=CodeEntry(_CODE[:-1]))
        case _:
            return here


def plain_people(at: people.Here) -> people.Here:
    """One who was put down is as good as many."""
    match at:
        case people.ListingPeople(party):
            return people.ListingPeople(replace(party, comers=party.comers[-1:]))
        case people.EnteringArrival(entry=entry) if entry.day is None:
            return replace(at, entry=DayEntry(_DAY[:-1]))
        case people.Gathered(comers) | people.GivenUp(comers):
            return replace(at, comers=comers[-1:])
        case _:
            return at


def plain_lease(at: lease.Here) -> lease.Here:
    """One key away from a door, a day and a number; who lives there too, plain; and without what was chosen before."""
    old, case = at.draft, at.draft.case
    start = case.today if old.start and old.right is None else old.start
    draft = replace(old, comers=(), pages=0, ways=(), start=start, end=old.end and case.today, filing=FilingEntry())
    match at:
        case lease.EnteringDoor():
            return lease.EnteringDoor(replace(draft, door=_plain_door(draft.door)))
        case lease.EnteringFiling():
            return lease.EnteringFiling(replace(draft, filing=FilingEntry("9" if old.filing.text else "")))
        case lease.EnteringStart(entry=entry) if entry.day is None:
            return lease.EnteringStart(draft, DayEntry(_AHEAD[:-1]))
        case lease.EnteringEnd(entry=entry) if entry.day is None:
            return lease.EnteringEnd(draft, DayEntry(_AHEAD[:-1]))
        case _:
            return replace(_plain_part(at), draft=draft)


def _plain_part(at: lease.Here) -> lease.Here:
    """Plain within: the flow that lies in this one."""
    match at:
        case lease.TakingPages(at=inner):
            return replace(at, at=plain_pages(inner))
        case lease.Peopling(at=inner):
            return replace(at, at=plain_people(inner))
        case _:
            return at


def plain_pages(at: photographs.Here) -> photographs.Here:
    """Two pages are as good as twelve."""
    album = photographs.Album(2, min(at.album.count, 2))
    if isinstance(at, photographs.OfferingPages):
        return photographs.OfferingPages(album)
    return replace(at, album=album, at=min(at.at, 1))


def plain_leaving(at: leaving.Here) -> leaving.Here:
    """One digit away from a day."""
    if isinstance(at, leaving.EnteringDay) and at.entry.day is None:
        return leaving.EnteringDay(at.leave, DayEntry(_AHEAD[:-1]))
    return at


def plain_renting(here: places.Here) -> places.Here:
    """Plain within: the flows that lie in this one."""
    match here:
        case places.Claiming(at=at):
            return replace(here, at=_claim_within(at))
        case places.Proving(at=at):
            return replace(here, at=_proof_within(at))
        case places.Leasing(at=at):
            return replace(here, at=plain_lease(at))
        case places.Peopling(at=at):
            return replace(here, at=plain_people(at))
        case places.Leaving(at=at):
            return replace(here, at=plain_leaving(at))
        case _:
            return here


def plain_visit(now: visit.Visit) -> visit.Visit:
    """The visit without what changes no arrow."""
    match now.place:
        case visit.Serving(at):
            place: visit.Place = visit.Serving(plain_application(at))
        case visit.Declaring(at):
            place = visit.Declaring(plain_declaration(at))
        case visit.ReadingNotices(at):
            place = visit.ReadingNotices(plain_notices(at))
        case visit.Renting(at):
            place = visit.Renting(plain_renting(at))
        case other:
            place = other
    readiness = now.readiness if isinstance(place, visit.Home) else READY  # elsewhere it moves nobody
    return visit.Visit(place, readiness=readiness, closed=now.closed)


def plainly(advance: Callable[[S, Event], Step[S]], plain: Callable[[S], S]) -> Callable[[S, Event], Step[S]]:
    """The flow, with each state it comes to made plain."""

    def advanced(state: S, event: Event) -> Step[S]:
        step = advance(state, event)
        if step.state == state:  # plain already, and as a rule an event does nothing
            return Step(state, step.commands)
        return Step(plain(step.state), step.commands)

    return advanced
