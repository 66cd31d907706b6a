"""Encrypted files: before what names them, by their hash, and gone some days later if nothing does."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from backend_client.contract.devices import DeviceKind
from backend_client.contract.intakes import LARGEST_BLOB
from records.context import Records
from records.sections import IntakeSettings
from records.services import blobs as service
from records.services import retention
from records.store import blobs
from records.store.blobs import LEAST_COUNTED
from tests.support.clocks import StillClock
from tests.support.intakes import Outbox, put, residence, rules_of, send
from tests.support.records_client import KioskClient

A_DAY = 24 * 3600


def _file(size: int = 200_000) -> tuple[str, bytes]:
    content = os.urandom(size)
    return hashlib.sha256(content).hexdigest(), content


def _kept(records: Records, sha256: str) -> bytes | None:
    with records.database.reading() as transaction:
        return blobs.content(transaction, sha256)


@pytest.mark.parametrize("size", [0, 1, 200_000, LARGEST_BLOB])
def test_a_file_is_kept_once(kiosk: KioskClient, records: Records, size: int) -> None:
    """Byte for byte; sent again, it was here."""
    sha256, content = _file(size)
    assert [put(kiosk, sha256, content).status_code for _ in range(2)] == [201, 200]
    assert _kept(records, sha256) == content


def test_a_file_that_is_not_what_its_hash_says_is_refused(kiosk: KioskClient, records: Records) -> None:
    """Cut off on its way, or altered: nothing of it stays."""
    sha256, content = _file()
    for broken in (content[:-1], content + b"x", b""):
        answer = put(kiosk, sha256, broken)
        assert (answer.status_code, answer.json()["code"]) == (422, "blob-mismatch")
    assert _kept(records, sha256) is None


def test_a_file_that_is_too_large_is_refused(kiosk: KioskClient, records: Records) -> None:
    sha256, content = _file(LARGEST_BLOB + 1)
    answer = put(kiosk, sha256, content)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert _kept(records, sha256) is None


@pytest.mark.parametrize("name", ["A" * 64, "a" * 63, "x" * 64, "%2e%2e"])
def test_a_name_is_a_hash(kiosk: KioskClient, name: str) -> None:
    assert put(kiosk, name, b"x").status_code in {404, 422}


def test_an_intake_waits_for_its_files_and_then_is_taken(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    outbox = Outbox(rules_of(records), clock.now())
    (first, one), (second, two) = _file(), _file()
    item = outbox.item(residence(), [first, second])
    assert send(kiosk, [item]) == [("held", "blob-missing")]
    put(kiosk, first, one)
    assert send(kiosk, [item]) == [("held", "blob-missing")]
    put(kiosk, second, two)
    assert send(kiosk, [item, item]) == [("accepted", None), ("duplicate", None)]


def test_what_nothing_names_goes_after_a_week_and_what_is_named_stays(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """A file that is sent or named anew has another week."""
    outbox = Outbox(rules_of(records), clock.now())
    (named, one), (left, two), (again, three) = _file(), _file(), _file()
    for sha256, content in ((named, one), (left, two), (again, three)):
        put(kiosk, sha256, content)
    send(kiosk, [outbox.item(residence(), [named])])
    clock.pass_by(6 * A_DAY)
    assert put(kiosk, again, three).status_code == 200
    clock.pass_by(A_DAY + 1)
    assert retention.tidy(records) == {"blobs": 1}
    assert [_kept(records, each) is not None for each in (named, left, again)] == [True, False, True]
    assert put(kiosk, left, two).status_code == 201


def test_the_files_of_an_intake_go_with_it(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    sha256, content = _file()
    put(kiosk, sha256, content)
    send(kiosk, [Outbox(rules_of(records), clock.now()).item(residence(), [sha256])])
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.text("UPDATE intakes SET state = 'refused', decided_at = received_at"))
    clock.pass_by(1100 * A_DAY)
    deleted = retention.tidy(records)
    assert (deleted["intakes"], deleted["blobs"]) == (1, 1)


def _with_room(records: Records, own: int, in_all: int) -> KioskClient:
    """A kiosk of records that take so many small files of each device, and of all."""
    small = LEAST_COUNTED / 2**20
    less: dict[str, Any] = {"files_mib": own * small, "files_mib_in_all": in_all * small}  # than settings may say
    room = IntakeSettings.model_construct(**less)
    return KioskClient(replace(records, settings=records.settings.model_copy(update={"intakes": room})))


def test_one_device_sends_so_much_until_officers_have_decided(records: Records) -> None:
    """An intake that names them makes no room by itself: only an officer does."""
    kiosk, files = _with_room(records, 2, 9), [_file(1000) for _ in range(3)]
    assert [put(kiosk, *each).status_code for each in files] == [201, 201, 507]
    send(kiosk, [Outbox(rules_of(records), records.clock.now()).item(residence(), [files[0][0]])])
    assert put(kiosk, *files[2]).status_code == 507
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.text("UPDATE intakes SET state = 'refused', decided_at = received_at"))
    assert put(kiosk, *files[2]).status_code == 201


def test_of_all_devices_together_there_is_so_much_room(records: Records) -> None:
    """Or there would be no backup any more."""
    kiosks = [_with_room(records, 9, 3) for _ in range(2)]
    assert [put(kiosks[n % 2], *_file(1000)).status_code for n in range(4)] == [201, 201, 201, 507]


def test_the_same_file_from_many_at_once_is_kept_once(records: Records, kiosk: KioskClient) -> None:
    sha256, content = _file(1000)
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda _: service.keep(records, kiosk.device, sha256, content), range(8)))
    assert sorted(new) == [False] * 7 + [True]


def test_a_gate_sends_no_files(records: Records) -> None:
    sha256, content = _file(10)
    answer = put(KioskClient(records, DeviceKind.GATE), sha256, content)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
