"""Leases as they are handed in over a kiosk's session at records that run, each its own: for measuring what follows.

What a resident chose on the screen is handed in; who has to answer, and to what, is looked up beside the service.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, product

import sqlalchemy as sa

from backend_client.contract.base import PersonalWire
from backend_client.contract.intakes import (
    AnswerContent,
    Declarant,
    DepartureContent,
    IntakeBatch,
    IntakeItem,
    IntakeStatus,
    NewCard,
    TenancyContent,
)
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import WayKind
from backend_client.session import RecordsSession
from records.context import Records
from records.rules.intakes import IntakeState
from records.rules.periods import bureau_time
from records.services import intake_deciding as deciding
from records.services import sessions, totp
from records.services.sessions import Attempt, Session
from records.store import asks, dwellings, intakes, ownerships, rights, tenancies
from records.store.rights import RightRow
from records.store.tables.register import residents
from tests.support.at_gates import content, new_card, open_ways
from tests.support.console import hire
from tests.support.hidden import registered
from tests.support.intakes import Outbox
from tests.support.records_client import LAN, Card

_LASTS = timedelta(days=300)
_GROWN = date(2000, 1, 1)
_DOORS = product("12345678", "123", (f"{floor}{flat:02}" for floor in range(1, 7) for flat in (1, 2, 3)))


@dataclass(frozen=True, slots=True)
class Lease:
    """One that waits for its landlord's yes; its tenant has chosen a card already."""

    tenant: Card
    tenancy_id: str
    right: RightRow
    card: NewCard
    ask: str


@dataclass(slots=True)
class Desk:
    """A kiosk's session, and the records beside it. Every flat that is let here is LAN's."""

    records: Records
    session: RecordsSession
    outbox: Outbox
    _doors: Iterator[tuple[str, str, str]] = field(default_factory=lambda: iter(_DOORS))
    _tenants: Iterator[Card] | None = None
    _officer: Session | None = None

    def hand_in(self, said: PersonalWire) -> "HandedIn":
        """Sent at once. RuntimeError: it was not taken."""
        item = IntakeItem.model_validate(self.outbox.item(said))
        begun = time.monotonic()
        (result,) = self.session.intakes(IntakeBatch(items=(item,))).results
        answered = time.monotonic()
        if result.status is not IntakeStatus.ACCEPTED:
            raise RuntimeError(f"not taken: {result.problem}")
        return HandedIn(str(item.id), begun, answered)

    def lease(self) -> Lease:
        """Of the next flat to the next tenant, from today on."""
        door, tenant = next(self._doors), self._next_tenant()
        self._give_to_landlord(door)
        building, unit, room = door
        said = TenancyContent(
            who=who(tenant),
            door=DwellingRequest(building=building, unit=unit, room=room),
            starts_on=self._today().isoformat(),
            ends_on=(self._today() + _LASTS).isoformat(),
        )
        number = self.hand_in(said).number
        with self.records.database.reading() as transaction:
            made, row = tenancies.of_intake(transaction, number), intakes.find(transaction, number)
            assert made is not None, f"not registered: {row.state} {row.queue} {row.reason}" if row else "not kept"
            (right,) = rights.of_tenancy(transaction, made.tenancy_id)
            (ask,) = asks.of_tenancy(transaction, made.tenancy_id)
        card = new_card()
        self.hand_in(content(right, tenant, card=card))
        return Lease(tenant, made.tenancy_id, right, card, ask.ask_id)

    def way(self, lease: Lease, kind: WayKind, ref: str = "") -> str:
        """The number of an open way of theirs. ValueError: there is none, or more."""
        found = open_ways(self.records, lease.right, kind)
        (way,) = (each.way_id for each in found if ref in {"", each.ref})
        return way

    def dispute(self, lease: Lease) -> str:
        """The landlord asks for an early end, the tenant says no; the number of what lies before an officer."""
        asked = DepartureContent(who=who(LAN), day=self._today().isoformat(), tenancy=lease.tenancy_id)
        number = self.hand_in(asked).number
        with self.records.database.reading() as transaction:
            (ask,) = asks.of_intake(transaction, number)
        self.hand_in(AnswerContent(who=who(lease.tenant), ask=ask.ask_id, yes=False))
        return number

    def officer_ends(self, number: str) -> float:
        """By a document, after a look at the papers: when it was decided, in monotonic seconds."""
        self._officer = self._officer or self._signed_in()
        deciding.opened(self.records, self._officer, self._intake(number), "desk book 2026-31")
        row = self._intake(number)
        decision = deciding.Decision(IntakeState.ACCEPTED, "papers-seen", "TJ-2026-0042")
        begun = time.monotonic()
        deciding.decide(self.records, self._officer, row, row.revision, decision)
        return begun

    def _intake(self, number: str) -> intakes.IntakeRow:
        with self.records.database.reading() as transaction:
            row = intakes.find(transaction, number)
        assert row is not None
        return row

    def _signed_in(self) -> Session:
        account = hire(self.records)
        code = totp.code_at(account.secret, int(self.records.clock.now().timestamp()) // totp.STEP_S)
        token = sessions.sign_in(self.records, Attempt(account.name, account.password, code, "10.0.0.7"))
        found = sessions.resume(self.records, token)
        assert found is not None
        return found

    def _give_to_landlord(self, door: tuple[str, str, str]) -> None:
        landlord = registered(self.records, LAN).person_id
        with self.records.database.writing() as transaction:
            flat = dwellings.by_door(transaction, *door)
            assert flat is not None
            ownerships.give(transaction, flat.dwelling_id, landlord, date(2015, 1, 1))

    def _next_tenant(self) -> Card:
        """Grown-up made-up people who live, in turns."""
        if self._tenants is None:
            grown = (~residents.c.deceased, ~residents.c.unclear, residents.c.birth_date < _GROWN)
            query = sa.select(residents.c.name, residents.c.id_number, residents.c.birth_date).where(*grown)
            with self.records.database.reading() as transaction:
                rows = transaction.connection.execute(query.order_by(residents.c.id_number)).all()
            found = [Card(*row) for row in rows if row.id_number != LAN.id_number]
            self._tenants = cycle(found)
        return next(self._tenants)

    def _today(self) -> date:
        return bureau_time(self.records.clock.now()).date()


@dataclass(frozen=True, slots=True)
class HandedIn:
    """``number``: its own; ``begun``, ``answered``: when it was sent, and when records had answered; monotonic."""

    number: str
    begun: float
    answered: float


def who(card: Card) -> Declarant:
    """Compared with the portrait in this visit."""
    return Declarant(name=card.name, id_number=card.id_number, proven=True)
