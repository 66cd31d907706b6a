"""A whole gate but for its window: a real records service, a real door on a bus, real card and code readers."""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind
from backend_client.contract.intakes import NewCard
from backend_client.contract.tenancies import WayKind
from backend_client.device_files import DeviceIdentity
from civic.clock import SystemClock
from civic.flow import Event
from civic.gate_codes import PhoneCode, card_ref, code_ref, guest_digits, phone_counter, phone_statement, slip_code
from devices.access_card.api import CardKey
from gate.conductor import Conductor
from gate.flows import states as s
from gate.flows.terminal import Presented
from records.context import Records
from records.installation import open_existing
from records.services.devices import revoke
from records.services.gates import deriving, doors
from records.services.gates import ways as desk
from records.store import ways as stored_ways
from records.store.rights import RightRow
from simulators.access_card.cards import key_of
from simulators.street import Street, street
from terminal.store.audit import Audit
from terminal.store.errors import StoreUnwritableError
from tests.support.at_gates import give, open_ways, take
from tests.support.gate_room import PassingClock, Room, configured, room
from tests.support.records_server import RecordsServer, free_port, running_records

SLIP = slip_code(bytes(range(16)))
PHONE = ec.derive_private_key(20261123, ec.SECP256R1())
GUEST = "24681357"
LAST_DAYS = 200  # longer than a device's certificate and a policy last


@dataclass
class Site:
    """Records with one tenant's right, and a gate that has heard of it."""

    server: RecordsServer
    records: Records
    right: RightRow
    identity: DeviceIdentity
    street: Street
    room: Room
    folder: Path

    def give_way(self, kind: WayKind, ref: str, **more: object) -> None:
        """Gates hear of another way in."""
        with self.records.database.writing() as transaction:
            row = desk.new(self.records, self.right.person_id, self.right.right_id, kind, ref)
            stored_ways.add(transaction, replace(row, **more))  # type: ignore[arg-type]
            deriving.renew(self.records, transaction, (self.right.person_id,))

    def told(self, kind: WayKind, ref: str) -> None:
        """Wait until the gate has it."""
        self.room.hears()
        self.room.until(lambda: self.room.gate.tidy.store.ways.by_ref(ref, kind), f"{kind} over the feed")


def _card(name: str) -> NewCard:
    return NewCard(public_key=_written(key_of(name)), label="19AF")


def _written(key: ec.EllipticCurvePrivateKey) -> str:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return card_ref(spki)


def _square(community: str, way: str) -> str:
    """What the telephone shows now."""
    counter = phone_counter(datetime.now(UTC))
    r, s = decode_dss_signature(PHONE.sign(phone_statement(community, way, counter), ec.ECDSA(SHA256())))
    return PhoneCode(way, counter, r.to_bytes(32, "big") + s.to_bytes(32, "big")).text


def _no_room(*_: object, **__: object) -> None:
    raise StoreUnwritableError("FullError")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running_records(folder) as server, street(folder / "sim") as around:
        identity = server.enrol(DeviceKind.GATE)
        records = open_existing(server.folder, SystemClock())
        doors.assign(records, identity.device_id, DoorKind.COMPOUND, face=False)
        today = datetime.now(UTC).date()
        right = give(records, starts_on=today, ends_on=today + timedelta(days=LAST_DAYS))
        take(records, right, card=_card("deng"))
        sharing: dict[str, object] = {"host": "127.0.0.1", "port": free_port(), "walk_s": 25}
        with room(configured(folder / "gate", server, identity, around.folder, sharing=sharing)) as made:
            made.until(made.gate.tidy.store.grants.count, "the snapshot", 25)
            made.until(lambda: made.gate.watch.reasons().get("door") == "ok", "the door")
            made.is_at(s.Idle)
            yield Site(server, records, right, identity, around, made, folder)
        records.database.close()


@pytest.fixture
def at_rest(site: Site) -> Site:
    """Nobody is there."""
    site.street.lay("none")
    site.street.show("none")
    site.room.rests()
    site.room.is_at(s.Idle)
    return site


def test_a_slip_s_square_opens_from_the_first_minute_on(at_rest: Site) -> None:
    """What somebody carries home from the kiosk, over the feed to the door; the site's other gates are told that it was
    shown, also where no gate has a camera."""
    at_rest.give_way(WayKind.SLIP, code_ref(SLIP), until=datetime.now(UTC) + timedelta(days=7))
    at_rest.told(WayKind.SLIP, code_ref(SLIP))
    before = len(at_rest.street.strikes())
    at_rest.street.show(SLIP.text)
    at_rest.room.until(lambda: at_rest.street.opens(before + 1), "the strike")
    at_rest.room.is_at(s.Opened)
    assert len(at_rest.street.strikes()) == before + 1
    share = at_rest.room.gate.share
    assert share is not None
    assert (share.slips.walk_s, len(share.slips._here)) == (25, 1)


