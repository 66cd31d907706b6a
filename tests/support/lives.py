"""Somebody of whom records keep everything that they keep of anybody, and events in their life, without the pages."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from backend_client.contract.intakes import IntakeKind
from backend_client.contract.messages import MessageKind
from backend_client.contract.papers import PaperState
from backend_client.contract.tenancies import AskKind, RightKind, WayKind
from civic.document import DocumentKind
from records import contact_key
from records.context import Records
from records.messages.texts import TextKind
from records.rules.life_effects import TABLES, EventKind, Thing
from records.rules.periods import bureau_time
from records.rules.tenancies import TenancyState
from records.services import messages, texting
from records.services.life_events import doing, taking_back
from records.services.texting import Address
from records.store import (
    applications,
    approvals,
    asks,
    companions,
    consents,
    contacts,
    criminal,
    dwellings,
    grants,
    holders,
    intakes,
    life_events,
    ownerships,
    papers,
    pass_asks,
    protection,
    reads,
    residents,
    rights,
    slips,
    tenancies,
    tries,
    visits,
    ways,
)
from records.store import messages as stored_messages
from records.store.applications import ApplicationRow
from records.store.approvals import ApprovalRow, Matter
from records.store.asks import AskRow as FlatAskRow
from records.store.consents import Purpose
from records.store.contacts import ContactRow
from records.store.database import Transaction
from records.store.grants import GrantRow
from records.store.intakes import IntakeRow
from records.store.messages import MessageRow
from records.store.papers import ContentRow, PaperRow
from records.store.pass_asks import AskRow
from records.store.protection import Basis, ProtectionRow, Whose
from records.store.reads import Outcome, ReadRow
from records.store.rights import RightRow
from records.store.slips import LinkRow, SlipRow
from records.store.tenancies import TenancyRow
from records.store.tries import TryRow
from records.store.visits import VisitRow
from records.store.ways import WayRow
from tests.support.hidden import registered
from tests.support.records_client import DAUGHTER, DENG, GUEST, LAN, MOTHER, WIFE, Card

TICKET: Final = "HJ-2026-0031"
NEW_NUMBER: Final = "990101198603150014"
OLDER_NUMBER: Final = "990101198603130013"
SERIALS: Final[dict[Thing, tuple[str, ...]]] = {
    Thing.PAPERS_OPEN: ("open", "open-by-guardian"),
    Thing.PAPERS_OWN: ("own",),
    Thing.PAPERS_BY_GUARDIAN: ("by-guardian",),
    Thing.RECEIPTS: ("receipt",),
    Thing.PAPERS_FOR_CHILD: ("for-child",),
    Thing.PAPERS_MEMBER: ("member",),
}


@dataclass(frozen=True, slots=True)
class Life:
    """The person, their child, their guardian, and who else is in the household: handles."""

    person: str
    child: str
    guardian: str
    wife: str
    friend: str
    guest: str


def told(life: Life, kind: EventKind) -> dict[str, str]:
    """What the first account wrote down of an event."""
    more: dict[EventKind, dict[str, str]] = {
        EventKind.NAME_CHANGE: {"name": "张长明", "latin": "ZHANG CHANGMING"},
        EventKind.NUMBER_CHANGE: {"new_number": NEW_NUMBER},
        EventKind.MOVE_IN: {"address": "灯火路1号", "division": "990101", "householder": life.friend, "relation": ""},
        EventKind.MOVE_OUT: {"address": "远方路2号", "division": "990202"},
        EventKind.GUARDIAN_GIVEN: {"guardian": life.friend},
        EventKind.GUARDIAN_ENDED: {"guardian": life.guardian},
    }
    common = {"person": life.person, "since": "2026-11-20", "basis": "court-ruling", "document": "990101-2026-7"}
    return {**common, **more.get(kind, {})}


def happen(records: Records, transaction: Transaction, matter: Matter, body: Mapping[str, str]) -> None:
    """Two accounts have agreed. Of what is taken back ``of_ticket`` will do, or ``event``."""
    now = records.clock.now()
    if matter is Matter.LIFE_TAKEN_BACK and "event" not in body:
        body = {**body, "event": taking_back.meant(transaction, body["person"], body["of_ticket"])}
    asked = ApprovalRow("a1", matter, TICKET, json.dumps(dict(body)), "chen", now, now + timedelta(days=7))
    doing.DO[matter](records, transaction, asked, "li")


def live(records: Records) -> Life:
    """Give somebody everything that there is."""
    names = (DENG, DAUGHTER, MOTHER, WIFE, LAN, GUEST)
    life = Life(*(registered(records, each).person_id for each in names))
    with records.database.writing() as transaction:
        for give in (_register, _contact, _visits, _papers, _handed_in, _at_the_desk, _at_the_gate, _at_home):
            give(records, transaction, life)
    return life


def _register(records: Records, transaction: Transaction, life: Life) -> None:
    residents.add_guardian(transaction, life.person, life.guardian)
    if not residents.has_portrait(transaction, life.person):
        residents.add_portrait(transaction, life.person, b"\xff\xd8\xff")
    criminal.put(transaction, life.person, "found")
    life_events.had(transaction, OLDER_NUMBER, life.person)
    flat = dwellings.by_door(transaction, "5", "1", "602")
    assert flat is not None
    dwellings.declare(transaction, life.person, flat.dwelling_id, records.clock.now().date())
    assert residents.by_document(transaction, DocumentKind.PASSPORT, "CHN", "EA0000014") is not None


def _contact(records: Records, transaction: Transaction, life: Life) -> None:
    number, now = "13800138000", records.clock.now()
    sealed = contact_key.seal(records.folder / "keys", number, *messages.bound(records, life.person))
    contacts.put(transaction, ContactRow(life.person, sealed, "zh", now, 1, bureau_time(now).date()))
    texting.queue(records, transaction, TextKind.HINT, Address(life.person, number, "zh"))
    stored_messages.add(transaction, MessageRow(life.person, MessageKind.ANSWER_READY, now, "older"))


def _visits(records: Records, transaction: Transaction, life: Life) -> None:
    now, number = records.clock.now(), _hash(records, DENG)
    for subject, person in (("s-own", life.person), ("s-wife", life.wife)):
        row = VisitRow(subject, "kiosk-0001", subject, person, True, now, now + timedelta(minutes=15), "h")
        visits.begin(transaction, row)
    companions.add(transaction, "s-wife", life.person, now)
    tries.add(transaction, TryRow("s-tried", number, "kiosk-0001", "s-tried", now))


def delivered(records: Records, serial: str, person: str, about: str = "") -> PaperRow:
    """A paper that somebody asked for, about themselves or a child, and has."""
    now = records.clock.now()
    return PaperRow(
        serial=serial,
        person_id=person,
        kind="household_certificate",
        purpose="move_hukou",
        device_id="kiosk-0001",
        visit="s-own",
        replaces="",
        valid_until=now.date() + timedelta(days=30),
        state=PaperState.DELIVERED,
        reserved_at=now,
        delivered_at=now,
        about_id=about,
    )


def _papers(records: Records, transaction: Transaction, life: Life) -> None:
    still_open: dict[str, Any] = {"state": PaperState.RESERVED, "delivered_at": None}
    for row in (
        replace(delivered(records, "open", life.person), **still_open),
        replace(delivered(records, "open-by-guardian", life.guardian, life.person), **still_open),
        delivered(records, "own", life.person),
        delivered(records, "by-guardian", life.guardian, life.person),
        replace(delivered(records, "receipt", life.person), application="receipt"),
        delivered(records, "for-child", life.person, life.child),
        replace(delivered(records, "member", life.wife), members=life.person),
    ):
        papers.add(transaction, row, ContentRow(row.serial, "{}"))


def _handed_in(records: Records, transaction: Transaction, life: Life) -> None:
    now = records.clock.now()
    day = now.date() + timedelta(days=30)
    applications.add(transaction, ApplicationRow("receipt", life.person, "no_criminal_record", "found", now, day, day))
    row = IntakeRow("i1", "kiosk-0001", 1, "b", 0, now, None, now, IntakeKind.CORRECTION, "d", "{}", life.person)
    intakes.add_all(transaction, [row], {"i1": ["f"]})


def _at_the_desk(records: Records, transaction: Transaction, life: Life) -> None:
    now, whose = records.clock.now(), Whose(_hash(records, DENG), life.person)
    hidden = ProtectionRow(whose, Basis.PROTECTION_ORDER, TICKET, now, None, "chen", "li")  # one file, one family
    protection.add(transaction, hidden)
    hashed = records.keyed_hash("person", life.person)
    reads.add(transaction, ReadRow(now, "chen", "officer", "case-handling", "JJ-1", Outcome.SHOWN, hashed))
    body = json.dumps({"person": life.person})
    approvals.add(transaction, ApprovalRow("w1", Matter.UNHIDE, "BH-1", body, "wu", now, now + timedelta(days=7)))


def _at_the_gate(records: Records, transaction: Transaction, life: Life) -> None:
    now, week = records.clock.now(), records.clock.now() + timedelta(days=7)
    holder = holders.of(transaction, life.person, now)
    ways.add(transaction, WayRow("a" * 32, life.person, "b" * 32, WayKind.SLIP, now, "ref", until=week))
    grants.put(transaction, GrantRow("c" * 32, life.person, "b" * 32, "", "5", "1", None, 1, "{}", now))
    slips.add_slip(transaction, SlipRow("ABCD2345", "a" * 32, life.person, "b" * 32, now))
    slips.add_link(transaction, LinkRow("d" * 64, life.person, "b" * 32, now, week))
    asked = AskRow("e" * 32, life.person, holder, now, week, "case-handling", "JJ-2", "chen", "li", now, "k", "s")
    pass_asks.add(transaction, asked, [])


def _at_home(records: Records, transaction: Transaction, life: Life) -> None:
    now, day = records.clock.now(), records.clock.now().date()
    flat = dwellings.by_door(transaction, "5", "1", "602")
    assert flat is not None
    year = (day, day + timedelta(days=365))
    contract = TenancyRow(
        "1" * 32,
        flat.dwelling_id,
        life.person,
        TenancyState.ACTIVE,
        *year,
        "",
        "",
        "",
        registered_at=now,
        goes_on_at=None,
    )
    tenancies.add(transaction, contract)
    lives = (flat.dwelling_id, life.person, RightKind.TENANT, "1" * 32)
    rights.add(transaction, RightRow("2" * 32, *lives, *year, None, "", now, None, 1, now))
    ownerships.give(transaction, flat.dwelling_id, life.person, day)
    consents.give(transaction, life.person, Purpose.GATE_FACE, "2" * 32, "2026-11", now)
    about = (life.person, life.guest, "1" * 32, "", "", now, now + timedelta(days=3), True)
    asks.add(transaction, FlatAskRow("3" * 32, AskKind.RENEWAL, *about))


def _hash(records: Records, card: Card) -> str:
    return records.number_hash(card.id_number)


# --- what there is of them -------------------------------------------------------------------------------------------

Rows = list[dict[str, Any]]


def everything(transaction: Transaction, tables: Mapping[str, sa.Table]) -> dict[str, Rows]:
    """All rows of all tables, in the order of their keys."""
    return {name: _rows(transaction, sa.select(table).order_by(*table.primary_key)) for name, table in tables.items()}


def _rows(transaction: Transaction, query: sa.Select[Any]) -> Rows:
    return [dict(row) for row in transaction.connection.execute(query).mappings()]


_WHOSE: Final = {Thing.WARDS: "guardian_id", Thing.GUARDIANS: "child_id"}
_COUNTS: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "papers": lambda row: row["state"] != "void",
    "visits": lambda row: row["expires_at"] > row["created_at"],
    "residences": lambda row: row["ended_on"] is None,
    "protections": lambda row: row["ended_at"] is None,
    "texts": lambda row: row["state"] == "queued",
    "messages": lambda row: row["ref"] == "older",
    "rights": lambda row: row["ended_at"] is None,
    "asks": lambda row: not row["answer"],
    "ways": lambda row: row["cancelled_at"] is None,
    "grants": lambda row: row["over_at"] is None,
}


def of_thing(life: Life, thing: Thing, rows: Mapping[str, Rows]) -> Rows:
    """The rows of the person that make a thing up, as far as they count still."""
    if thing in SERIALS:
        return [row for row in rows["papers"] if row["serial"] in SERIALS[thing] and _COUNTS["papers"](row)]
    who, column = life.wife if thing is Thing.HOUSEHOLD else life.person, _WHOSE.get(thing, "person_id")
    found = ((name, row) for name in TABLES[thing] for row in rows[name] if row.get(column, who) == who)
    return [row for name, row in found if name not in _COUNTS or _COUNTS[name](row)]
