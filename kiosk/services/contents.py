"""What the flows hand in, as records read it (backend_client.contract.intakes)."""

from collections.abc import Iterable

from backend_client.contract import intakes as wire
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import WayKind
from kiosk.flows import contents
from kiosk.flows import hand_in as flow
from kiosk.flows.dwelling_entry import DwellingEntry


def wired(content: flow.Content, notice: str = "") -> wire.Content:
    """The same at the wire. ``notice``: the name of the text about the gate that is shown here."""
    match content:
        case flow.Residence(who, door, since):
            return wire.ResidenceContent(who=_who(who), door=_door(door), since=since.isoformat())
        case flow.Correction(who, fields):
            return wire.CorrectionContent(who=_who(who), fields=fields)
        case _:
            return _about_a_flat(content, notice)


def _about_a_flat(content: flow.Tenancies, notice: str) -> wire.Content:
    match content:
        case contents.Lease():
            return _lease(content, notice)
        case contents.Joining(who, right, comers):
            return wire.OccupantContent(who=_who(who), right=right, comers=_comers(comers))
        case contents.Departure(who, day, right, tenancy):
            about = {"right": right} if right else {"tenancy": tenancy}
            return wire.DepartureContent(who=_who(who), day=day.isoformat(), **about)
        case contents.Answer(who, ask, yes):
            return wire.AnswerContent(who=_who(who), ask=ask, yes=yes)
        case contents.Ways(who, right, card, face, lost):
            new = _card(card) if card else None
            shown = notice if face else ""
            return wire.WaysContent(who=_who(who), right=right, card=new, face=face, notice=shown, lost=lost)


def _lease(content: contents.Lease, notice: str) -> wire.TenancyContent:
    return wire.TenancyContent(
        who=_who(content.who),
        door=_door(content.door) if content.door else None,
        right=content.right or None,
        starts_on=content.starts_on.isoformat(),
        ends_on=content.ends_on.isoformat(),
        filing_number=content.filing_number,
        comers=_comers(content.comers),
        ways=tuple(WayKind(kind) for kind in content.ways),
        notice=notice if WayKind.FACE in content.ways else "",
    )


def _who(who: flow.Declarant) -> wire.Declarant:
    return wire.Declarant(
        name=who.name.reveal(),
        id_number=who.number.reveal(),
        proven=who.proven,
        document=who.document,
        issuing_state=who.issuing_state,
    )


def _door(door: DwellingEntry) -> DwellingRequest:
    building, unit, room = door.texts
    return DwellingRequest(building=building, unit=unit, room=room)


def _comers(comers: Iterable[contents.Comer]) -> tuple[wire.Comer, ...]:
    return tuple(
        wire.Comer(
            document=each.document,
            name=each.name.reveal(),
            number=each.number.reveal(),
            birth_date=each.birth_date,
            arrived_on=each.arrived_on.isoformat() if each.arrived_on else None,
            guardian=each.guardian,
        )
        for each in comers
    )


def _card(card: contents.NewCard) -> wire.NewCard:
    return wire.NewCard(
        public_key=card.public_key, number=card.number.reveal() if card.number else "", label=card.label
    )
