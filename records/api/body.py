"""A request's body, read whole within a size and a time, on the event loop: a slow sender holds no thread."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


async def whole_body(receive: Receive, largest: int, seconds: float, spare: int = 0) -> tuple[bytes, int | None]:
    """The body, or the status that refuses it: 413, longer than ``largest`` bytes; 408, longer on its way.

    ``spare``: so many bytes more are read away before the 413, since a browser that is still sending shows no answer.
    Raises ConnectionError: the sender is gone.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, largest, spare)
    except TimeoutError:
        return b"", 408


async def _read(receive: Receive, largest: int, spare: int) -> tuple[bytes, int | None]:
    body, size, more = bytearray(), 0, True
    while more and size <= largest + spare:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size <= largest:
            body += part
        else:
            body.clear()
    return (bytes(body), None) if size <= largest else (b"", 413)
