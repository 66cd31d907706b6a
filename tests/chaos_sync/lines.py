"""The lines between kiosks and records, with somebody who cuts them: one port for each kiosk, one thread for all.

A line carries bytes, late or not at all; it refuses; it stalls; or it is deaf: what goes up arrives, and the moment
that anything comes down, the connection is gone. So the request was done and nobody heard.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from random import Random
from threading import Thread
from types import TracebackType
from typing import Self

_PIECE = 65536


class Way(StrEnum):
    """How a line is."""

    OPEN = "open"
    CUT = "cut"  # every connection broken; new ones refused
    STALLED = "stalled"  # nothing is carried, nothing is broken
    DEAF = "deaf"
    SLOW = "slow"  # each piece late by as much as chance will


class Line:
    """One. ``broken``: connections that were cut while they lived."""

    def __init__(self, target: int, chance: Random) -> None:
        self.port = 0
        self.way = Way.OPEN
        self.broken = 0
        self._target, self._chance = target, chance
        self._ends: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()

    async def open(self) -> None:
        """On a port of its own."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """With all that goes over it."""
        self._server.close()
        self._break_all()

    def set(self, way: Way) -> None:
        """On the thread of the lines."""
        self.way = way
        (self._flows.clear if way is Way.STALLED else self._flows.set)()
        if way is Way.CUT:
            self._break_all()

    def _break_all(self) -> None:
        self.broken += len(self._ends) // 2
        for end in self._ends:
            end.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.way is Way.CUT:
                return
            with suppress(OSError):
                far_reader, far = await asyncio.open_connection("127.0.0.1", self._target)
                pair = {writer, far}
                self._ends |= pair
                try:
                    ways = (self._carry(reader, far, down=False), self._carry(far_reader, writer, down=True))
                    tasks = [asyncio.ensure_future(each) for each in ways]
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                finally:
                    self._ends -= pair
                    far.transport.abort()
        finally:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(_PIECE):
                await self._flows.wait()
                if self.way is Way.DEAF and down:
                    self.broken += 1
                    return
                if self.way is Way.SLOW:
                    await asyncio.sleep(self._chance.uniform(0.0, 0.4))
                writer.write(data)
                await writer.drain()


class Lines:
    """A context manager: inside, ``ports`` lead to ``target``, one for each kiosk."""

    def __init__(self, target: int, count: int, chance: Random) -> None:
        self._lines = [Line(target, Random(chance.random())) for _ in range(count)]
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="lines", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        for line in self._lines:
            asyncio.run_coroutine_threadsafe(line.open(), self._loop).result(timeout=5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=5)
        self._call(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def ports(self) -> list[int]:
        """By kiosk."""
        return [line.port for line in self._lines]

    @property
    def broken(self) -> int:
        """How many connections were cut in the middle."""
        return sum(line.broken for line in self._lines)

    def set(self, number: int, way: Way) -> None:
        """How one kiosk's line is from now on."""
        line = self._lines[number]
        self._call(lambda: line.set(way))

    def mend(self) -> None:
        """All of them."""
        for number in range(len(self._lines)):
            self.set(number, Way.OPEN)

    def _call(self, work: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _close(self) -> None:
        for line in self._lines:
            line.close()
        for task in (others := asyncio.all_tasks() - {asyncio.current_task()}):
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
