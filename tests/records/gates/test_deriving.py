"""Who hears of what: a right with a way is told to the gates whose doors it opens, and ends there by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from backend_client.contract.changes import Topic
from backend_client.contract.devices import DeviceKind
from backend_client.contract.policy import GateRules
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.rules import grants as rules
from records.rules.grants import Term, Way
from records.services import devices as trust
from records.services.gates import deriving, in_force, snapshot
from records.store import audit, changes, grants
from tests.support import at_gates
from tests.support.at_gates import LAST, TODAY, change, cursor, give, grants_heard, heard, new_card, take
from tests.support.clocks import StillClock
from tests.support.records_client import LAN, KioskClient

GRACE = timedelta(days=7)


def test_a_card_is_told_to_the_gates_of_ones_own_doors_alone(records: Records, kiosk: KioskClient) -> None:
    """The community's gate and the unit's; another unit's gate and a kiosk hear nothing, and nobody a name."""
    outside, own, other = at_gates.at_compound(records), at_gates.at_unit(records), at_gates.at_unit(records, "6")
    devices = (outside, own, other, kiosk)
    since = [cursor(each) for each in devices]
    right = give(records)
    assert take(records, right, card=new_card()) == ()
    told = [grants_heard(device, at) for device, at in zip(devices, since, strict=True)]
    (grant,) = told[0]
    assert grant is not None
    assert told == [[grant], [grant], [], []]
    assert (grant.starts_on, grant.ends_on, grant.grace_until) == (TODAY, LAST, LAST + GRACE)
    assert [each.kind for each in grant.ways] == [WayKind.CARD]
    assert right.person_id not in grant.model_dump_json()
    assert right.right_id not in grant.model_dump_json()


def test_what_did_not_change_is_told_nobody(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    since = cursor(gate)
    with records.database.writing() as transaction:
        assert deriving.renew(records, transaction, (right.person_id, right.person_id, "")) == 0
    assert heard(gate, since) == []


def test_a_renewal_and_its_waiting_lengthen_the_grant(records: Records) -> None:
    """Each is a next revision of the same grant."""
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    since = cursor(gate)
    change(records, right, hold_until=LAST + timedelta(days=20))
    change(records, right, hold_until=None, ends_on=LAST + timedelta(days=365))
    held, renewed = grants_heard(gate, since)
    assert held is not None
    assert renewed is not None
    assert (held.revision, held.ends_on, held.grace_until) == (2, LAST, LAST + timedelta(days=20))
    assert (renewed.id, renewed.revision, renewed.ends_on) == (held.id, 3, LAST + timedelta(days=365))


def test_what_waits_for_a_yes_opens_nothing_and_keeps_its_ways(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records, began_at=None)
    since = cursor(gate)
    take(records, right, card=new_card())
    assert heard(gate, since) == []
    change(records, right, began_at=records.clock.now())
    assert len(grants_heard(gate, since)) == 1


def test_a_right_that_ends_is_over_at_once_and_so_are_its_ways(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    since = cursor(gate)
    change(records, right, ended_at=records.clock.now(), ended_why="departure")
    assert grants_heard(gate, since) == [None]
    assert at_gates.open_ways(records, right) == []
    assert at_gates.snapshot(gate).count == 0


def test_past_its_grace_a_grant_is_swept_and_stood_in_no_snapshot_before(records: Records, clock: StillClock) -> None:
    """The gate knows the day itself; records tell it afterwards, once."""
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    since = cursor(gate)
    clock.at = datetime(2026, 12, 7, 15, 59, tzinfo=UTC)  # the last minute of the grace at the bureau
    assert at_gates.snapshot(gate).count == 1
    assert deriving.sweep(records) == 0
    clock.pass_by(120)
    assert at_gates.snapshot(gate).count == 0
    assert (deriving.sweep(records), deriving.sweep(records)) == (1, 0)
    assert grants_heard(gate, since) == [None]
    assert at_gates.open_ways(records, right) == []


def test_an_owner_has_no_end(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records, ends_on=None, tenancy_id="")
    take(records, right, card=new_card())
    (grant,) = at_gates.snapshot(gate).grants
    assert (grant.ends_on, grant.grace_until) == (None, None)


def test_two_people_of_one_flat_have_two_holders_and_one_person_one(records: Records) -> None:
    gate = at_gates.at_compound(records)
    mine, second, hers = give(records), give(records, tenancy_id="u" * 32), give(records, LAN)
    for right in (mine, second, hers):
        take(records, right, card=new_card())
    holders = [each.holder for each in at_gates.snapshot(gate).grants]
    assert (len(holders), len(set(holders))) == (3, 2)


def test_a_snapshot_is_signed_counted_and_the_same_until_something_changes(records: Records) -> None:
    gate, right = at_gates.at_unit(records), give(records)
    take(records, right, card=new_card())
    answer = gate.get("/v1/gates/self/snapshot")
    stated = at_gates.snapshot(gate)
    assert (stated.count, stated.door.building, stated.door.name.zh) == (1, "5", "5幢1单元门")
    assert stated.digest == snapshot.digest((each.id, each.revision) for each in stated.grants)
    again = gate.ask("/v1/gates/self/snapshot", {"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    take(records, right, card=new_card())
    assert gate.ask("/v1/gates/self/snapshot", {"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_a_gate_that_stands_nowhere_is_told_nothing(records: Records) -> None:
    gate, right = KioskClient(records, DeviceKind.GATE), give(records)
    since = cursor(gate)
    take(records, right, card=new_card())
    assert heard(gate, since) == []
    assert gate.get("/v1/gates/self/snapshot").json()["code"] == "not-found"


def test_a_revoked_gate_hears_nothing_and_nothing_is_told_for_it(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    trust.revoke(records, gate.device_id)
    take(records, right, card=new_card())
    assert gate.get("/v1/gates/self/snapshot").json()["code"] == "device-revoked"
    with records.database.reading() as transaction:
        told = changes.after(transaction, 0, 100, (Topic.GRANT,))
    assert told == []


def test_other_days_of_grace_are_derived_anew_and_every_gate_reads_a_snapshot(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    deriving.follow_policy(records)
    since = cursor(gate)
    assert not deriving.follow_policy(records)
    changed = GateRules(grace_days=0)
    monkeypatch.setattr(in_force, "rules", lambda _transaction: changed)
    assert deriving.follow_policy(records)
    assert [(each["topic"], each["ref"]) for each in heard(gate, since)] == [("gates", gate.device_id)]
    (grant,) = at_gates.snapshot(gate).grants
    assert (grant.grace_until, grant.revision) == (LAST, 2)


def test_what_is_told_stands_in_the_audit_without_a_name(records: Records) -> None:
    at_gates.at_compound(records)
    right = give(records)
    take(records, right, card=new_card())
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) is None
        rows = grants.of_person(transaction, right.person_id)
    assert [each.revision for each in rows] == [1]


def test_a_grant_without_ways_is_none_and_a_long_list_keeps_the_newest() -> None:
    """Pure: a guest's code belongs to no right's grant."""
    term = Term(TODAY, LAST)
    assert rules.of_right("h" * 32, term, (), 7) is None
    guest = Way("a" * 32, WayKind.GUEST, "ref")
    assert rules.of_right("h" * 32, term, (guest,), 7) is None
    many = [Way(f"{number:032x}", WayKind.CARD, "ref") for number in range(50)]
    grant = rules.of_right("0" * 32, term, many, 7)
    assert grant is not None
    assert [each.id for each in grant.ways][-1] == f"{49:032x}"
    assert len(grant.ways) == 40
