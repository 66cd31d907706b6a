"""A device that listens hears soon that asking is worth while; a stream ends when it should, and holds nothing."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from queue import Queue

import pytest
import requests

from backend_client.contract.changes import Topic
from backend_client.contract.devices import DeviceKind
from civic.clock import SystemClock
from records.cli import main
from records.context import Records
from records.installation import open_existing
from records.services import changes as feed
from records.services import hints
from records.services.hints import ALIVE, Hints
from records.store import changes
from tests.support.records_client import KioskClient
from tests.support.records_server import RecordsServer, running_records

_SOON_S = 5.0


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "LOOK_EVERY_S", 0.01)


def _tell(records: Records, topic: Topic = Topic.PAPER_VOID, only: str = "") -> None:
    with records.database.writing() as transaction:
        changes.append(transaction, topic, "ref", at=records.clock.now(), only=only)


async def _next(stream: AsyncIterator[str]) -> str:
    async with asyncio.timeout(_SOON_S):
        return await anext(stream)


async def _ended(stream: AsyncIterator[str]) -> bool:
    async with asyncio.timeout(_SOON_S):
        return [event async for event in stream if event != ALIVE] == []


def test_a_hint_comes_after_what_the_device_may_hear(records: Records, kiosk: KioskClient) -> None:
    """At once the first, so that nothing is missed between a poll and the stream; it names where the feed ends."""

    async def listen() -> list[str]:
        waiting = Hints(records)
        stream = waiting.stream(kiosk.device)
        heard = [await _next(stream)]
        await asyncio.sleep(0.1)
        _tell(records)
        heard.append(await _next(stream))
        waiting.close()
        assert await _ended(stream)
        return heard

    before = feed.head(records)
    assert asyncio.run(listen()) == [f"event: changes\ndata: {cursor}\n\n" for cursor in (before, feed.head(records))]


def test_what_is_for_others_wakes_nobody_else(
    records: Records, kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another device's own, and papers at a gate: only the sign that the stream is alive."""
    monkeypatch.setattr(hints, "ALIVE_EVERY_S", 0.3)
    gate = KioskClient(records, DeviceKind.GATE)

    async def listen() -> list[str]:
        waiting = Hints(records)
        stream = waiting.stream(gate.device)
        heard = [await _next(stream)]
        await asyncio.sleep(0.05)
        _tell(records)
        _tell(records, Topic.DEVICE, kiosk.device_id)
        heard.append(await _next(stream))
        waiting.close()
        assert await _ended(stream)
        return heard

    assert asyncio.run(listen())[1] == ALIVE


def test_a_device_has_one_stream_the_newest(records: Records, kiosk: KioskClient) -> None:
    """The earlier one ends."""

    async def listen() -> bool:
        waiting = Hints(records)
        first, second = waiting.stream(kiosk.device), waiting.stream(kiosk.device)
        await _next(first)
        await _next(second)
        ended = await _ended(first)
        _tell(records)
        await _next(second)
        waiting.close()
        return ended and await _ended(second)

    assert asyncio.run(listen())


def test_a_revoked_device_hears_no_more(records: Records, kiosk: KioskClient) -> None:
    """Its own revocation wakes it, and the stream ends."""

    async def listen() -> bool:
        stream = Hints(records).stream(kiosk.device)
        await _next(stream)
        await asyncio.sleep(0.05)
        assert main(["--data", str(records.folder), "revoke", kiosk.device_id]) == 0
        return await _ended(stream)

    assert asyncio.run(listen())


def test_a_stream_that_begins_while_the_service_stops_ends_at_once(records: Records, kiosk: KioskClient) -> None:
    async def listen() -> bool:
        waiting = Hints(records)
        waiting.close()
        return await _ended(waiting.stream(kiosk.device))

    assert asyncio.run(listen())


def test_a_running_service_hints_and_stops_in_time(tmp_path: Path) -> None:
    """What another process appends to its database, it tells; a stream that is open does not hold it up."""
    with running_records(tmp_path) as server:
        identity = server.enrol()
        own = (str(identity.certificate), str(identity.key))
        events: Queue[str] = Queue()
        listener = threading.Thread(target=_listen, args=(server, own, events))
        listener.start()
        first = events.get(timeout=10)
        beside = open_existing(server.folder, SystemClock())
        _tell(beside)
        beside.database.close()
        assert events.get(timeout=10) != first
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < _SOON_S
        listener.join(10)
        assert not listener.is_alive()
    assert "Cancel" not in server.log.read_text("utf-8")


def _listen(server: RecordsServer, own: tuple[str, str], events: "Queue[str]") -> None:
    """Put the data of every event into the queue."""
    url, root = f"{server.url}/v1/changes/hints", str(server.root_pem)
    with requests.get(url, cert=own, verify=root, stream=True, timeout=20) as stream:
        for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
            if line.startswith("data: "):
                events.put(line)
