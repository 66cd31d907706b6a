"""The feed as devices read it: pages behind cursors that only these records write, and a signed snapshot."""

import base64
import hashlib
import json
import random
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import load_pem_x509_certificate

from backend_client.contract.changes import Topic
from backend_client.contract.devices import DeviceKind
from backend_client.contract.papers import VoidReason
from records import installation
from records.context import Records
from records.services import changes as feed
from records.services import policy
from records.services.papers import void_by_officer
from records.store import changes, policies
from records.store.policies import PolicyRow
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient
from tests.support.records_server import quick_settings, rules_with, write_settings


def _tell(records: Records, *refs: str, topic: Topic = Topic.PAPER_VOID, only: str = "") -> None:
    with records.database.writing() as transaction:
        for ref in refs:
            changes.append(transaction, topic, ref, at=records.clock.now(), only=only)


def _snapshot(kiosk: KioskClient) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(base64.b64decode(kiosk.get("/v1/changes/snapshot").json()["payload"]))
    return stated


def _page(kiosk: KioskClient, cursor: str, limit: int = 500) -> dict[str, Any]:
    answer = kiosk.get(f"/v1/changes?cursor={cursor}&limit={limit}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def _refs(page: dict[str, Any]) -> list[str]:
    return [item["ref"] for item in page["items"]]


def test_a_device_that_follows_hears_everything_once(records: Records, kiosk: KioskClient) -> None:
    """In pages, in order; at the end there is nothing more, until there is."""
    cursor = _snapshot(kiosk)["cursor"]
    _tell(records, *"abcde")
    first = _page(kiosk, cursor, limit=3)
    assert (_refs(first), first["more"]) == (["a", "b", "c"], True)
    second = _page(kiosk, first["cursor"], limit=3)
    assert (_refs(second), second["more"]) == (["d", "e"], False)
    assert _refs(_page(kiosk, second["cursor"])) == []
    _tell(records, "f")
    assert _refs(_page(kiosk, second["cursor"])) == ["f"]


def test_what_is_for_another_device_is_not_told(records: Records, kiosk: KioskClient) -> None:
    """Nor does a gate hear of papers. What was passed over is passed for good."""
    gate = KioskClient(records, DeviceKind.GATE)
    at_kiosk, at_gate = _snapshot(kiosk)["cursor"], _snapshot(gate)["cursor"]
    _tell(records, "serial")
    _tell(records, "kiosk's own", topic=Topic.INTAKE, only=kiosk.device_id)
    _tell(records, "gate's own", topic=Topic.DEVICE, only=gate.device_id)
    heard = _page(kiosk, at_kiosk)
    assert _refs(heard) == ["serial", "kiosk's own"]
    assert _refs(_page(gate, at_gate)) == ["gate's own"]
    assert heard["cursor"] == _page(gate, at_gate)["cursor"]


@pytest.mark.parametrize("made_up", ["x", "A" * 48, "é" * 8, "a b", "AAAA=AAA"])
def test_a_cursor_that_was_not_given_out_is_no_cursor(kiosk: KioskClient, made_up: str) -> None:
    """Whether it looks like one or does not."""
    answer = kiosk.get(f"/v1/changes?cursor={made_up}")
    assert answer.json()["code"] in {"validation", "cursor-expired"}


def test_a_cursor_moved_by_one_place_is_refused(kiosk: KioskClient) -> None:
    """Its seal is a keyed hash over the place."""
    raw = bytearray(base64.urlsafe_b64decode(_snapshot(kiosk)["cursor"]))
    raw[19] ^= 1  # the last byte of the place
    answer = kiosk.get(f"/v1/changes?cursor={base64.urlsafe_b64encode(raw).decode()}")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


def test_without_a_cursor_the_snapshot_comes_first(kiosk: KioskClient) -> None:
    """What was void before the feed began stands there alone."""
    assert kiosk.get("/v1/changes").json()["code"] == "cursor-expired"


def test_a_cursor_of_another_installation_is_expired(kiosk: KioskClient, tmp_path: Path) -> None:
    """Records made anew know nothing of the old ones' places."""
    other = tmp_path / "other"
    other.mkdir()
    write_settings(other, quick_settings(), rules_with())
    elsewhere = installation.prepare(other, StillClock(), lambda _: None)
    cursor = feed.head(elsewhere)
    elsewhere.database.close()
    answer = kiosk.get(f"/v1/changes?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor-expired")


def test_a_cursor_behind_which_something_was_forgotten_is_expired(records: Records, kiosk: KioskClient) -> None:
    """One at the very edge is not: nothing that follows it is gone."""
    old = _snapshot(kiosk)["cursor"]
    _tell(records, "a", "b")
    edge = _page(kiosk, old, limit=1)["cursor"]
    _tell(records, "c")
    with records.database.writing() as transaction:
        changes.forget(transaction, records.clock.now(), most=2)
    assert kiosk.get(f"/v1/changes?cursor={old}").json()["code"] == "cursor-expired"
    assert _refs(_page(kiosk, edge)) == ["b", "c"]


def test_after_a_backup_was_put_back_no_earlier_cursor_holds(records: Records, kiosk: KioskClient) -> None:
    """The places behind it are given a second time, to other changes."""
    cursor = _snapshot(kiosk)["cursor"]
    with records.database.writing() as transaction:
        changes.begin_anew(transaction)
    assert kiosk.get(f"/v1/changes?cursor={cursor}").json()["code"] == "cursor-expired"
    assert _refs(_page(kiosk, _snapshot(kiosk)["cursor"])) == []


def test_a_snapshot_states_every_void_paper_and_is_signed(records: Records, kiosk: KioskClient) -> None:
    """As policies are; its digest is over the sorted serials, one a line."""
    serials = sorted(kiosk.reserved(visit=f"visit-000{number}")["serial"] for number in (1, 2))
    for serial in serials:
        void_by_officer(records, serial, VoidReason.OFFICER)
    answer = kiosk.get("/v1/changes/snapshot").json()
    payload = base64.b64decode(answer["payload"])
    key = load_pem_x509_certificate(answer["certificate_pem"].encode()).public_key()
    assert isinstance(key, Ed25519PublicKey)
    key.verify(base64.b64decode(answer["signature"]), payload)
    stated = json.loads(payload)
    digest = hashlib.sha256("".join(f"{each}\n" for each in serials).encode()).hexdigest()
    assert (stated["voids"], stated["count"], stated["digest"]) == (serials, 2, digest)
    assert _page(kiosk, stated["cursor"])["items"] == []


def test_a_policy_that_comes_while_a_snapshot_is_made_is_in_it_or_behind_it(
    kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = policy.current

    def and_one_more(records: Records) -> PolicyRow:
        row = current(records)
        with records.database.writing() as transaction:
            policies.add(transaction, replace(row, version=row.version + 1))
            changes.append(transaction, Topic.POLICY, str(row.version + 1), at=records.clock.now())
        return row

    monkeypatch.setattr(policy, "current", and_one_more)
    stated = _snapshot(kiosk)
    heard = _refs(_page(kiosk, stated["cursor"]))
    assert (stated["policy_version"], heard) == (2, [])


def test_a_paper_that_would_be_over_anyway_is_in_no_snapshot(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    serial = kiosk.reserved()["serial"]
    void_by_officer(records, serial, VoidReason.OFFICER)
    assert _snapshot(kiosk)["voids"] == [serial]
    clock.pass_by(80 * 86_400)
    assert _snapshot(kiosk)["voids"] == []


def test_a_snapshot_that_says_the_same_is_not_sent_again(records: Records, kiosk: KioskClient) -> None:
    """Until something changed."""
    tag = kiosk.get("/v1/changes/snapshot").headers["etag"]
    again = kiosk.ask("/v1/changes/snapshot", {"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    _tell(records, "serial")
    assert kiosk.ask("/v1/changes/snapshot", {"If-None-Match": tag}).status_code == 200


def test_nothing_is_lost_and_nothing_comes_twice_while_eight_write(records: Records, kiosk: KioskClient) -> None:
    """Writers hold their transactions open at random, some fail; a reader follows page by page."""
    cursor, rounds = feed.head(records), 12
    kept: list[str] = []
    over = threading.Event()

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for number in range(rounds):
            _append_slowly(records, f"{writer}.{number}", chance, kept)

    def follow() -> list[str]:
        heard, at, last_round = [], cursor, False
        while True:
            page = feed.page(records, kiosk.device, at, 7)
            heard += [item.ref for item in page.items]
            at = page.cursor
            if last_round and not page.more:
                return heard
            last_round = over.is_set()

    found: list[list[str]] = []
    reader = threading.Thread(target=lambda: found.append(follow()))
    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    assert sorted(found[0]) == sorted(kept)
    again = feed.page(records, kiosk.device, cursor, 500)
    assert [item.ref for item in again.items] == found[0]  # the order is the same for who comes later


class _FailedError(Exception):
    """A writer's own failure."""


def _append_slowly(records: Records, ref: str, chance: random.Random, kept: list[str]) -> None:
    fails = chance.random() < 0.2
    with suppress(_FailedError):
        _append_and_wait(records, ref, chance.random() * 0.004, fails=fails)
    if not fails:
        kept.append(ref)


def _append_and_wait(records: Records, ref: str, seconds: float, *, fails: bool) -> None:
    with records.database.writing() as transaction:
        changes.append(transaction, Topic.PAPER_VOID, ref, at=records.clock.now())
        time.sleep(seconds)
        if fails:
            raise _FailedError
