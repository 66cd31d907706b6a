"""Whoever wants into a flat that is not theirs, or somebody out of one: seven stories, and how each ends.

At records, by what is handed in and by what a gate at the flat's door is told; a slip and a telephone's code at gates
that hear of them from records, over real sockets between them; a face before a gate's camera, with the real model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.gates import Grant
from backend_client.contract.intakes import (
    AnswerContent,
    DepartureContent,
    OccupantContent,
    TenancyContent,
    WaysContent,
)
from backend_client.contract.messages import MessageKind
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import HALF_MINUTE, PhoneCode, card_ref, phone_counter, phone_statement
from devices.face.api import PortraitProblem
from devices.face.driver import InsightFaceEngine
from devices.face.template import Template as Face
from gate.flows.admission import Admitted, Code, Reason, Rules
from gate.services.admit import Admit
from gate.services.enrol_face import EnrolFace
from gate.services.face import FaceAtGate, NoMatch
from gate.services.known_faces import KnownFaces
from gate.store.templates import Template
from records.services.gates import deriving
from records.services.gates import ways as desk
from records.services.tenancies import silence
from records.store import alerts
from records.store import ways as stored_ways
from tests.gate.made_up import number
from tests.gate.services.test_face import Opinion, Street, Watched, at_gate, gone, subject
from tests.gate.site import GateThere, holder, right, site
from tests.support import at_gates
from tests.support.at_site import AtGate
from tests.support.camera import PORTRAITS
from tests.support.clocks import NOW
from tests.support.engines import face_engine
from tests.support.intakes import PATH, Outbox, rules_of
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, DOOR, OTHER_DOOR, TODAY, Town, comer, who

MEMBER, PASSER = 1, 2


# --- a forged contract with the attacker's own landlord number -------------------------------------------------------


def test_a_forged_contract_asks_the_owner_whom_records_know(town: Town) -> None:
    """It names no landlord: no field takes one, nor a number to reach them by. Silence grants nothing, and who asks in
    their own name is nobody's landlord."""
    fields = set(TenancyContent.model_fields)
    assert fields == {
        "who", "door", "right", "starts_on", "ends_on", "filing_number", "comers", "ways", "notice", "files"
    }  # fmt: skip
    town.owns(LAN)
    number = town.rents(GUEST)
    ((ask,), others) = town.asked(LAN), town.asked(GUEST)
    assert (ask.asked_by, others) == (town.person(GUEST), ())
    assert town.at(town.hands_in(AnswerContent(who=who(GUEST), ask=ask.ask_id, yes=True))) == ("refused", "not-theirs")
    town.clock.pass_by(4 * DAY_S)
    silence.note_over(town.records)
    assert (town.state(GUEST), town.at(number)) == ("pending", ("waiting", "new-without-landlord"))
    assert _told_at_the_door(town) == ()


# --- an ex-partner who adds himself ----------------------------------------------------------------------------------


def test_an_ex_partner_does_not_add_himself(town: Town) -> None:
    """Neither by a right that he knows the reference of, nor by one of his own elsewhere, nor by his document alone."""
    contract = town.lives(WIFE)
    hers = town.right(WIFE).right_id
    himself = (comer(DENG),)
    assert town.at(town.hands_in(OccupantContent(who=who(DENG), right=hers, comers=himself))) == (
        "refused",
        "not-theirs",
    )
    days = {"starts_on": TODAY.isoformat(), "ends_on": A_YEAR.isoformat()}
    by_right = TenancyContent(who=who(DENG), right=hers, **days)
    assert town.at(town.hands_in(by_right)) == ("refused", "not-theirs")
    assert town.at(town.rents(DENG)) == ("waiting", "overlap")
    assert (town.state(DENG), town.state(WIFE)) == ("pending", "active")
    assert town.at(town.hands_in(WaysContent(who=who(DENG), right=hers, card=at_gates.new_card())))[1] == "not-theirs"
    assert _told_at_the_door(town) == ()
    assert town.contract(contract.tenancy_id).tenant_id == town.person(WIFE)


def test_an_ex_partner_who_went_does_not_come_back(town: Town) -> None:
    town.lives(WIFE, comer(DENG))
    right = town.right(DENG).right_id
    town.leaves(DENG)
    assert town.at(town.hands_in(OccupantContent(who=who(DENG), right=right, comers=(comer(DENG),))))[1] == "not-theirs"
    assert town.state(DENG) == "ended"


