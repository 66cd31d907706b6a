"""The screens of what is done about a flat, with synthetic content (see gallery_tenancy.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from civic.document import DocumentKind
from civic.masking import Personal, PersonalText
from civic.person_name import PersonName
from kiosk.flows import contents
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_told as told
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.errand import Dwelling
from kiosk.flows.filing_entry import FilingEntry
from kiosk.flows.hand_in import Slip
from kiosk.flows.tenancy_case import Case, Flat
from kiosk.presenters.gallery_pages import photographs

_AT = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
_CHILD = contents.Comer(
    DocumentKind.RESIDENT_CARD, PersonName("张小灯"), Personal("990101201603140011"), date(2016, 3, 14), minor=True
)
COMERS = (
    contents.Comer(DocumentKind.RESIDENT_CARD, PersonName("李路灯"), Personal("990101198803140015"), date(1988, 3, 14)),
    replace(_CHILD, guardian=True),
)
_FOREIGN = replace(COMERS[0], document=DocumentKind.FOREIGNER_CARD, foreign=True)
_DOOR = DwellingEntry(DoorPart.ROOM, ("5", "1", "1203"))
_HOME = Dwelling("flat", PersonalText("示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室"))
_CARD = contents.NewCard("4F2A", public_key="TUZrd0V3WUhLb1pJemowQ0FRWUk=")
GUEST_CODE = told.GuestCode("48271936", "G1.5b2c9d1e7f3a44869f00", date(2026, 11, 23))
MOVE_IN_SLIP = told.MoveInSlip("4F82-K936", "S1.5b2c9d1e7f3a44869f00", _AT)
_LINK = "https://gate.example/p#5b2c9d1e7f3a4486"


def leasings(case: Case, away: Case, right: told.OwnRight) -> Iterator[tuple[str, lease.Here]]:
    """Registering from the first question on, then what a renewal and a missing link change."""
    draft = lease.Draft(case)
    whole = replace(
        draft,
        door=_DOOR,
        dwelling=_HOME,
        start=date(2026, 12, 1),
        end=date(2027, 11, 30),
        comers=COMERS,
        ways=told.WAYS,
    )
    renewal = lease.Draft(case, right, again=True, start=date(2026, 12, 21))
    filed = replace(whole, filing=FilingEntry("3301062026000123"), pages=4)
    yield "door", lease.EnteringDoor(draft)
    yield "room-unknown", lease.EnteringDoor(replace(draft, door=_DOOR), "dwelling-unknown")
    yield "finding", lease.FindingDwelling(replace(draft, door=_DOOR))
    yield "dwelling", lease.ConfirmingDwelling(whole)
    yield "start", lease.ChoosingStart(whole)
    yield "start-day", lease.EnteringStart(whole, DayEntry("202612"))
    yield "start-wrong", lease.EnteringStart(whole, DayEntry("20", wrong=True))
    yield "end", lease.ChoosingEnd(whole)
    yield "end-renewal", lease.ChoosingEnd(renewal)
    yield "end-day", lease.EnteringEnd(whole, DayEntry("20271130"))
    yield "end-wrong", lease.EnteringEnd(whole, DayEntry("202", wrong=True))
    yield "filed", lease.AskingFiling(whole)
    yield "filing", lease.EnteringFiling(whole)
    yield "filing-typed", lease.EnteringFiling(filed)
    yield "filing-letters", lease.EnteringFiling(replace(whole, filing=FilingEntry("ZL-20", letters=True)))
    for name, photograph in photographs():
        yield name, lease.TakingPages(whole, photograph)
    yield "pages-filed", lease.TakingPages(filed)
    yield "people", lease.Peopling(renewal, people.ListingPeople(_party(case, others=right.others)))
    yield "ways", lease.ChoosingWays(replace(whole, ways=()))
    yield "ways-chosen", lease.ChoosingWays(replace(whole, ways=("card", "phone")))
    yield "face", lease.ReadingFaceNotice(whole)
    yield "over", lease.ReadingOver(filed)
    yield "over-renewal", lease.ReadingOver(replace(renewal, end=date(2027, 12, 20)))
    yield "over-bare", lease.ReadingOver(replace(whole, comers=(), ways=()))
    yield "room-away", lease.EnteringDoor(lease.Draft(away, door=_DOOR))
    yield "ways-away", lease.ChoosingWays(lease.Draft(away, door=_DOOR))
    unknown = lease.Draft(replace(away, stranger=True), door=_DOOR, start=away.today, end=date(2027, 5, 21))
    yield "over-stranger", lease.ReadingOver(unknown)
    yield "over-away", lease.ReadingOver(lease.Draft(away, door=_DOOR, start=away.today, end=date(2027, 5, 21)))


def _party(case: Case, others: int = 0, *, alone: bool = False) -> people.Party:
    return people.Party(case.who, case.today, others=others, alone=alone)


def peoplings(case: Case, others: int) -> Iterator[tuple[str, people.Here]]:
    """Who lives there too, by itself."""
    party = _party(case, others, alone=True)
    yield "list", people.ListingPeople(party)
    yield "listed", people.ListingPeople(replace(party, comers=COMERS))
    for problem in ("own-card", "twice", "card-expired", "card-not-yet-valid", "card-not-read", "reader-failed"):
        yield problem, people.ListingPeople(party, problem)
    yield "a-later-problem", people.ListingPeople(party, "a-later-problem")
    yield "looking", people.LookingAtReader(party)
    yield "lift", people.LiftingCard(party)
    yield "lay", people.AwaitingCard(party)
    yield "checking", people.CheckingComer(party)
    yield "guardian", people.AskingGuardian(party, _CHILD)
    yield "arrival", people.EnteringArrival(party, _FOREIGN, DayEntry("202611"))
    yield "arrival-wrong", people.EnteringArrival(party, _FOREIGN, DayEntry("2027", wrong=True))
    yield "gathered", people.Gathered(COMERS)


def settings(flat: Flat, face: told.OwnWay) -> Iterator[tuple[str, ways.Here]]:
    """Ways, with and without a face."""
    faced = Flat(flat.case, replace(flat.right, ways=(flat.right.ways[0], face)))
    yield "list", ways.ListingWays(flat)
    yield "list-2", ways.ListingWays(flat, 1)
    yield "list-3", ways.ListingWays(flat, 2)
    yield "face-there", ways.ListingWays(faced)
    yield "none", ways.ListingWays(Flat(flat.case, replace(flat.right, ways=())))
    for problem in ("none-laid", "not-a-card", "weak", "moved", "reader-failed", "no-phone-link", "a-later-problem"):
        yield problem, ways.ListingWays(faced, problem=problem)
    yield "lay", ways.AwaitingAccessCard(flat)
    yield "card", ways.ConfirmingCard(flat, _CARD)
    weak = contents.NewCard("09B1", number=Personal("04A1B2C309B1"))
    yield "card-weak", ways.ConfirmingCard(flat, weak)
    yield "asking-link", ways.AskingLink(flat)
    yield "link", ways.ShowingLink(flat, _LINK)
    yield "face", ways.ReadingFaceNotice(flat)
    yield "no-face", ways.ConfirmingWithdrawal(faced)
    yield "lost", ways.ChoosingLost(flat)
    yield "lost-2", ways.ChoosingLost(flat, 1)
    yield "lost-sure", ways.ConfirmingLost(flat, flat.right.ways[0])


def codings(flat: Flat) -> Iterator[tuple[str, codes.Here]]:
    """A guest's code, and the move-in slip."""
    yield "guest-day", codes.ChoosingGuestDay(flat)
    yield "guest-making", codes.MakingGuestCode(flat)
    for out in (None, *Slip):
        yield f"guest-code-{out or 'shown'}", codes.ShowingGuestCode(flat, GUEST_CODE, out)
    yield "slip-making", codes.MakingSlip(flat)
    for out in Slip:
        yield f"slip-{out}", codes.ShowingSlip(flat, MOVE_IN_SLIP, out)
    for problem in ("too-many", "not-now", "no-link", "a-later-code"):
        yield f"not-made-{problem}", codes.NotMade(flat, problem)


def leavings(case: Case, right: told.OwnRight, let: told.LetFlat) -> Iterator[tuple[str, leaving.Here]]:
    """Leaving, and asking for a flat back."""
    own = leaving.Leave(case, right.address, right.ends_on, right=right.ref)
    asking = leaving.Leave(case, let.address, let.ends_on, tenancy=let.ref)
    yield "leave-meaning", leaving.ReadingMeaning(own)
    yield "leave-day", leaving.ChoosingDay(own)
    yield "leave-typed", leaving.EnteringDay(own, DayEntry("202612"))
    yield "leave-wrong", leaving.EnteringDay(own, DayEntry("2026", wrong=True))
    yield "leave-over", leaving.ReadingOver(own, date(2026, 12, 1))
    yield "end-meaning", leaving.ReadingMeaning(asking)
    yield "end-over", leaving.ReadingOver(asking, date(2026, 12, 1))
