"""The line in which pictures wait to be looked at: one takes seconds of a processor, other requests milliseconds."""

from collections.abc import Callable
from typing import Final, TypeVar

import anyio

from records.public.places import Places

Result = TypeVar("Result")
AT_ONCE: Final = 2  # pictures that are looked at
WAITING: Final = 6  # more than these in line, and whoever comes is told so at once


class Line:
    """One for each running service, on its event loop."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(AT_ONCE)
        self._places = Places(AT_ONCE + WAITING)

    async def look(self, address: str, look: Callable[[], Result]) -> Result:
        """What ``look`` finds, in a thread, when it is its turn. Raises FullError."""
        with self._places.one(address):
            return await anyio.to_thread.run_sync(look, limiter=self._limiter)