# --- a landlord who ends a lease early by silence --------------------------------------------------------------------


def test_a_landlord_ends_nothing_early_by_silence(town: Town) -> None:
    """Nor by answering for others, nor by ending their right as if it were theirs."""
    contract = town.lives(DENG, comer(WIFE))
    town.chooses(DENG, card=at_gates.new_card())
    before = _told_at_the_door(town)
    number = town.asks_for_the_end(contract.tenancy_id)
    (ask,) = town.asked(DENG)
    for_them = AnswerContent(who=who(LAN), ask=ask.ask_id, yes=True)
    assert town.at(town.hands_in(for_them)) == ("refused", "not-theirs")
    theirs = DepartureContent(who=who(LAN), day=TODAY.isoformat(), right=town.right(DENG).right_id)
    assert town.at(town.hands_in(theirs)) == ("refused", "not-theirs")
    town.clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert town.at(number) == ("waiting", "early-end")
    assert (town.state(DENG), town.state(WIFE), town.right(DENG).ends_on) == ("active", "active", A_YEAR)
    assert _told_at_the_door(town) == before
    assert [each.ends_on for each in before] == [A_YEAR]


def test_who_owns_another_flat_may_not_ask_for_this_ones_end(town: Town) -> None:
    contract = town.lives()
    town.owns(MOTHER, OTHER_DOOR)
    assert town.at(town.asks_for_the_end(contract.tenancy_id, MOTHER)) == ("refused", "not-theirs")


# --- a guessed flat --------------------------------------------------------------------------------------------------


def test_a_guessed_flat_answers_alike_whether_it_is_let_or_not(town: Town) -> None:
    """The kiosk's answer byte by byte, what the feed says to it, and what the guesser reads of their own afterwards:
    let to somebody, empty and owned, owned by nobody whom records know."""
    town.lives(DENG, comer(WIFE))
    town.owns(LAN, OTHER_DOOR)
    seen = [_guessed(town, door) for door in (DOOR, OTHER_DOOR, ("5", "1", "602"))]
    assert seen[0] == seen[1] == seen[2]
    assert {kind for kind, _ in town.told(GUEST)} == set()
    assert MessageKind.FLAT_TOLD in {kind for kind, _ in town.told(DENG)}


def _guessed(town: Town, door: tuple[str, str, str]) -> tuple[bytes, int, object]:
    """All that a guesser sees, but for the number of what they handed in and the address that they gave."""
    building, unit, room = door
    before = _feed(town)
    days = {"starts_on": TODAY.isoformat(), "ends_on": A_YEAR.isoformat()}
    content = TenancyContent(who=who(GUEST), door=DwellingRequest(building=building, unit=unit, room=room), **days)
    item = Outbox(rules_of(town.records), town.clock.now()).item(content)
    answer = town.kiosk.post(PATH, {"items": [item]})
    subject = town.kiosk.vouched(GUEST, f"visit-{room}{building}")
    own = town.kiosk.get(f"/v1/identifications/{subject}/tenancies").json()
    (right,) = (each for each in own["rights"] if each["address"] == town.flat(door).address)
    told = {name: value for name, value in right.items() if name not in ("ref", "address")}
    return answer.content.replace(item["id"].encode(), b""), _feed(town) - before, told


def _feed(town: Town) -> int:
    """How much the kiosk was ever told."""
    with town.records.database.reading() as transaction:
        mine = 'SELECT COUNT(*) FROM changes WHERE "only" = :device'
        return int(transaction.connection.execute(sa.text(mine), {"device": town.kiosk.device_id}).scalar_one())


def _told_at_the_door(town: Town) -> tuple[Grant, ...]:
    """What a gate that is put up at the flat's door would hear."""
    building, unit, _ = DOOR
    return at_gates.snapshot(at_gates.at_unit(town.records, building, unit)).grants


# --- a copied slip ---------------------------------------------------------------------------------------------------


