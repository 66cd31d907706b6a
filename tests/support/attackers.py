"""A violent spouse, an ex-partner, a landlord and a curious officer: each asks all that there is to ask.

``KIOSK`` has every route of the records' interface, with the attackers' steps that go by it or the reason why it shows
nobody; ``CONSOLE`` the same for the pages that show persons. A new route fails a test until it is here.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx2

from backend_client.statement import subject_hash
from records.context import Records
from records.rules.purposes import Purpose
from records.rules.roles import Role
from records.services import family, looking, sessions
from records.services.looking import Why
from records.store import visits
from tests.support import worlds
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.records_client import (
    DENG,
    LAN,
    RARE,
    Card,
    KioskClient,
    live,
    other_face,
    typed,
)
from tests.support.security import signed_in
from tests.support.worlds import CHILD, DOOR, HER

Told = list[bytes]
Walk = Callable[[Records, dict[str, str]], Told]
NO_PERSON: Final = "shows no person"
OWN: Final = "the own visit's alone"
KIOSK: Final[dict[str, str]] = {
    "POST /v1/enrolments": NO_PERSON,
    "POST /v1/devices/self/certificate": NO_PERSON,
    "POST /v1/devices/self/heartbeat": NO_PERSON,
    "GET /v1/policy": NO_PERSON,
    "GET /v1/changes": "serials, versions and what this device itself handed in",
    "GET /v1/changes/snapshot": "the same",
    "GET /v1/changes/hints": NO_PERSON,
    "POST /v1/alarms": NO_PERSON,
    "GET /v1/alarms/{alarm_id}": NO_PERSON,
    "POST /v1/identifications": "number, companions",
    "POST /v1/identifications/{subject}/portrait": "number",
    "POST /v1/identifications/{subject}/statement": "number",
    "POST /v1/identifications/{subject}/record": "record, child",
    "POST /v1/identifications/{subject}/companions": "companions",
    "POST /v1/identifications/{subject}/confirmation": "number",
    "GET /v1/identifications/{subject}/confirmation": "number",
    "POST /v1/identifications/{subject}/slip": OWN,
    "POST /v1/identifications/{subject}/phone": OWN,
    "POST /v1/identifications/{subject}/guest-codes": OWN,
    "GET /v1/gates/self/snapshot": NO_PERSON,
    "POST /v1/gates/self/reports": NO_PERSON,
    "GET /v1/gates/self/passes-asked": NO_PERSON,
    "POST /v1/gates/self/passes/{ask}": NO_PERSON,
    "POST /v1/dwellings": "door",
    "POST /v1/papers": "papers",
    "POST /v1/papers/{serial}/seal": OWN,
    "POST /v1/papers/{serial}/delivered": OWN,
    "POST /v1/papers/{serial}/void": OWN,
    "POST /v1/reservations/{key}/void": OWN,
    "GET /v1/identifications/{subject}/messages": "messages",
    "GET /v1/identifications/{subject}/tenancies": "one's own flats, those let",
    "GET /v1/identifications/{subject}/contact": OWN,
    "PUT /v1/identifications/{subject}/contact": OWN,
    "POST /v1/identifications/{subject}/contact/code": OWN,
    "DELETE /v1/identifications/{subject}/contact": OWN,
    "POST /v1/verifications": "what a sheet shows that somebody holds, by its own code",
    "GET /v1/trust": NO_PERSON,
    "GET /v1/trust/carried": NO_PERSON,
    "GET /health": NO_PERSON,
    "GET /health/ready": NO_PERSON,
    "POST /v1/intakes": "what one hands in oneself; answered alike whoever is named",
    "PUT /v1/blobs/{sha256}": NO_PERSON,
}


def spouse(records: Records, remembered: dict[str, str]) -> Told:
    """Same household, own card at a kiosk; has her card and the child's in hand, and remembers handles and serials."""
    kiosk = KioskClient(records)
    own = _own(kiosk, DENG)
    told = [*_at_the_kiosk(kiosk, own), *_her_number(kiosk)]
    told += _their_cards(kiosk, own)
    for handle in _handles(records, own):
        told.append(_body(kiosk.post(f"/v1/identifications/{own}/record", {"person": handle})))
        told += _papers(kiosk, own, {"person": handle})
        told += _papers(kiosk, own, {"purpose": "household_members", "members": [handle]})
    for serial in (remembered["household"], remembered["of_child"]):
        told += _papers(kiosk, own, {"replaces": serial}, {"replaces": serial, "purpose": "household_members"})
    return told


