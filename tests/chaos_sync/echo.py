"""A network that carries a request a second time, or only later, after what was sent behind it: whole requests, byte by
byte the same, on connections of their own, when whoever sent them has long gone on."""

from collections.abc import Callable
from contextlib import closing, suppress
from random import Random
from threading import Timer
from typing import Any

import requests
from requests import PreparedRequest, Response

from backend_client.transport import _Tls13Adapter

AGAIN, LATE = 0.10, 0.06  # of all writes: sent again; lost now, and delivered afterwards
_WITHIN_S = 8.0


class Echo(_Tls13Adapter):
    """Mounted in place of the kiosk's own adapter. ``said``: told which writes it did that to."""

    def __init__(self, chance: Random, said: Callable[[str], None]) -> None:
        super().__init__(pool_connections=1, pool_maxsize=8, max_retries=0)
        self._chance = chance
        self._said = said

    def send(self, request: PreparedRequest, *args: Any, **how: Any) -> Response:
        """As HTTPAdapter has it."""
        drawn = 1.0 if request.method == "GET" else self._chance.random()
        if drawn < LATE:
            self._later(request.copy(), how, "late")
            raise requests.ConnectionError("the network keeps it")
        answer = super().send(request, *args, **how)
        if drawn < LATE + AGAIN:
            self._later(request.copy(), how, "again")
        return answer

    def _later(self, request: PreparedRequest, how: dict[str, Any], what: str) -> None:
        timer = Timer(self._chance.uniform(0.0, _WITHIN_S), self._deliver, (request, how, what))
        timer.daemon = True
        timer.start()

    def _deliver(self, request: PreparedRequest, how: dict[str, Any], what: str) -> None:
        with suppress(requests.RequestException, OSError), closing(_Tls13Adapter()) as fresh:
            fresh.send(request, **{**how, "stream": False})
            self._said(what)