@pytest.fixture
def gates(town: Town, tmp_path: Path) -> Iterator[tuple[AtGate, AtGate]]:
    """The compound's, from where it takes twenty seconds to any other, and the unit's of the flat that Deng rents."""
    town.lives(DENG)
    clients = at_gates.at_compound(town.records), at_gates.at_unit(town.records, *DOOR[:2])
    with site(tmp_path / "site", "south", "unit") as there:
        there[0].sharing.slips.walk_s = 20
        yield AtGate(town, clients[0], there[0].up()), AtGate(town, clients[1], there[1].up())


def _slip(town: Town, gates: tuple[AtGate, AtGate]) -> str:
    """The square of a new slip of Deng's, of which both gates have heard."""
    number = len(town.deeds("slip-issued"))
    subject = town.kiosk.vouched(DENG, f"visit-slip-{number}")
    answer = town.kiosk.post(f"/v1/identifications/{subject}/slip", {"right": town.right(DENG).right_id})
    assert answer.status_code == 201, answer.text
    for gate in gates:
        gate.hears()
    return str(answer.json()["code"])


def test_a_copied_slip_ends_where_its_holder_shows_it_too(town: Town, gates: tuple[AtGate, AtGate]) -> None:
    """It is a bearer's: the copy opens until then. Its holder reads of it, officers see where, and a new one opens."""
    outside, unit = gates
    slip = _slip(town, gates)
    assert outside.shows(slip) is None
    outside.there.clock.pass_by(8)
    assert unit.shows(slip, 8) is None
    outside.there.sharing.tell_slips()
    for gate in gates:
        assert gate.shows(slip, 9) is Reason.CANCELLED
        gate.tells()
    assert town.told(DENG).count((MessageKind.CODE_TWICE, "slip")) == 1, "once, though two gates have told"
    with town.records.database.reading() as transaction:
        (alert,) = alerts.list_open(transaction)
    assert (alert.kind, alert.device_id) == ("code-twice", outside.client.device_id)
    assert _told_at_the_door(town) == ()
    another = _slip(town, gates)
    assert (outside.shows(another, 60), unit.shows(slip, 60)) == (None, Reason.UNKNOWN)


def test_a_copied_slip_opens_nothing_once_its_holder_has_a_new_one_or_says_that_it_is_lost(
    town: Town, gates: tuple[AtGate, AtGate]
) -> None:
    """Both at a kiosk, and at once: a right has one slip."""
    outside, unit = gates
    before, now = _slip(town, gates), _slip(town, gates)
    assert (outside.shows(before), unit.shows(before)) == (Reason.UNKNOWN, Reason.UNKNOWN)
    (slip,) = at_gates.open_ways(town.records, town.right(DENG), WayKind.SLIP)
    town.chooses(DENG, lost=(slip.way_id,))
    for gate in gates:
        gate.hears()
        assert gate.shows(now) is Reason.UNKNOWN


# --- a replayed phone code -------------------------------------------------------------------------------------------


def _square(town: Town, credential: str, key: ec.EllipticCurvePrivateKey, after_s: int = 0) -> str:
    """What the telephone's page shows so many seconds after NOW."""
    counter = phone_counter(NOW + timedelta(seconds=after_s))
    statement = phone_statement(town.records.settings.community, credential, counter)
    r, s = decode_dss_signature(key.sign(statement, ec.ECDSA(SHA256())))
    return PhoneCode(credential, counter, r.to_bytes(32, "big") + s.to_bytes(32, "big")).text


def test_a_replayed_phone_code_opens_nothing(town: Town, gates: tuple[AtGate, AtGate]) -> None:
    """Photographed at the gate that it opened, it opens that gate never again, also after a power cut; a minute later
    no other; and nobody makes the next one without the telephone's key."""
    outside, unit = gates
    key = ec.generate_private_key(ec.SECP256R1())
    credential = _phone(town, key)
    for gate in gates:
        gate.hears()
    square = _square(town, credential, key)
    assert outside.shows(square) is None
    assert outside.shows(square, 1) is Reason.REPLAYED
    outside.there.power_fails()
    assert outside.shows(square, HALF_MINUTE) is Reason.REPLAYED
    assert outside.shows(square, 3 * HALF_MINUTE) is Reason.REPLAYED
    assert unit.shows(square, 3 * HALF_MINUTE) is Reason.STALE_CODE
    forged = _square(town, credential, ec.generate_private_key(ec.SECP256R1()), 3 * HALF_MINUTE)
    assert outside.shows(forged, 3 * HALF_MINUTE) is Reason.UNKNOWN
    assert outside.shows(_square(town, credential, key, 3 * HALF_MINUTE), 3 * HALF_MINUTE) is None


