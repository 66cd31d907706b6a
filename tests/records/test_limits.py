"""What a request may cost: bytes, seconds, and how many a second."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI, Request

from backend_client.contract.intakes import LARGEST_BATCH, LARGEST_BLOB
from records.api.edge import Edge
from records.api.limits import LARGEST_BODY, ORDINARY, Buckets, Room, allowance
from records.context import Records
from records.sections import LimitSettings
from records.tls import EXTENSION, Peer
from tests.support.clocks import StillClock
from tests.support.records_client import Client, KioskClient

KIOSK = "kiosk-0001"


def test_who_brings_a_certificate_may_send_more_where_more_is_taken_in() -> None:
    """And nowhere else; a batch is no file."""
    assert allowance("POST", "/v1/intakes", KIOSK).largest == LARGEST_BATCH
    assert allowance("PUT", f"/v1/blobs/{'a' * 64}", KIOSK).largest == LARGEST_BLOB
    for method, path, device in (
        ("POST", "/v1/intakes", ""),
        ("PUT", "/v1/blobs/x", ""),
        ("POST", "/v1/papers", KIOSK),
        ("POST", "/v1/intakes/", KIOSK),
        ("POST", "/v1/blobs/x", KIOSK),
    ):
        assert allowance(method, path, device) is ORDINARY


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


def test_a_device_that_asks_too_often_is_told_when_to_ask_again(records: Records) -> None:
    """And no other device waits for it."""
    settings = records.settings.model_copy(update={"limits": LimitSettings(requests_per_second=1, burst=3)})
    eager = KioskClient(_with(records, settings))
    answers = [eager.get("/v1/trust") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert (answers[-1].headers["retry-after"], answers[-1].json()["code"]) == ("1", "too-many-requests")
    assert answers[-1].json()["retryable"] is True


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
    room, held = Room(), []
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


def test_a_third_file_of_a_device_at_once_waits() -> None:
    """The two before it are still on their way; then there is room again."""
    statuses = asyncio.run(_three_uploads())
    assert statuses == [429, 200, 200, 200]


async def _three_uploads() -> list[int]:
    app = FastAPI()

    @app.put("/v1/blobs/x")
    async def keep(request: Request) -> int:
        return len(await request.body())

    edge, go_on, said = Edge(app, StillClock()), asyncio.Event(), []

    async def upload() -> None:
        scope = {
            "type": "http",
            "method": "PUT",
            "path": "/v1/blobs/x",
            "raw_path": b"/v1/blobs/x",
            "query_string": b"",
            "headers": [],
            "extensions": {EXTENSION: Peer(KIOSK, "1")},
        }

        async def receive() -> dict[str, Any]:
            await go_on.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                said.append(message["status"])

        await edge(scope, receive, send)

    first = [asyncio.create_task(upload()) for _ in range(2)]
    await asyncio.sleep(0)
    await upload()
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
