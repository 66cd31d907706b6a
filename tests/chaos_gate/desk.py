"""What residents do at a kiosk, by the real routes, and what each of it means for the judge.

A new contract waits for its landlord; a renewal goes on by a yes or by three days of silence, and not by a no; whoever
leaves today has given up their right today (docs/decisions/tenancies.md).
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.base import PersonalWire
from backend_client.contract.intakes import (
    AnswerContent,
    Declarant,
    DepartureContent,
    NewCard,
    TenancyContent,
    WaysContent,
)
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import RightKind, WayKind
from backend_client.statement import subject_hash
from civic.gate_codes import code_ref
from forms.paper import CHINA_TIME
from records.context import Records
from records.services import proof
from records.services.gates import phones
from records.store import asks, rights, visits
from records.store import ways as stored_ways
from tests.chaos_gate.facts import Right, Way
from tests.chaos_gate.lines import Line
from tests.chaos_gate.people import Community, Flat, Person
from tests.support.intakes import Outbox, rules_of

_DAY = timedelta(days=1)
_NOTICE = "2026-11"
_NUMBERS = count(1)


@dataclass
class Desk:
    """One kiosk. ``records``: as they are now; ``keys``: of phones, which never leave them; ``codes``: of slips and
    guests, as they were printed."""

    records: Callable[[], Records]
    line: Line
    community: Community
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    # --- contracts ---

    def rents(self, person: Person, flat: Flat, until: date) -> bool:
        """Somebody new, whose landlord is asked. Their right is there, and opens nothing."""
        today = self._now().astimezone(CHINA_TIME).date()
        person.kind = RightKind.TENANT
        self._hand_in(_contract(person, flat, today, until))
        row = self._newest(person)
        if row is None:
            return False
        person.tenancy = row.tenancy_id
        right = Right(row.right_id, person.person_id, flat.place, row.starts_on)
        self.community.lives(person, flat, right, until)
        return True

    def renews(self, person: Person, until: date) -> None:
        """The same tenant, the same flat, to a later day."""
        flat, ends = self.community.flat_of[person.person_id], self._ends(person)
        today = self._now().astimezone(CHINA_TIME).date()
        self._hand_in(_contract(person, flat, today, until))
        for each in self._together(person, ends):
            assert each.right is not None
            each.right.waits(self._now(), ends, until)

    def answers(self, landlord: Person, tenant: Person, *, yes: bool, until: date) -> None:
        """Whoever owns the flat says yes or no to a contract, or to a renewal, that waits."""
        with self.records().database.reading() as transaction:
            found = asks.open_of_person(transaction, landlord.person_id)
        mine = [each for each in found if each.asked_by == tenant.person_id]
        if not mine:
            return
        self._hand_in(AnswerContent(who=_who(landlord), ask=mine[0].ask_id, yes=yes))
        assert tenant.right is not None
        renewal = bool(tenant.right.history.times)
        if yes or renewal:
            self._is_answered(tenant, until if yes else self._ends(tenant))

    def leaves(self, person: Person, day: date) -> None:
        """By their own yes alone; today: at once."""
        assert person.right is not None
        self._hand_in(DepartureContent(who=_who(person), day=day.isoformat(), right=person.right.right_id))
        if day <= self._now().astimezone(CHINA_TIME).date():
            person.right.over(self._now())
        elif day < self.community.ends.get(person.right.right_id, date.max):
            self.community.ends[person.right.right_id] = day
            person.right.ends(self._now(), day)

    # --- ways ---

    def new_card(self, person: Person, *, instead: Way | None = None) -> None:
        """Lies on the reader. ``instead``: of one that is lost."""
        assert person.right is not None
        key = _public(ec.generate_private_key(ec.SECP256R1()))
        lost = (instead.way_id,) if instead is not None else ()
        self._chooses(person, card=NewCard(public_key=key, label="19AF"), lost=lost)
        if instead is not None:
            self.community.facts.ended(instead, self._now())
        self._way_is_there(person, WayKind.CARD)

    def lost(self, person: Person, way: Way) -> None:
        """It opens nothing any more."""
        self._chooses(person, lost=(way.way_id,))
        self.community.facts.ended(way, self._now())

    def consents(self, person: Person) -> None:
        """To a face at the gate; it is made there."""
        self._chooses(person, face=True, notice=_NOTICE)
        self._way_is_there(person, WayKind.FACE)

    def withdraws(self, person: Person, way: Way) -> None:
        """The consent."""
        self._chooses(person, face=False)
        self.community.facts.ended(way, self._now())

    def slip(self, person: Person) -> None:
        """A new one; the earlier one ends with it."""
        assert person.right is not None
        told = self._ask(person, "slip", right=person.right.right_id)
        for each in self.community.facts.of_person.get(person.person_id, []):
            if each.kind is WayKind.SLIP and each.right is person.right:
                self.community.facts.ended(each, self._now())
        made = self._way_is_there(person, WayKind.SLIP)
        if made is not None:
            made.ends_at = min([self._now() + timedelta(days=7), *self._ends_of(person.right)])
            self.codes[made.way_id] = told["code"]

    def _ends_of(self, right: Right) -> Iterator[datetime]:
        """With which the right is over, as it stands: a slip bears that day, and a renewal that comes later makes it
        no longer."""
        state = right.history.at(self._now())
        if state is not None and state.last is not None:
            yield datetime.combine(state.last + _DAY, time.min, CHINA_TIME)

    def phone(self, person: Person) -> None:
        """A link, opened by the phone whose key it brings."""
        assert person.right is not None
        told = self._ask(person, "phone", right=person.right.right_id)
        key = ec.generate_private_key(ec.SECP256R1())
        redeemed = phones.redeem(self.records(), told["url"].partition("#")[2], _public(key))
        self.keys[redeemed.credential] = key
        self._way_is_there(person, WayKind.PHONE)

    def guest(self, person: Person, day: date) -> None:
        """A code for one day."""
        assert person.right is not None
        told = self._ask(person, "guest-codes", right=person.right.right_id, day=day.isoformat())
        begins = datetime(day.year, day.month, day.day, tzinfo=CHINA_TIME)
        with self.records().database.reading() as transaction:
            (row,) = stored_ways.by_ref(transaction, code_ref(told["code"]), self._now())
        kept = Way(row.way_id, person.right, WayKind.GUEST, row.ref, self._now(), begins, begins + _DAY)
        self.codes[self.community.facts.add_way(kept).way_id] = told["code"]

    # --- how ---

    def _now(self) -> datetime:
        return self.records().clock.now()

    def _hand_in(self, content: PersonalWire) -> None:
        item = Outbox(rules_of(self.records()), self._now(), _sequence=_NUMBERS).item(content)
        answer = json.loads(self.line.send("POST", "/v1/intakes", json.dumps({"items": [item]}).encode()))
        assert answer["results"][0]["status"] == "accepted", answer

    def _chooses(self, person: Person, **chosen: Any) -> None:
        assert person.right is not None
        self._hand_in(WaysContent(who=_who(person), right=person.right.right_id, **chosen))

    def _ask(self, person: Person, what: str, **body: str) -> dict[str, Any]:
        """In a visit whose identity an officer has confirmed."""
        visit = f"visit-{next(_NUMBERS):08}"
        evidence = json.dumps(person.card.evidence(visit)).encode()
        subject = str(json.loads(self.line.send("POST", "/v1/identifications", evidence, str(uuid4())))["subject"])
        with self.records().database.writing() as transaction:
            row = visits.by_subject(transaction, subject_hash(subject))
            assert row is not None
            proof.grant(self.records(), transaction, row, proof.BY_OFFICER)
        path = f"/v1/identifications/{subject}/{what}"
        told: dict[str, Any] = json.loads(self.line.send("POST", path, json.dumps(body).encode(), str(uuid4())))
        return told

    def _way_is_there(self, person: Person, kind: WayKind) -> Way | None:
        """The newest of its kind, unless the judge knew it."""
        assert person.right is not None
        with self.records().database.reading() as transaction:
            found = stored_ways.open_of_right(transaction, person.right.right_id, self._now())
        fresh = [each for each in found if each.kind is kind and each.way_id not in self.community.facts.ways]
        if not fresh:
            return None
        row = fresh[-1]
        return self.community.facts.add_way(Way(row.way_id, person.right, kind, row.ref, self._now()))

    def _newest(self, person: Person) -> rights.RightRow | None:
        with self.records().database.reading() as transaction:
            found = rights.of_person(transaction, person.person_id)
        return found[-1] if found and found[-1].ended_at is None else None

    def _ends(self, person: Person) -> date:
        assert person.right is not None
        return self.community.ends[person.right.right_id]

    def _together(self, person: Person, ends: date) -> list[Person]:
        """Whom a renewal takes along: those by the same contract who have set no earlier day for themselves."""
        found = [each for each in self.community.of_tenancy[person.tenancy] if each.right is not None]
        mine = [each for each in found if each.right and self.community.ends.get(each.right.right_id) == ends]
        return [each for each in mine if each.right and not each.right.history.states[-1].over]

    def _is_answered(self, tenant: Person, until: date) -> None:
        """What was to follow from silence does not."""
        assert tenant.right is not None
        first = not tenant.right.history.times
        for each in [tenant] if first else self._together(tenant, self._ends(tenant)):
            assert each.right is not None
            each.right.ends(self._now(), until)
            self.community.ends[each.right.right_id] = until


def _contract(person: Person, flat: Flat, begins: date, until: date) -> TenancyContent:
    building, unit, room = flat.door
    door = DwellingRequest(building=building, unit=unit, room=room)
    return TenancyContent(who=_who(person), door=door, starts_on=begins.isoformat(), ends_on=until.isoformat())


def _who(person: Person) -> Declarant:
    return Declarant(name=person.card.name, id_number=person.card.id_number, proven=True)


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode("ascii")
