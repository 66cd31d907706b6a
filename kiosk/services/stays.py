"""Who from abroad is here by their own document, and who lives behind a door from now on: each has a receipt of their
own.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalText
from devices.id_card.api import IdCard
from devices.travel_document.api import TravelDocument
from kiosk.flows import contents, hand_in
from kiosk.flows.declarant import Declarant
from kiosk.flows.dwelling_entry import DwellingEntry

FOREIGN: Final = frozenset({DocumentKind.FOREIGNER_CARD, DocumentKind.FOREIGNER_CARD_2017})
"""Cards of people to whom the 24 hours apply; a passport's holder is known by who issued it."""
_CHINA: Final = "CHN"


def named(card: IdCard) -> bool:
    """Whether its number is of its kind: of one form alone it is no citizen number."""
    return isinstance(card.id_number, IdNumber) or card.kind is DocumentKind.FOREIGNER_CARD_2017


def by_card(card: IdCard) -> Declarant:
    """Who is here, by an identity card alone."""
    return Declarant(card.name, card.id_number, proven=False, document=card.kind, foreign=card.kind in FOREIGN)


def by_passport(document: TravelDocument) -> Declarant:
    """Who is here, by a travel document alone."""
    return Declarant(
        document.name,
        document.number,
        proven=False,
        document=document.kind,
        issuing_state=document.issuing_state,
        foreign=document.issuing_state != _CHINA,
    )


def stays_of(content: hand_in.Content, today: date) -> tuple[contents.Stay, ...]:
    """In the order of what was handed in; whoever hands it in comes first."""
    match content:
        case contents.Lease():
            address = content.address or _door(content.door)
            return tuple(contents.Stay(each, address, content.starts_on) for each in _names(content))
        case contents.Joining():
            address = content.address or PersonalText("")
            return tuple(contents.Stay(each, address, today) for each in _names(content))
        case _:
            return ()


def _names(content: contents.Lease | contents.Joining) -> Iterator[Personal]:
    if isinstance(content, contents.Lease) and content.who.foreign:
        yield content.who.name
    yield from (each.name for each in content.comers if each.arrived_on or each.document in FOREIGN)


def _door(door: DwellingEntry | None) -> Personal:
    """As it was typed, where records could not be asked."""
    if door is None:
        return PersonalText("")
    building, unit, room = door.texts
    return PersonalText(f"{building} 号楼 {unit} 单元 {room} 室")