def test_a_square_that_was_photographed_opens_another_gate_for_as_long_as_a_walk_between_them(
    town: Town, gates: tuple[AtGate, AtGate]
) -> None:
    """The stated price: its holder shows the same square at the compound and at their own door. Lost, none opens."""
    outside, unit = gates
    key = ec.generate_private_key(ec.SECP256R1())
    credential = _phone(town, key)
    for gate in gates:
        gate.hears()
    square = _square(town, credential, key)
    assert (outside.shows(square), unit.shows(square, HALF_MINUTE)) == (None, None)
    town.chooses(DENG, lost=(credential,))
    for gate in gates:
        gate.hears()
        assert gate.shows(_square(town, credential, key, 60), 60) is Reason.UNKNOWN


def _phone(town: Town, key: ec.EllipticCurvePrivateKey) -> str:
    """The page on Deng's telephone has become a way of theirs."""
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    right = town.right(DENG)
    way = desk.new(town.records, right.person_id, right.right_id, WayKind.PHONE, card_ref(spki))
    with town.records.database.writing() as transaction:
        stored_ways.add(transaction, way)
        deriving.renew(town.records, transaction, (right.person_id,))
    return way.way_id


# --- a passer-by's face ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> InsightFaceEngine:
    return face_engine()


@dataclass
class Spot:
    """A gate with a camera, and what was computed there."""

    there: GateThere
    engine: Watched
    street: Street
    faces: FaceAtGate
    enrol: EnrolFace


@pytest.fixture
def spot(tmp_path: Path, real: InsightFaceEngine) -> Iterator[Spot]:
    """It knows the face of a member; somebody else stands before its camera."""
    with site(tmp_path, "south") as (there,):
        there.model = real.model
        there.hears(right(MEMBER), right(PASSER, consent=0))
        portrait = real.portrait_vector((PORTRAITS / "person_b_1.jpg").read_bytes())
        assert not isinstance(portrait, PortraitProblem)
        vector = Face(real.model, portrait[None]).to_bytes()
        there.store.templates.put(Template(holder(MEMBER), vector, NOW, number(3000 + MEMBER)))
        engine, street = Watched(real), Street(subject("live:impostor_2"))
        faces = at_gate(engine, street, {}, Opinion())
        KnownFaces(there.store.templates, faces.gallery).refresh()
        enrol = EnrolFace(faces, there.store.templates, there.time.moment, faces.gallery.__contains__, lambda: None)
        yield Spot(there, engine, street, faces, enrol)


def test_of_a_passer_by_s_face_no_vector_ever_exists(spot: Spot) -> None:
    """They walk past, stand before the gate, and come in by a slip: no camera is opened and no model runs."""
    before = spot.there.faces()
    admitted = Admit(spot.there.store, spot.there.time.moment, Rules).present(Code(f"slip{PASSER}"))
    assert isinstance(admitted, Admitted)
    assert spot.enrol.consent(admitted) is None, "nobody is even asked who has not said yes at a kiosk"
    spot.there.sharing.tick()
    assert (spot.street.opened, spot.engine.found, spot.engine.made) == (0, 0, [])
    assert spot.there.faces() == before


def test_a_passer_by_who_asks_is_nobody_and_leaves_nothing(spot: Spot, caplog: pytest.LogCaptureFixture) -> None:
    """Who asks is compared, once: then pictures and vectors are gone from memory, and no table, report or word of a log
    has anything of them."""
    before = _tables(spot.there)
    assert isinstance(spot.faces.look(Event(), spot.street.hear), NoMatch)
    assert spot.engine.made, "there was something to forget"
    gone(spot.engine, spot.street)
    assert _tables(spot.there) == before
    assert (spot.faces.gallery.vectors, caplog.text) == (1, "")


def _tables(there: GateThere) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the gate's store."""
    database = there.store.database
    names = [name for (name,) in database.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: [tuple(row) for row in database.query(f"SELECT * FROM {name}")] for name in names}  # noqa: S608