def test_a_tenant_s_card_opens_the_door_at_once(at_rest: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the card's proof to the controller's relay: no queue, no frame, no question to records."""
    read: list[float] = []
    dispatch = Conductor.dispatch

    def stamped(self: Conductor, event: Event) -> None:
        if isinstance(event, Presented):
            read.append(time.monotonic())
        dispatch(self, event)

    monkeypatch.setattr(Conductor, "dispatch", stamped)
    before = len(at_rest.street.strikes())
    at_rest.street.lay("deng")
    at_rest.room.is_at(s.Opened)
    at_rest.room.until(lambda: at_rest.street.opens(before + 1), "the strike")
    strike = at_rest.street.strikes()[-1]
    took = strike["at"] - read[0]
    print(f"from proof to relay: {took * 1000:.0f} ms")
    assert took < 0.5
    assert strike["seconds"] == at_rest.room.gate.link.policy.last().gate.strike_s  # type: ignore[union-attr]


def test_a_stranger_s_card_is_refused_in_the_one_sentence(at_rest: Site) -> None:
    """As whatever else opens nothing; the strike is told nothing."""
    before = len(at_rest.street.strikes())
    at_rest.street.lay("neighbour")
    at_rest.room.is_at(s.Refused)
    refused = at_rest.room.screen.view
    at_rest.street.lay("none")
    at_rest.street.show("a square of somebody's parcel")
    at_rest.room.rests()
    at_rest.room.is_at(s.Refused)
    assert at_rest.room.screen.view == refused
    assert len(at_rest.street.strikes()) == before
    assert at_rest.room.gate.watch.reasons()["refused-unknown"] == "2"


def test_a_guest_s_code_opens_by_the_scanner_and_by_hand(at_rest: Site) -> None:
    """Eight digits, on its day."""
    today = datetime.now(UTC)
    span = {"starts_at": today - timedelta(hours=1), "until": today + timedelta(hours=8)}
    at_rest.give_way(WayKind.GUEST, code_ref(guest_digits(int(GUEST))), **span)
    at_rest.told(WayKind.GUEST, code_ref(GUEST))
    before = len(at_rest.street.strikes())
    at_rest.street.show(f"LG1D.{GUEST}")
    at_rest.room.until(lambda: at_rest.street.opens(before + 1), "by the scanner")
    at_rest.room.rests()
    for action in ("type", *(f"key:{digit}" for digit in GUEST), "key-done"):
        at_rest.room.gate.conductor.act(action)
    at_rest.room.until(lambda: at_rest.street.opens(before + 2), "by hand")
    assert len(at_rest.street.strikes()) == before + 2


def test_a_telephone_s_square_opens_once(at_rest: Site) -> None:
    """The same half minute again is a copy."""
    at_rest.give_way(WayKind.PHONE, _written(PHONE))
    at_rest.told(WayKind.PHONE, _written(PHONE))
    (way,) = open_ways(at_rest.records, at_rest.right, WayKind.PHONE)
    community = at_rest.room.gate.link.policy.last().community_id  # type: ignore[union-attr]
    text = _square(community, way.way_id)
    before = len(at_rest.street.strikes())
    at_rest.street.show(text)
    at_rest.room.until(lambda: at_rest.street.opens(before + 1), "the strike")
    at_rest.street.show("another square")  # else it is the one that is held there still
    at_rest.room.is_at(s.Refused)
    at_rest.street.show(text)
    at_rest.room.until(lambda: "refused-replayed" in at_rest.room.gate.watch.reasons(), "the copy")
    assert len(at_rest.street.strikes()) == before + 1


def test_a_card_that_was_lost_opens_nothing_within_seconds(at_rest: Site) -> None:
    """It is told at a kiosk; the gate hears a hint."""
    other = _card("lan")
    take(at_rest.records, at_rest.right, card=other)
    at_rest.told(WayKind.CARD, other.public_key)
    lost = [each for each in open_ways(at_rest.records, at_rest.right, WayKind.CARD) if each.ref == other.public_key]
    told = time.monotonic()
    take(at_rest.records, at_rest.right, lost=(lost[0].way_id,))
    ways = at_rest.room.gate.tidy.store.ways
    at_rest.room.until(lambda: not ways.by_ref(other.public_key, WayKind.CARD), "the hint", 6)
    print(f"from lost to shut: {time.monotonic() - told:.1f} s")
    before = len(at_rest.street.strikes())
    at_rest.street.lay("lan")
    at_rest.room.is_at(s.Refused)
    assert len(at_rest.street.strikes()) == before


def test_a_fire_lets_everybody_out_and_what_the_door_reports_is_counted(at_rest: Site) -> None:
    """The controller opens by itself; the screen says so. A door that was forced is counted, an exit is not."""
    at_rest.street.door(fire="alarm")
    at_rest.room.is_at(s.Emergency)
    at_rest.street.lay("deng")
    at_rest.street.door(fire="quiet")
    at_rest.room.is_at(s.Idle)
    at_rest.street.door(exit="pressed")
    at_rest.street.door(exit="released", contact="closed")
    counted = at_rest.room.gate.watch
    at_rest.room.until(lambda: counted.reasons().get("door-fire") == "1", "the count")
    assert not [name for name in counted.reasons() if "exit" in name]
    devices = at_rest.server.rows("SELECT last_state FROM devices WHERE device_id = :id", id=at_rest.identity.device_id)
    assert "deng" not in str(devices).lower()


def test_a_bus_that_is_cut_is_said_and_the_next_card_opens_again(at_rest: Site) -> None:
    """Nothing that was asked for meanwhile happens later."""
    before = len(at_rest.street.strikes())
    at_rest.street.state.set("door", "line-cut")
    at_rest.room.is_at(s.DoorOffline)
    at_rest.street.lay("deng")
    at_rest.street.state.set("door", "ok")
    at_rest.room.is_at(s.Idle)
    assert len(at_rest.street.strikes()) == before
    at_rest.street.lay("none")
    time.sleep(0.2)
    at_rest.street.lay("deng")
    at_rest.room.until(lambda: at_rest.street.opens(before + 1), "the strike")


def test_what_became_of_ways_is_told_to_records(at_rest: Site) -> None:
    """The card has opened: the slip's work is done. Signed by the gate's key, and no word of a pass."""
    store = at_rest.room.gate.tidy.store
    at_rest.room.until(lambda: not store.reports.waiting(), "the receipts")
    assert store.passes.count() > 0


def test_a_gate_that_was_revoked_forgets_everybody(site: Site) -> None:
    """Within seconds, and after a restart."""
    identity = site.server.enrol(DeviceKind.GATE)
    doors.assign(site.records, identity.device_id, DoorKind.COMPOUND, face=False)
    settings = configured(site.folder / "revoked", site.server, identity, site.folder / "nothing")
    with room(settings) as other:
        other.until(other.gate.tidy.store.grants.count, "the snapshot", 25)
        revoke(site.records, identity.device_id)
        other.gate.link.look()
        other.until(lambda: isinstance(other.at, s.OutOfService), "暂停使用")
        assert other.gate.tidy.store.grants.count() == 0
        assert other.gate.tidy.store.grants.door() is None
    with room(settings) as again:
        again.is_at(s.OutOfService)


def test_without_a_network_the_gate_goes_on_and_a_right_ends_by_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts without one too, within five seconds, and lets the tenant in, also when its own certificate and the
    policy are over, and the disk is full; after the grace it does not."""
    identity = site.server.enrol(DeviceKind.GATE)
    doors.assign(site.records, identity.device_id, DoorKind.COMPOUND, face=False)
    settings = configured(site.folder / "alone", site.server, identity, site.folder / "nothing")
    with room(settings) as first:
        first.until(first.gate.tidy.store.grants.count, "the snapshot", 25)
        first.until(lambda: first.gate.link.answers, "records' time")
    site.server.stop()
    clock, began = PassingClock(), time.monotonic()
    with room(settings, clock) as alone:
        took = time.monotonic() - began
        passage = alone.gate.conductor._desks.passage
        card = CardKey(base64.b64decode(_written(key_of("deng"))))
        assert type(passage.decide(card)).__name__ == "Admitted"
        print(f"composed in {took:.2f} s")
        assert took < 5
        clock.added = timedelta(days=LAST_DAYS + 5)
        assert passage.decide(card).in_grace  # type: ignore[union-attr]
    monkeypatch.setattr(Audit, "append", _no_room)
    with room(settings, clock) as later:
        later.gate.renewal.tick()
        assert later.gate.renewal.days_left() < 0  # type: ignore[operator]
        assert later.gate.link.policy.current() is None
        assert later.gate.watch.out_of_service() == ""
        passage = later.gate.conductor._desks.passage
        assert passage.decide(card).in_grace  # type: ignore[union-attr]
        clock.added = timedelta(days=LAST_DAYS + 9)
        assert str(passage.decide(card).reason) == "over"  # type: ignore[union-attr]