def ex_partner(records: Records, remembered: dict[str, str]) -> Told:
    """Knows her number and where she lived; of another household."""
    del remembered
    kiosk = KioskClient(records)
    own = _own(kiosk, LAN)
    told = [*_at_the_kiosk(kiosk, own), *_her_number(kiosk)]
    told += _their_cards(kiosk, own)
    return told


def landlord(records: Records, remembered: dict[str, str]) -> Told:
    """Knows the flat, and declares to live there."""
    kiosk = KioskClient(records)
    own = _own(kiosk, RARE)
    receipt = {"kind": "residence_receipt", "purpose": "declare", "dwelling": remembered["flat"]}
    return [*_at_the_kiosk(kiosk, own), *_papers(kiosk, own, receipt), *_at_the_kiosk(kiosk, own)]


def curious_officer(records: Records, remembered: dict[str, str]) -> Told:
    """Every page with every purpose, with and without a ticket, until the limit and beyond; a handle from before; and
    what an auditor sees afterwards."""
    clock = records.clock
    assert isinstance(clock, StillClock)
    desk = signed_in(records, clock, hire(records, "curious"))
    told = [*_pages(desk, remembered), *_looks(desk, records), *_flats(desk, remembered), *_asks(desk)]
    told += _serials(desk, remembered)
    auditor = signed_in(records, clock, hire(records, "auditor", Role.AUDITOR))
    return [*told, *_pages(desk, remembered), _page(auditor.get("/console/audit").answer)]


ATTACKERS: Final[dict[str, Walk]] = {
    "violent spouse": spouse,
    "ex-partner": ex_partner,
    "landlord": landlord,
    "curious officer": curious_officer,
}


def told_in_both(
    both: tuple[Records, Records], who: str, remembered: dict[str, str]
) -> tuple[list[bytes], list[bytes]]:
    """What one of them is told where she is hidden, and where she never was: there an officer finds no paper about her
    child either, which others have in hand."""
    if ATTACKERS[who] is curious_officer:
        worlds.never_made(both[1], PERSON_IDS[1])
    return worlds.told_in_both(both, lambda records: ATTACKERS[who](records, remembered))


# --- at a kiosk ---


def _own(kiosk: KioskClient, card: Card) -> str:
    return kiosk.vouched(card, "visit-0009")


def _at_the_kiosk(kiosk: KioskClient, own: str) -> Iterator[bytes]:
    """The own row with who is beside it, a certificate with it, one's messages, her door."""
    yield _body(kiosk.post(f"/v1/identifications/{own}/record"))
    yield from _papers(kiosk, own, {}, {"purpose": "household_members"})
    yield _body(kiosk.get(f"/v1/identifications/{own}/messages"))
    yield _body(kiosk.get(f"/v1/identifications/{own}/tenancies"))
    yield _body(kiosk.post("/v1/dwellings", dict(zip(("building", "unit", "room"), DOOR, strict=True))))


def _her_number(kiosk: KioskClient) -> Iterator[bytes]:
    """Typed, with a face that is not hers, then with an officer's help."""
    for number in (HER.id_number, CHILD.id_number):
        visit = f"visit-{number[-4:-1]}9"
        answer = kiosk.post("/v1/identifications", typed(number, visit), f"typed-{number[-4:]}-number")
        yield _body(answer)
        subject = str(answer.json()["subject"])
        yield _body(kiosk.portrait(subject, live(subject, visit)))
        yield _body(kiosk.state(subject, other_face(subject, visit)))
        yield _body(kiosk.post(f"/v1/identifications/{subject}/record"))
        yield _body(kiosk.post(f"/v1/identifications/{subject}/confirmation"))


def _their_cards(kiosk: KioskClient, own: str) -> list[bytes]:
    """Laid beside the own one, as a companion's."""
    road = f"/v1/identifications/{own}/companions"
    return [_body(kiosk.post(road, card.evidence("visit-0009"))) for card in (HER, CHILD)]


def _papers(kiosk: KioskClient, own: str, *asked: dict[str, Any]) -> Iterator[bytes]:
    for each in asked:
        yield _body(kiosk.reserve(own, **each))


def _handles(records: Records, own: str) -> list[str]:
    """By which the kiosk called them in this visit before they were hidden; in the other world, what was made up."""
    with records.database.reading() as transaction:
        visit = visits.by_subject(transaction, subject_hash(own))
    assert visit is not None
    return [family.handle(records, visit, each) for each in PERSON_IDS]


