"""Flats, who owns them and who rents them, as residents hand it in at a kiosk; and what records made of it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from backend_client.contract.base import PersonalWire
from backend_client.contract.intakes import (
    AnswerContent,
    Comer,
    Declarant,
    DepartureContent,
    OccupantContent,
    TenancyContent,
    WaysContent,
)
from backend_client.contract.messages import MessageKind
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import RightKind
from civic.document import DocumentKind
from records.context import Records
from records.services import intakes as taking
from records.services.tenancies.work import begun
from records.store import asks, dwellings, intakes, messages, ownerships, rights, tenancies
from records.store.asks import AskRow
from records.store.dwellings import DwellingRow
from records.store.intakes import IntakeRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow
from tests.support.clocks import StillClock
from tests.support.hidden import registered
from tests.support.intakes import Outbox, rules_of
from tests.support.records_client import DENG, LAN, Card, KioskClient

DOOR: Final = ("3", "2", "501")
OTHER_DOOR: Final = ("4", "1", "302")
TODAY: Final = date(2026, 11, 22)
A_YEAR: Final = TODAY + timedelta(days=365)
DAY_S: Final = 24 * 3600


def comer(card: Card, **changes: Any) -> Comer:
    """Somebody by their own document; ``changes``: as a child's is."""
    said = {"document": DocumentKind.RESIDENT_CARD, "name": card.name, "number": card.id_number}
    return Comer(**{**said, "birth_date": card.birth_date, **changes})


@dataclass
class Town:
    """One community, a kiosk in it, and a clock."""

    records: Records
    kiosk: KioskClient
    clock: StillClock

    def person(self, card: Card) -> str:
        return registered(self.records, card).person_id

    def flat(self, door: tuple[str, str, str] = DOOR) -> DwellingRow:
        with self.records.database.reading() as transaction:
            found = dwellings.by_door(transaction, *door)
        assert found is not None
        return found

    def owns(self, card: Card = LAN, door: tuple[str, str, str] = DOOR) -> None:
        """The register of owners says so."""
        with self.records.database.writing() as transaction:
            ownerships.give(transaction, self.flat(door).dwelling_id, self.person(card), date(2015, 1, 1))

    # --- what is handed in -------------------------------------------------------------------------------------------

    def hands_in(self, content: PersonalWire) -> str:
        """At the kiosk, with a link; its number. Each a second after the other: what is read keeps its order."""
        self.clock.pass_by(1)
        blobs = [each.sha256 for each in getattr(content, "files", ())]
        item = Outbox(rules_of(self.records), self.clock.now()).item(content, blobs)
        taken = taking.take(self.records, self.kiosk.device, [(UUID(item["id"]), item)])
        assert [(each.status.value, each.problem) for each in taken.results] == [("accepted", None)]
        return str(item["id"])

    def rents(self, card: Card = DENG, door: tuple[str, str, str] = DOOR, **more: Any) -> str:
        """A contract for a year, from today on."""
        building, unit, room = door
        days = {"starts_on": TODAY.isoformat(), "ends_on": A_YEAR.isoformat()}
        said = {"who": who(card), "door": DwellingRequest(building=building, unit=unit, room=room), **days, **more}
        return self.hands_in(TenancyContent(**said))

    def renews(self, until: date, card: Card = DENG, **more: Any) -> str:
        return self.rents(card, ends_on=until.isoformat(), **more)

    def answers(self, card: Card, *, yes: bool = True, proven: bool = True) -> str:
        """The first of what waits for their answer."""
        return self.hands_in(AnswerContent(who=who(card, proven=proven), ask=self.asked(card)[0].ask_id, yes=yes))

    def brings(self, card: Card, *comers: Comer, proven: bool = True) -> str:
        """Somebody comes to live with them, by the right that they have."""
        right = self.right(card)
        return self.hands_in(OccupantContent(who=who(card, proven=proven), right=right.right_id, comers=comers))

    def leaves(self, card: Card, right_id: str = "", day: date = TODAY, *, proven: bool = True) -> str:
        right = right_id or self.right(card).right_id
        return self.hands_in(DepartureContent(who=who(card, proven=proven), day=day.isoformat(), right=right))

    def asks_for_the_end(self, tenancy_id: str, card: Card = LAN, day: date = TODAY, *, proven: bool = True) -> str:
        said = who(card, proven=proven)
        return self.hands_in(DepartureContent(who=said, day=day.isoformat(), tenancy=tenancy_id))

    def chooses(self, card: Card, right_id: str = "", /, *, proven: bool = True, **chosen: Any) -> str:
        right = right_id or self.right(card).right_id
        return self.hands_in(WaysContent(who=who(card, proven=proven), right=right, **chosen))

    def lives(self, card: Card = DENG, *comers: Comer, door: tuple[str, str, str] = DOOR) -> TenancyRow:
        """Registered, and the landlord has said yes."""
        self.owns(door=door)
        number = self.rents(card, door, comers=comers)
        self.answers(LAN)
        found = self.tenancy(number)
        assert found is not None
        return found

    # --- what became of it -------------------------------------------------------------------------------------------

    def rights(self, card: Card) -> tuple[RightRow, ...]:
        with self.records.database.reading() as transaction:
            return rights.of_person(transaction, self.person(card))

    def right(self, card: Card) -> RightRow:
        """Their newest."""
        return self.rights(card)[-1]

    def state(self, card: Card) -> str:
        """How their newest right stands."""
        with self.records.database.reading() as transaction:
            return begun(self.records, transaction).state_of(self.right(card)).value

    def kinds(self, card: Card) -> list[RightKind]:
        return [each.kind for each in self.rights(card)]

    def tenancy(self, intake_id: str) -> TenancyRow | None:
        with self.records.database.reading() as transaction:
            return tenancies.of_intake(transaction, intake_id)

    def contract(self, tenancy_id: str) -> TenancyRow:
        with self.records.database.reading() as transaction:
            found = tenancies.find(transaction, tenancy_id)
        assert found is not None
        return found

    def asked(self, card: Card) -> tuple[AskRow, ...]:
        with self.records.database.reading() as transaction:
            return asks.open_of_person(transaction, self.person(card))

    def intake(self, intake_id: str) -> IntakeRow:
        with self.records.database.reading() as transaction:
            found = intakes.find(transaction, intake_id)
        assert found is not None
        return found

    def at(self, intake_id: str) -> tuple[str, str]:
        """How far an intake is: its state, with the queue while it waits, else the reason."""
        row = self.intake(intake_id)
        return row.state.value, row.queue if row.state.value in ("waiting", "under-way") else row.reason

    def told(self, card: Card) -> list[tuple[MessageKind, str]]:
        """What they read, the oldest first."""
        with self.records.database.reading() as transaction:
            rows = messages.newest(transaction, self.person(card), 50)
        return [(each.kind, each.state) for each in reversed(rows)]

    def deeds(self, *actions: str) -> list[tuple[str, dict[str, Any]]]:
        with self.records.database.reading() as transaction:
            rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
        return [(row.action, json.loads(row.facts)) for row in rows if not actions or row.action in actions]


def who(card: Card, *, proven: bool = True) -> Declarant:
    return Declarant(name=card.name, id_number=card.id_number, proven=proven)
