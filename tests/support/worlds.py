"""Two worlds that differ by one person: in one she is hidden, in the other she was never there.

Whatever an attacker is told in both must be the same to the byte. So that it can be compared, chance is the same chance
in both: tokens, handles and numbers of requests are drawn from one seed.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import installation
from records.context import Records
from records.store.tables import metadata
from records.store.tables.intakes import intakes
from records.store.tables.issuing import applications, paper_contents, papers
from records.store.tables.register import (
    criminal_records,
    guardianships,
    person_documents,
    portraits,
    residences,
    residents,
)
from tests.support.clocks import StillClock
from tests.support.hidden import hide, registered
from tests.support.intakes import Outbox, residence, rules_of, send
from tests.support.records_client import DAUGHTER, DENG, WIFE, Card, KioskClient, documented_problems
from tests.support.records_server import copied

HER, CHILD = WIFE, DAUGHTER
DOOR = ("5", "1", "602")  # where she has declared that she lives
_SEED = 20260301
_THEIRS = (residents, person_documents, portraits, criminal_records, residences, papers, applications)


def prepare(folder: Path, clock: StillClock) -> dict[str, str]:
    """What happened before, in both worlds: she lives behind a door, has papers and an application; her husband has
    papers that name her and the child, and know their handles. What an attacker remembers of it."""
    records = installation.open_existing(folder, clock)
    kiosk = KioskClient(records)
    own = kiosk.vouched(HER, "visit-0001")
    (child,) = kiosk.record(own)["children"]
    flat = kiosk.post("/v1/dwellings", dict(zip(("building", "unit", "room"), DOOR, strict=True))).json()["id"]
    for asked in (
        {},
        {"person": child["handle"]},
        {"kind": "residence_receipt", "purpose": "declare", "dwelling": flat},
        {"kind": "no_criminal_record", "purpose": "job", "when": "later"},
    ):
        assert kiosk.reserve(own, **asked).status_code == 201
    outbox = Outbox(rules_of(records), clock.now())
    item = outbox.item(residence(HER, DOOR))
    assert send(kiosk, [item]) == [("accepted", None)]
    application = _scalar(records, sa.select(applications.c.serial))
    his = kiosk.prove(DENG, "visit-0002")
    kiosk.post(f"/v1/identifications/{his}/companions", HER.evidence("visit-0002"))
    handles = {each["relation"]: each["handle"] for each in kiosk.record(his)["members"]}
    theirs: dict[str, Any] = {"purpose": "household_members", "members": [handles["妻"], handles["女"]]}
    household = kiosk.reserve(his, **theirs).json()["serial"]
    of_child = kiosk.reserve(his, person=kiosk.record(his)["children"][0]["handle"]).json()["serial"]
    for serial in (household, of_child):
        kiosk.void(serial)
    records.database.close()
    return {
        "flat": flat,
        "application": application,
        "household": household,
        "of_child": of_child,
        "intake": item["id"],
    }


@contextmanager
def worlds(prepared: Path, folder: Path) -> Iterator[tuple[Records, Records]]:
    """The one in which she and the child are hidden, and the one in which they are not."""
    with copied(prepared, folder / "hidden") as one, copied(prepared, folder / "absent") as other:
        hidden = installation.open_existing(one, StillClock())
        absent = installation.open_existing(other, StillClock())
        for card in (HER, CHILD):
            hide(hidden, card)
            _take_out(absent, card)
        yield hidden, absent
        for each in (hidden, absent):
            each.database.close()


def told_in_both(
    both: tuple[Records, Records], ask: Callable[[Records], list[bytes]]
) -> tuple[list[bytes], list[bytes]]:
    """What somebody is told in each of the worlds, by the same chance."""
    documented_problems(both[0])  # made once, and chance has a part in that
    return _by_chance(both[0], ask), _by_chance(both[1], ask)


def _by_chance(records: Records, ask: Callable[[Records], list[bytes]]) -> list[bytes]:
    chance = random.Random(_SEED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_urlsafe", lambda count=32: f"{chance.getrandbits(258):043x}"[: count * 4 // 3 + 1])
        patch.setattr("secrets.token_hex", lambda count=32: chance.randbytes(count).hex())
        patch.setattr("secrets.token_bytes", chance.randbytes)
        patch.setattr("secrets.randbelow", chance.randrange)
        patch.setattr("uuid.uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
        return ask(records)


def _take_out(records: Records, card: Card) -> None:
    """As if they had never been here; numbers that were given stay given."""
    person = registered(records, card).person_id
    with records.database.writing() as transaction:
        mine = sa.select(papers.c.serial).where(papers.c.person_id == person)
        transaction.connection.execute(sa.delete(paper_contents).where(paper_contents.c.serial.in_(mine)))
        for table in _THEIRS:
            transaction.connection.execute(sa.delete(table).where(table.c.person_id == person))
        transaction.connection.execute(sa.delete(intakes).where(intakes.c.content.contains(card.id_number)))
        for column in (guardianships.c.child_id, guardianships.c.guardian_id):
            transaction.connection.execute(sa.delete(guardianships).where(column == person))


def never_made(records: Records, person: str) -> None:
    """Papers about somebody. Who made one has it in hand whatever the register says; an officer knows of none."""
    with records.database.writing() as transaction:
        theirs = sa.select(papers.c.serial).where(papers.c.about_id == person)
        transaction.connection.execute(sa.delete(paper_contents).where(paper_contents.c.serial.in_(theirs)))
        transaction.connection.execute(sa.delete(papers).where(papers.c.about_id == person))


def traces(records: Records) -> dict[str, int]:
    """How many rows each table has, but for her own, and for what whoever is hidden hears."""
    more = ("protections", "reads", "counters", "paper_contents", "guardianships", "intakes")
    own = {*more, *(table.name for table in _THEIRS)}
    with records.database.reading() as transaction:
        counting = {each.name: sa.select(sa.func.count()).select_from(each) for each in metadata.sorted_tables}
        found = {name: transaction.connection.execute(query).scalar_one() for name, query in counting.items()}
    return {name: count for name, count in found.items() if name not in own}


def _scalar(records: Records, query: Any) -> str:
    with records.database.reading() as transaction:
        return str(transaction.connection.execute(query).scalar_one())
