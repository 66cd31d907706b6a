"""An answer that leaves at a fixed time after its request came, so that how long it took tells nothing.

The waiting is the event loop's: it holds no thread, no connection to the database and no lock.
"""

import asyncio

from fastapi import Request

from civic.clock import Clock


async def hold(request: Request, clock: Clock, after_s: float) -> None:
    """Wait until ``after_s`` seconds have passed since the request came; if they have, until twice as many, and so on:
    never just as long as the work took. 0: do not wait."""
    if after_s > 0:
        passed = clock.monotonic() - request.state.begun
        await asyncio.sleep(after_s - passed % after_s)
