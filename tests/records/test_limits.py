"""What a request may cost: bytes, seconds, and how many a second."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request

from backend_client.contract.intakes import LARGEST_BATCH, LARGEST_BLOB
from records.api.callers import caller
from records.api.edge import App, Edge
from records.api.limits import LARGEST_BODY, ORDINARY, Buckets, Room, allowance
from records.app import application
from records.context import Records
from records.sections import LimitSettings
from records.services import devices
from records.store import group_commit
from records.tls import EXTENSION, Peer
from tests.support.clocks import StillClock
from tests.support.records_client import Client, KioskClient

KIOSK = "kiosk-0001"


def test_who_brings_a_certificate_may_send_more_where_more_is_taken_in() -> None:
    """And nowhere else; a batch is no file."""
    assert allowance("POST", "/v1/intakes", certified=True).largest == LARGEST_BATCH
    assert allowance("PUT", f"/v1/blobs/{'a' * 64}", certified=True).largest == LARGEST_BLOB
    for method, path, certified in (
        ("POST", "/v1/intakes", False),
        ("PUT", "/v1/blobs/x", False),
        ("POST", "/v1/papers", True),
        ("POST", "/v1/intakes/", True),
        ("POST", "/v1/blobs/x", True),
    ):
        assert allowance(method, path, certified=certified) is ORDINARY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip", "x", "GZIP"])
def test_a_compressed_body_is_refused_unread(kiosk: KioskClient, coding: str) -> None:
    """Whatever it would have become."""
    answer = kiosk.upload(f"/v1/blobs/{'a' * 64}", b"x", **{"content-encoding": coding})
    assert (answer.status_code, answer.json()["code"]) == (415, "malformed")
    assert answer.headers["accept-encoding"] == "identity"


def test_a_body_as_it_is_may_say_so(kiosk: KioskClient) -> None:
    content = b"ciphertext"
    sha256 = hashlib.sha256(content).hexdigest()
    assert kiosk.upload(f"/v1/blobs/{sha256}", content, **{"content-encoding": "identity"}).status_code == 201


@pytest.mark.parametrize("made", [KioskClient, lambda records: Client(records, None)], ids=["device", "nobody"])
def test_who_asks_too_often_is_told_when_to_ask_again(records: Records, made: Callable[[Records], Client]) -> None:
    """A device, or an address that brings no certificate. A device's call for help is not counted with the rest."""
    settings = records.settings.model_copy(update={"limits": LimitSettings(requests_per_second=1, burst=3)})
    eager = made(_with(records, settings))
    answers = [eager.get("/v1/trust") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert (answers[-1].headers["retry-after"], answers[-1].json()["code"]) == ("1", "too-many-requests")
    assert answers[-1].json()["retryable"] is True
    called = eager.post("/v1/alarms", {"id": str(uuid4()), "at": "2026-11-22T15:05:00Z"})
    assert called.status_code == (201 if isinstance(eager, KioskClient) else 429)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ({"extensions": {EXTENSION: Peer(KIOSK, "ab")}, "client": ("10.0.0.1", 5)}, "certificate ab"),
        ({"extensions": {EXTENSION: None}, "client": ("10.0.0.1", 5)}, "address 10.0.0.1"),
        ({"client": ("2001:db8::1:2:3:4", 5)}, "address 2001:db8::/64"),
        ({"client": ("10.0.0.9", 5), "headers": [(b"x-forwarded-for", b"10.9.9.9, 10.0.0.7")]}, "address 10.0.0.7"),
        ({"client": ("10.0.0.1", 5), "headers": [(b"x-forwarded-for", b"10.0.0.7")]}, "address 10.0.0.1"),
        ({}, "address "),
    ],
)
def test_whose_requests_are_counted_together(who: dict[str, Any], whom: str) -> None:
    assert caller({"type": "http", "headers": [], **who}, "10.0.0.9") == whom


