"""Tells devices that wait that asking is worth while. Only a hint: what is lost costs them a poll.

While anybody waits, four looks a second find what was appended, by this process or any other (a command, a second
service): the same on both databases, and no connection is held between two looks. Used on the event loop's thread.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from backend_client.contract.changes import Topic
from records.context import Records
from records.services.changes import HEARD, head
from records.store import changes, devices
from records.store.changes import ChangeRow
from records.store.devices import DeviceRow

LOOK_EVERY_S = 0.25  # of the seconds that somebody stands before a gate which has not heard yet
ALIVE_EVERY_S = 15.0
_MOST_ROWS = 200  # of more at once, everybody hears
ALIVE: Final = ": still here\n\n"


@dataclass(eq=False, slots=True)
class _Listener:
    """One device's stream. It listens until another stream of the same device takes its place, or the service stops."""

    device: DeviceRow
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _over: bool = False

    def hears(self, row: ChangeRow) -> bool:
        return row.topic in HEARD[self.device.kind] and row.only in {"", self.device.device_id}

    def listens(self) -> bool:
        return not self._over

    def end(self) -> None:
        self._over = True
        self.wake.set()


class Hints:
    """The streams of one process: one for each device, the newest."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._listeners: dict[str, _Listener] = {}
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    async def stream(self, device: DeviceRow) -> AsyncIterator[str]:
        """Server-sent events until the device is put out, replaced by its own next stream, or the service stops."""
        listener = self._enter(device)
        try:
            await self._begin_looking()
            while listener.listens() and await asyncio.to_thread(self._welcome, device.device_id):
                listener.wake.clear()
                yield f"event: changes\ndata: {await asyncio.to_thread(head, self._records)}\n\n"
                while listener.listens() and not await _woken(listener.wake):
                    if not await asyncio.to_thread(self._welcome, device.device_id):
                        return
                    yield ALIVE
        finally:
            self._leave(listener)

    def close(self) -> None:
        """End every stream, and begin none any more."""
        self._closed = True
        for listener in self._listeners.values():
            listener.end()
        if self._looking is not None:
            self._looking.cancel()

    def _enter(self, device: DeviceRow) -> _Listener:
        listener = _Listener(device)
        if self._closed:
            listener.end()
        if (earlier := self._listeners.get(device.device_id)) is not None:
            earlier.end()
        self._listeners[device.device_id] = listener
        return listener

    async def _begin_looking(self) -> None:
        """From before what the first of them is told: what is appended meanwhile is found by the first look."""
        seen = await asyncio.to_thread(self._last)
        if not self._closed and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look(seen))

    def _leave(self, listener: _Listener) -> None:
        if self._listeners.get(listener.device.device_id) is listener:
            del self._listeners[listener.device.device_id]

    async def _look(self, seen: int) -> None:
        while self._listeners and not self._closed:
            try:
                seen, rows = await asyncio.to_thread(self._since, seen)
            except SQLAlchemyError:  # the next look may do better, and every device polls
                rows = []
            for listener in self._listeners.values():
                if len(rows) == _MOST_ROWS or any(listener.hears(row) for row in rows):
                    listener.wake.set()
            await asyncio.sleep(LOOK_EVERY_S)

    def _last(self) -> int:
        with self._records.database.reading() as transaction:
            return changes.extent(transaction).last

    def _since(self, seen: int) -> tuple[int, list[ChangeRow]]:
        with self._records.database.reading() as transaction:
            last = changes.extent(transaction).last
            if seen == last:
                return last, []
            return last, changes.after(transaction, seen, _MOST_ROWS, tuple(Topic))

    def _welcome(self, device_id: str) -> bool:
        with self._records.database.reading() as transaction:
            row = devices.by_id(transaction, device_id)
        return row is not None and row.revoked_at is None


async def _woken(wake: asyncio.Event) -> bool:
    """False: it is time to say that the stream is alive."""
    try:
        async with asyncio.timeout(ALIVE_EVERY_S):
            await wake.wait()
    except TimeoutError:
        return False
    return True
