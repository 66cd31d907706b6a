"""The screens of what is handed in for records to decide later, with synthetic content (see gallery.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from civic.id_number import IdNumber
from civic.person_name import PersonName
from kiosk.flows import claim, correction, declaration, details, ending, hand_in, parting
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry
from kiosk.flows.readiness import RESIDENCE, Readiness
from kiosk.presenters.gallery_identification import OFFERS

WHO = hand_in.Declarant(PersonName("张明灯"), IdNumber("990101198603140019"), proven=False)
_AT = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)
_DRAFT = declaration.Draft(WHO, OFFERS.today)
_DOOR = DwellingEntry(DoorPart.ROOM, ("5", "1", "1203"))
WHOLE = replace(_DRAFT, door=_DOOR, since=DayEntry("20260501"))
RECEIPT = hand_in.Receipt("residence", "4827-1936-5042", WHO.name, _AT)
_LIMITS = ("outbox.queue-full", "outbox.disk-low")


def homes(offline: Readiness) -> Iterator[tuple[str, Readiness]]:
    """The tiles without a link: where 居住登记 can be handed in, and where several things stand in its way."""
    yield "home-declare", replace(offline, blocked=(*offline.blocked, (RESIDENCE, ())))
    yield "home-declare-full", replace(offline, blocked=(*offline.blocked, (RESIDENCE, _LIMITS)))


def declarations() -> Iterator[tuple[str, declaration.Here]]:
    """(name, state), in the order of a visit."""
    today, offers = OFFERS.today, OFFERS
    yield "declare-before", declaration.ReadingNotice(offers)
    yield "declare-looking", declaration.LayingCard(claim.LookingAtReader(offers), today)
    yield "declare-card", declaration.LayingCard(claim.AwaitingCard(offers), today)
    yield "declare-lift", declaration.LayingCard(claim.LiftingCard(offers, 1, "moved"), today)
    yield "declare-window", declaration.LayingCard(claim.AtWindow(offers, "refused"), today)
    yield "declare-checking", declaration.CheckingCard(today)
    yield "declare-ended", declaration.Ended("card-expired")
    yield "declare-unexpected", declaration.Ended("a-later-code")
    yield "declare-door", declaration.EnteringDoor(replace(_DRAFT, door=DwellingEntry()))
    yield "declare-room", declaration.EnteringDoor(replace(_DRAFT, door=_DOOR))
    yield "declare-day", declaration.EnteringDay(replace(_DRAFT, since=DayEntry("202605")))
    yield "declare-day-wrong", declaration.EnteringDay(replace(_DRAFT, since=DayEntry("2026", wrong=True)))
    yield "declare-day-whole", declaration.EnteringDay(WHOLE)
    yield "declare-over", declaration.ReadingOver(WHOLE)
    for name, at in _handing_in():
        yield f"declare-{name}", declaration.HandingIn(at)
    yield "declare-take-card", ending.Parting(parting.TakingCard(served=True))
    yield "declare-left", ending.Left()


def corrections(case: details.Case) -> Iterator[tuple[str, correction.Here]]:
    """(name, state), from the own row on."""
    chosen = ("former_name", "address")
    yield "correct", correction.ChoosingLines(case)
    yield "correct-last-page", correction.ChoosingLines(case, chosen, 2)
    yield "correct-over", correction.ReadingOver(case, chosen)
    receipt = replace(RECEIPT, kind="correction")
    for slip in hand_in.Slip:
        yield f"correct-received-{slip}", correction.HandingIn(hand_in.Received(receipt, slip))
    yield "correct-finished", correction.Finished(served=True)


def _handing_in() -> Iterator[tuple[str, hand_in.Here]]:
    day = WHOLE.since.day or OFFERS.today
    yield "keeping", hand_in.Keeping(hand_in.Residence(WHO, _DOOR, day))
    for slip in hand_in.Slip:
        yield f"received-{slip}", hand_in.Received(RECEIPT, slip)
    yield "not-kept", hand_in.NotKept("outbox.store-unwritable")
    yield "not-kept-unexpected", hand_in.NotKept("unexpected")
    yield "done", hand_in.Done(served=True)