def test_a_call_for_help_gets_through_where_neither_thread_nor_turn_is_left(
    records: Records, kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody waits to write, and nobody else is let into the line."""
    monkeypatch.setattr(group_commit, "_STUCK_S", 0.0)
    monkeypatch.setattr(group_commit, "_MOST_BEHIND", 0)
    body = json.dumps({"id": str(uuid4()), "at": "2026-11-22T15:05:00Z"}).encode()
    peer = Peer(kiosk.device_id, kiosk.device.certificate_serial)

    async def call() -> int:
        threads = current_default_thread_limiter()
        for _ in range(int(threads.total_tokens)):
            threads.acquire_on_behalf_of_nowait(object())
        at_once = asyncio.Event()
        at_once.set()
        called = asyncio.create_task(_ask(application(records), ("POST", "/v1/alarms"), peer, at_once, body))
        with records.database.writing():
            while not records.database._writers._line:
                assert not called.done()
                await asyncio.sleep(0.001)
        return await asyncio.wait_for(called, 10)

    assert asyncio.run(call()) == 201


async def _ask(
    app: App, what: tuple[str, str], peer: Peer, go_on: asyncio.Event | None = None, body: bytes = b"x"
) -> int:
    """The status of the answer. ``go_on``: when the body comes; None: it must not be read."""
    scope = {
        "type": "http",
        "method": what[0],
        "path": what[1],
        "raw_path": what[1].encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "extensions": {EXTENSION: peer},
    }
    said: list[int] = []

    async def receive() -> dict[str, Any]:
        assert go_on is not None, "read all the same"
        await go_on.wait()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said.append(message["status"])

    await app(scope, receive, send)
    return said[0]


@pytest.mark.parametrize("what", [("PUT", f"/v1/blobs/{'a' * 64}"), ("POST", "/v1/intakes")])
def test_of_a_device_that_was_put_out_nothing_large_is_read(
    records: Records, kiosk: KioskClient, what: tuple[str, str]
) -> None:
    """It would hold the room of those who may."""
    peer = Peer(kiosk.device_id, kiosk.device.certificate_serial)
    devices.revoke(records, kiosk.device_id)
    assert asyncio.run(_ask(application(records), what, peer)) == 403


def _with(records: Records, settings: Any) -> Records:
    return replace(records, settings=settings)


def test_a_bucket_fills_again_and_never_beyond_its_size() -> None:
    clock = StillClock()
    buckets = Buckets(clock, LimitSettings(requests_per_second=2, burst=4))
    assert [buckets.wait_s(KIOSK) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert buckets.wait_s("kiosk-0002") == 0
    clock.pass_by(1)
    assert [buckets.wait_s(KIOSK) for _ in range(3)] == [0, 0, 1]
    clock.pass_by(3600)
    assert [buckets.wait_s(KIOSK) for _ in range(5)] == [0, 0, 0, 0, 1]


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    clock = StillClock()
    buckets = Buckets(clock, LimitSettings(requests_per_second=1, burst=2))
    buckets.wait_s(KIOSK)
    clock.pass_by(-100)
    assert [buckets.wait_s(KIOSK), buckets.wait_s(KIOSK)] == [0, 1]


def test_only_so_many_devices_are_remembered() -> None:
    """Those that asked last."""
    buckets = Buckets(StillClock(), LimitSettings(burst=1))
    for number in range(10_050):
        buckets.wait_s(str(number))
    assert len(buckets._left) == 10_000
    assert buckets.wait_s("10049") == 1
    assert buckets.wait_s("0") == 0


def test_large_bodies_at_once_are_bounded_for_each_device_and_in_all() -> None:
    room, held = Room(16), []
    for number in range(10):
        for _ in range(3):
            one = room.one(f"kiosk-{number}")
            held.append((one, one.__enter__()))
    assert [free for _, free in held] == [True, True, False] * 8 + [False] * 6
    for one, _ in held:
        one.__exit__(None, None, None)
    assert not room._held
    with room.one(KIOSK) as free:
        assert free


def test_a_third_file_of_a_device_at_once_waits_and_no_batch_waits_for_it() -> None:
    """The two before it are still on their way; then there is room again."""
    statuses = asyncio.run(_three_uploads())
    assert statuses == [429, 201, 200, 200, 200]


async def _three_uploads() -> list[int]:
    app = FastAPI()

    @app.put("/v1/blobs/x")
    async def keep(request: Request) -> int:
        return len(await request.body())

    @app.post("/v1/intakes", status_code=201)
    async def take(request: Request) -> int:
        return len(await request.body())

    edge, go_on, at_once, said = Edge(app, StillClock()), asyncio.Event(), asyncio.Event(), []
    at_once.set()

    async def upload(method: str = "PUT", path: str = "/v1/blobs/x") -> None:
        said.append(await _ask(edge, (method, path), Peer(KIOSK, "1"), go_on if method == "PUT" else at_once))

    first = [asyncio.create_task(upload()) for _ in range(2)]
    await asyncio.sleep(0)
    await upload()
    await upload("POST", "/v1/intakes")
    go_on.set()
    await asyncio.gather(*first)
    await upload()
    return said


def test_a_nul_in_an_address_is_refused(kiosk: KioskClient) -> None:
    """PostgreSQL can't look for one."""
    answer = kiosk.get("/v1/identifications/a%00b/confirmation")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_nobody_without_a_certificate_sends_more_than_an_ordinary_body(records: Records) -> None:
    answer = Client(records, None).upload(f"/v1/blobs/{'a' * 64}", b"x" * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
