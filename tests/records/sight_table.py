"""Who sees what of a tenancy: every party's own pages and answers, and what of a flat, its people and their ways is
found in them.

    python -m tests.records.sight_table      # writes the table of docs/who-sees-what.md

One flat is lived in, with everything that there can be to know of it; each party then asks all that it may ask. What is
looked for is written as it is shown: whole, or by the part that a mask leaves.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from backend_client.contract.gates import Pass, Passes, PassesAskedOf
from backend_client.contract.tenancies import WayKind
from backend_client.pass_seals import seal_passes
from backend_client.seals import seal_file
from gate.flows.admission import CardKey, Rules
from gate.services.admit import Admit
from gate.store.templates import Template
from records import contact_key, installation
from records.console.routes.approvals import DO
from records.context import Records
from records.rules.periods import bureau_time
from records.rules.roles import Role
from records.services import approvals, messages
from records.store import contacts, holders
from records.store.contacts import ContactRow
from records.store.tables import metadata
from tests.gate.made_up import VECTOR, Still, store_at
from tests.support import at_gates
from tests.support.at_gates import new_card, open_ways
from tests.support.clocks import NOW, StillClock
from tests.support.console import Browser, hire
from tests.support.intakes import put
from tests.support.records_client import DENG, LAN, WIFE, Card, KioskClient
from tests.support.records_server import quick_settings, rules_with, write_settings
from tests.support.security import signed_in
from tests.support.tenancies import A_YEAR, DOOR, TODAY, Town, comer, who

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "who-sees-what.md"
BEGINS: Final = "<!-- drawn -->\n"
TICKET: Final = "JQ-2026-0311"
REASON: Final = "papers at the window, desk book 2026-31"
PHONE: Final = "13800138000"
FILING: Final = "HF20260042"
CONTRACT: Final = b"\xff\xd8\xff\xe0 a page of the contract"
PASSED: Final = NOW - timedelta(hours=5)
LATER: Final = A_YEAR + timedelta(days=365)

PARTIES: Final = (
    "property desk",
    "officer, looking around",
    "officer, for a purpose",
    "two accounts",
    "other roles",
    "landlord",
    "co-occupant",
    "resident",
    "gate",
    "records' database",
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What there is to know. ``signs``: in which words it stands, the fullest first; ``sealed``: the table in which
    records keep it so that only their key opens it."""

    name: str
    signs: tuple[tuple[str, str], ...]
    sealed: str = ""


@dataclass
class World:
    """One flat, everybody around it, and what each of them was shown."""

    records: Records
    clock: StillClock
    folder: Path
    town: Town = field(init=False)
    gate: KioskClient = field(init=False)
    slip: str = ""
    printed: str = ""
    square: str = ""
    renewal: str = ""
    visits: int = 0

    def __post_init__(self) -> None:
        self.town = Town(self.records, KioskClient(self.records), self.clock)
        self.gate = at_gates.at_unit(self.records, *DOOR[:2], face=True)

    def lives(self) -> None:
        """A tenancy with one more adult; a card, a slip, a consent, a telephone; a renewal that waits, with a page."""
        town = self.town
        town.owns()
        town.rents(DENG, comers=(comer(WIFE),), filing_number=FILING)
        town.answers(LAN)
        town.chooses(DENG, card=new_card(), face=True, notice="2026-11")
        self._reachable()
        answer = town.kiosk.post(f"{self.visit(DENG)}/slip", {"right": town.right(DENG).right_id})
        self.printed = answer.text
        self.slip, self.square = answer.json()["number"], answer.json()["code"]
        sent, file = seal_file(CONTRACT)
        put(town.kiosk, file.sha256, sent)
        self.renewal = town.renews(LATER, who=who(DENG, proven=False), files=(file,), filing_number=FILING)

    def visit(self, card: Card) -> str:
        """Somebody is proven at the kiosk; the path of their visit."""
        self.visits += 1
        return f"/v1/identifications/{self.town.kiosk.vouched(card, f'visit-sight-{self.visits}')}"

    def at_kiosk(self, card: Card) -> Iterator[str]:
        """All that somebody reads of flats there, and all that they were told."""
        path = self.visit(card)
        for what in ("tenancies", "messages"):
            yield self.town.kiosk.get(f"{path}/{what}").text

    def browser(self, name: str, role: Role = Role.OFFICER) -> Browser:
        """Somebody at the console."""
        return signed_in(self.records, self.clock, hire(self.records, name, role))

    def _reachable(self) -> None:
        person, folder = self.town.person(DENG), self.records.folder / "keys"
        sealed = contact_key.seal(folder, PHONE, *messages.bound(self.records, person))
        with self.records.database.writing() as transaction:
            contacts.put(transaction, ContactRow(person, sealed, "zh", self.clock.now(), 1, TODAY))