PERSON_IDS: list[str] = []


def _body(answer: httpx2.Response) -> bytes:
    """Status and all that was said, but for a code's signature, which is drawn anew each time."""
    if answer.headers["content-type"].startswith("image/"):
        return b"%d " % answer.status_code + answer.content
    said = answer.json()
    for drawn in ("code", "validation"):
        if "paper" in said:
            said.pop(drawn)
    return b"%d " % answer.status_code + json.dumps(said, sort_keys=True).encode()


# --- at the console ---


def _pages(desk: Browser, remembered: dict[str, str]) -> Iterator[bytes]:
    waiting = (
        "applications",
        f"applications/{remembered['application']}",
        "intakes",
        f"intakes/{remembered['intake']}",
    )
    for path in ("", *waiting, "alerts", "approvals", "persons", "papers"):
        yield _page(desk.get(f"/console/{path}").answer)


def _serials(desk: Browser, remembered: dict[str, str]) -> Iterator[bytes]:
    """Her paper's number, and those that name her: what became of each, whose it is, and what voiding it would be."""
    why = {"purpose": Purpose.CASE_HANDLING, "ticket": "JJ-0004"}
    for serial in (remembered["application"], remembered["household"], remembered["of_child"]):
        yield _send(desk, "/console/papers", serial=serial)
        yield _send(desk, "/console/papers/void", serial=serial, basis="lost")
        yield _send(desk, "/console/papers/void", serial=serial, basis="lost", confirmed="yes")
        yield _send(desk, "/console/papers/holder", serial=serial, **why)


def _looks(desk: Browser, records: Records) -> Iterator[bytes]:
    session = sessions.resume(records, desk.http.cookies["__Host-lamplight-console"])
    assert session is not None
    for person in PERSON_IDS:
        handle = looking.seal(records, session, person, Why(Purpose.CASE_HANDLING, "JJ-0001"))
        yield _send(desk, "/console/persons/member", handle=handle)
    for number in (HER.id_number, CHILD.id_number):
        for purpose in ("", "curiosity", *Purpose):
            for ticket in ("", "JJ-0001"):
                yield _send(desk, "/console/persons", number=number, purpose=purpose, ticket=ticket)
        for purpose in Purpose:  # the limit ends it
            yield _send(desk, "/console/persons", number=number, purpose=purpose, ticket="JJ-0002")
    yield _send(desk, "/console/persons", number=DENG.id_number, purpose=Purpose.CASE_HANDLING, ticket="JJ-0003")


def _flats(desk: Browser, remembered: dict[str, str]) -> Iterator[bytes]:
    for _ in range(5):
        desk.clock.pass_by(14 * 60)
        desk.get("/console/")
    for path in ("houses", f"houses/{DOOR[0]}", f"houses/{DOOR[0]}/6"):
        yield _page(desk.get(f"/console/{path}").answer)
    flat = f"/console/flats/{remembered['flat']}"
    yield _page(desk.get(flat).answer)
    for purpose in Purpose:
        yield _send(desk, flat, purpose=purpose, ticket="JJ-0001")
    yield _send(desk, "/console/persons", number=DENG.id_number, purpose=Purpose.CASE_HANDLING, ticket="JJ-0003")


def _asks(desk: Browser) -> Iterator[bytes]:
    """Whether anybody has a number is not to be had by asking for something either."""
    for number in (HER.id_number, CHILD.id_number):
        yield _send(desk, "/console/protection", number=number, basis="protection-order", until="", ticket="JJ-0001")
        yield _send(desk, "/console/protection/end", number=number, ticket="JJ-0001")
        yield _send(desk, "/console/applications/receipt", receipt="2026-0001-000001-79", number=number)
        event = {"since": "2026-11-20", "basis": "court-ruling", "document": "2026-7", "ticket": "JJ-0001"}
        yield _send(desk, "/console/life-events/death", number=number, **event)
        yield _send(desk, "/console/life-events/guardian-ended", number=DENG.id_number, guardian=number, **event)
        yield _send(desk, "/console/life-events/taken-back", number=number, ticket="JJ-0001", of_ticket="JJ-0002")


def _send(desk: Browser, action: str, **fields: str) -> bytes:
    token = desk.records.keyed_hash("console-form", desk.http.cookies["__Host-lamplight-console"], action)
    return _page(desk.http.post(action, data={"form_token": token, **fields}))


def _page(answer: httpx2.Response) -> bytes:
    return b"%d %s " % (answer.status_code, answer.url.path.encode()) + answer.content
