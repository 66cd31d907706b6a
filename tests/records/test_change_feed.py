"""Whatever becomes void, in force or revoked stands in the feed, in the transaction that made it so."""

from datetime import timedelta

import pytest

from backend_client.contract.changes import Topic
from backend_client.contract.papers import VoidReason
from records.context import Records
from records.services import devices as trust
from records.services import policy
from records.services.papers import void_by_officer
from records.store import changes
from records.store.changes import ChangeRow
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient, new_key


def _fed(records: Records) -> list[tuple[str, str, str]]:
    """Return (topic, ref, only) of the whole feed but for the first policy."""
    with records.database.reading() as transaction:
        rows = changes.after(transaction, 0, 1000, tuple(Topic))
    return [(row.topic.value, row.ref, row.only) for row in rows][1:]


def test_a_paper_that_its_kiosk_voids_is_told_once(records: Records, kiosk: KioskClient) -> None:
    """However often it is said."""
    serial = kiosk.reserved()["serial"]
    for _ in range(2):
        assert kiosk.void(serial).status_code == 200
    assert _fed(records) == [("paper-void", serial, "")]


def test_a_reservation_that_is_voided_by_its_key_is_told(records: Records, kiosk: KioskClient) -> None:
    """A key that reserved nothing voids no serial."""
    key = new_key()
    serial = kiosk.reserve(kiosk.prove(), key).json()["serial"]
    assert kiosk.void_reservation(key).status_code == 200
    assert kiosk.void_reservation(new_key()).status_code == 200
    assert _fed(records) == [("paper-void", serial, "")]


def test_a_paper_that_an_officer_voids_is_told(records: Records, kiosk: KioskClient) -> None:
    """A second time it is void already."""
    serial = kiosk.reserved()["serial"]
    for _ in range(2):
        void_by_officer(records, serial, VoidReason.OFFICER)
    assert _fed(records) == [("paper-void", serial, "")]


def test_a_revoked_device_is_told_alone_and_its_open_papers_everybody(records: Records, kiosk: KioskClient) -> None:
    """Its open serials become void with it."""
    serial = kiosk.reserved()["serial"]
    trust.revoke(records, kiosk.device_id)
    assert _fed(records) == [("device", kiosk.device_id, kiosk.device_id), ("paper-void", serial, "")]


def test_a_new_policy_is_told(records: Records, clock: StillClock) -> None:
    """When half of the last one's life is over."""
    clock.pass_by(60 * 86_400)
    assert _fed(records) == []
    version = policy.current(records).version
    assert _fed(records) == [("policy", str(version), "")]


def test_what_is_rolled_back_was_never_there(records: Records) -> None:
    """Neither the change nor its place."""
    with pytest.raises(ZeroDivisionError):
        _append_and_fail(records)
    _append(records, "here")
    with records.database.reading() as transaction:
        rows = changes.after(transaction, 1, 10, [Topic.PAPER_VOID])
    assert rows == [ChangeRow(2, Topic.PAPER_VOID, "here", "", {"n": 1}, records.clock.now())]


def test_old_changes_are_forgotten_from_the_beginning_on(records: Records, clock: StillClock) -> None:
    """And where the feed begins now is known."""
    for number in range(4):
        clock.pass_by(86_400)
        _append(records, f"serial {number}")
    with records.database.writing() as transaction:
        gone = changes.forget(transaction, clock.now() - timedelta(days=2), most=1000)
    assert gone == 2  # the first policy, and the first of the four
    with records.database.reading() as transaction:
        held, rows = changes.extent(transaction), changes.after(transaction, 0, 10, tuple(Topic))
    assert [row.ref for row in rows] == ["serial 1", "serial 2", "serial 3"]
    assert (held.forgotten, held.last) == (2, 5)


def test_of_too_many_changes_the_newest_stay(records: Records) -> None:
    """In bites: no writer waits long."""
    for number in range(9):
        _append(records, f"serial {number}")
    gone: list[int] = []
    while not gone or gone[-1]:
        with records.database.writing() as transaction:
            gone.append(changes.forget(transaction, records.clock.now() - timedelta(days=1), most=3, chunk=4))
    assert gone == [4, 3, 0]
    with records.database.reading() as transaction:
        assert [row.place for row in changes.after(transaction, 0, 10, tuple(Topic))] == [8, 9, 10]


def _append_and_fail(records: Records) -> None:
    with records.database.writing() as transaction:
        changes.append(transaction, Topic.PAPER_VOID, "gone", at=records.clock.now())
        raise ZeroDivisionError


def _append(records: Records, ref: str) -> None:
    with records.database.writing() as transaction:
        changes.append(transaction, Topic.PAPER_VOID, ref, {"n": 1}, at=records.clock.now())