# --- what each party is shown ----------------------------------------------------------------------------------------


def _desk(world: World) -> Iterator[str]:
    browser = world.browser("wuye", Role.PROPERTY_DESK)
    for typed in (world.slip, world.square):
        browser.get("/console/slips")
        yield browser.send("/console/slips", slip=typed).answer.text
    for path in ("/console/slips", "/console/slips/code"):
        yield browser.get(path).answer.text


def _around(world: World) -> Iterator[str]:
    browser, flat = world.browser("zhou"), world.town.flat()
    lists = ("tenancies", "tenancies/unproven", "tenancies/missing-filing", "tenancies/too-many", "intakes", "alerts")
    here = (f"intakes/{world.renewal}", f"houses/{flat.building}", f"flats/{flat.dwelling_id}", "passes", "approvals")
    for path in lists:
        yield _page(browser, path)
    for path in here:
        yield _page(browser, path).replace(flat.address, "")  # it stands there of any flat, whoever lives in it


def _for_a_purpose(world: World) -> Iterator[str]:
    browser, flat = world.browser("chen"), f"/console/flats/{world.town.flat().dwelling_id}"
    browser.get(flat)
    yield browser.send(flat, purpose="rental-inspection", ticket=TICKET).answer.text
    browser.get("/console/persons")
    page = browser.send("/console/persons", number=DENG.id_number, purpose="case-handling", ticket=TICKET)
    yield page.answer.text
    yield browser.send("/console/persons/ways").answer.text
    intake = f"/console/intakes/{world.renewal}"
    browser.get(intake)
    page = browser.send(intake, reason=REASON)
    yield page.answer.text
    (file,) = (form.action for form in page.forms if "/files/" in form.action)
    yield browser.send(file).answer.content.decode("latin-1")


def _two_accounts(world: World) -> Iterator[str]:
    browser = world.browser("sun")
    browser.get("/console/passes")
    day = bureau_time(PASSED).date().isoformat()
    asked = {"slip": world.slip, "purpose": "case-handling", "ticket": TICKET, "since": day, "until": day}
    assert browser.send("/console/passes", **asked).path == "/console/approvals"
    second = at_gates.session(world.records, world.clock, "li")
    (row,) = approvals.list_open(world.records, second)
    _, proof = approvals.read(world.records, second, row.approval_id, DENG.id_number)
    approvals.approve(world.records, second, row.approval_id, DO, proof)
    (told,) = (
        PassesAskedOf.model_validate(each) for each in world.gate.get("/v1/gates/self/passes-asked").json()["asks"]
    )
    passes = Passes(passes=(Pass(door=world.gate.device_id, at=PASSED, kind=WayKind.CARD),))
    world.gate.post(f"/v1/gates/self/passes/{told.ask}", seal_passes(passes, told).model_dump())
    browser.get("/console/passes")
    yield browser.send(f"/console/passes/{told.ask}").answer.text


def _others(world: World) -> Iterator[str]:
    pages = {
        Role.ADMINISTRATOR: ("gates", f"gates/{world.gate.device_id}", "devices", "policy", "alerts"),
        Role.TECHNICIAN: ("gates", "devices"),
        Role.AUDITOR: ("audit",),
        Role.AUXILIARY: ("code",),
    }
    for role, paths in pages.items():
        browser = world.browser(f"other-{role.value.replace('_', '-')}", role)
        for path in paths:
            yield _page(browser, path)


def _page(browser: Browser, path: str) -> str:
    page = browser.get(f"/console/{path}")
    assert page.status == 200, path
    return page.answer.text


def _gate(world: World) -> Iterator[str]:
    """All that its store holds after somebody gave their face there and came in."""
    told = at_gates.snapshot(world.gate)
    (face,) = open_ways(world.records, world.town.right(DENG), WayKind.FACE)
    (card,) = open_ways(world.records, world.town.right(DENG), WayKind.CARD)
    with world.records.database.reading() as transaction:
        holder = holders.known(transaction, world.town.person(DENG))
    with store_at(world.folder / "gate.sqlite", Still()) as store:
        store.grants.restart(told)
        store.templates.put(Template(holder, VECTOR, NOW, face.way_id))
        Admit(store, Still().moment, Rules).present(CardKey(card.ref))
        store.passes.note(world.gate.device_id, holder, PASSED, WayKind.CARD)
        for (name,) in store.database.query("SELECT name FROM sqlite_master WHERE type = 'table'"):
            yield from (_row(row) for row in store.database.query(f"SELECT * FROM {name}"))  # noqa: S608


def _database(world: World) -> Iterator[str]:
    with world.records.database.reading() as transaction:
        for table in metadata.tables.values():
            yield from (_row(row) for row in transaction.connection.execute(sa.select(table)))


def _row(row: "sa.Row[tuple[object, ...]] | tuple[object, ...]") -> str:
    return "\x1f".join(each.hex() if isinstance(each, bytes) else str(each) for each in row)


def _resident(world: World) -> Iterator[str]:
    yield world.printed
    yield from world.at_kiosk(DENG)
    yield world.town.kiosk.get(f"{world.visit(DENG)}/contact").text


_SHOWN: Final[dict[str, Callable[[World], Iterator[str]]]] = {
    "property desk": _desk,
    "officer, looking around": _around,
    "officer, for a purpose": _for_a_purpose,
    "two accounts": _two_accounts,
    "other roles": _others,
    "landlord": lambda world: world.at_kiosk(LAN),
    "co-occupant": lambda world: world.at_kiosk(WIFE),
    "resident": _resident,
    "gate": _gate,
    "records' database": _database,
}


# --- what is looked for ----------------------------------------------------------------------------------------------


def things(world: World) -> tuple[Thing, ...]:
    """Of this flat, and how each would be shown."""
    flat, at = world.town.flat(), bureau_time(PASSED)
    building, unit, room = DOOR
    times = (f"{at:%Y-%m-%d %H:%M}", PASSED.isoformat(timespec="seconds"), f"{PASSED:%Y-%m-%dT%H:%M}")
    ways = ('"kind":"card"', "门禁卡（芯片验证）", "\x1fcard\x1f")
    return (
        Thing("the resident's name", (("whole", DENG.name), ("masked", f"{DENG.name[0]}**"))),
        Thing("the resident's number", _number(DENG)),
        Thing("who else lives there", (("whole", WIFE.name), ("masked", f"{WIFE.name[0]}**"))),
        Thing("their number", _number(WIFE)),
        Thing("how many live there", _any("count", '"others":1', '"people":2', "的 2 人")),
        Thing("who owns it", (("whole", LAN.name), ("masked", f"{LAN.name[0]}**"))),
        Thing("the flat", _any("yes", flat.address, f"{building}-{unit}-{room}")),
        Thing("the right's last day", _any("yes", A_YEAR.isoformat())),
        Thing("by what they come in", _any("yes", *ways)),
        Thing("the card's last four", _any("yes", '"label":"19AF"', "尾号 19AF", "\x1f19AF\x1f")),
        Thing("the telephone's number", (("whole", PHONE), ("masked", "138****8000")), "contacts"),
        Thing("pages of the contract", _any("yes", CONTRACT.decode("latin-1"), CONTRACT.hex()), "intake_blobs"),
        Thing("the housing department's number", _any("yes", FILING)),
        Thing("when they came in, and where", _any("yes", *times)),
        Thing("the face's vector", _any("yes", VECTOR.hex())),
    )


def _number(card: Card) -> tuple[tuple[str, str], ...]:
    """Four digits alone stand in many a random number."""
    last = card.id_number[-4:]
    return ("whole", card.id_number), *_any("last four", f'"{last}"', f"*{last}", f"尾号 {last}")


def _any(word: str, *signs: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, each) for each in signs)


def table(world: World) -> dict[tuple[str, str], str]:
    """What is found, by thing and party; empty: nothing. The order is that of the parties: who asks later finds what
    earlier ones have set off, as an audit's line or a message."""
    shown = {party: "\n".join(_SHOWN[party](world)) for party in PARTIES}
    return {
        (thing.name, party): _found(world, thing, party, shown[party]) for thing in things(world) for party in PARTIES
    }


def _found(world: World, thing: Thing, party: str, shown: str) -> str:
    found = next((word for word, sign in thing.signs if sign in shown), "")
    if not found and thing.sealed and party == "records' database":
        with world.records.database.reading() as transaction:
            kept = transaction.connection.execute(sa.select(metadata.tables[thing.sealed]).limit(1)).first()
        return "sealed" if kept is not None else ""
    return found


def drawn(found: dict[tuple[str, str], str]) -> str:
    """The page, with the table as it was found."""
    names = dict.fromkeys(name for name, _ in found)
    rows = [("", *PARTIES), ("---",) * (len(PARTIES) + 1)]
    rows += [(name, *(found[name, party] for party in PARTIES)) for name in names]
    head, _, _ = PAGE.read_text("utf-8").partition(BEGINS)
    return head + BEGINS + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _write() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), StillClock()
        (folder / "records").mkdir()
        write_settings(folder / "records", quick_settings(), rules_with(answer_s=0.5))
        records = installation.prepare(folder / "records", clock, lambda _: None)
        world = World(records, clock, folder)
        world.lives()
        PAGE.write_text(drawn(table(world)), "utf-8")
        records.database.close()


if __name__ == "__main__":
    _write()
