"""A client of an application in this process, whose request is one visit to the event loop.

Starlette's own goes there a dozen times for each request, to hand over each piece of an answer as it comes. Nobody here
reads half an answer: it comes when it is whole.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient

from records.api.edge import App

_PORT = 443


def client_of(
    app: App, portal: BlockingPortal | None, base_url: str, client: tuple[str, int] = ("testclient", 50000)
) -> TestClient:
    """A browser or device. Without a portal each request makes an event loop of its own, as Starlette does it."""
    made = TestClient(app, base_url=base_url, client=client)
    made.portal = portal
    if portal:
        made._transport = _Whole(app, portal, client)
    return made


@dataclass
class _Whole(httpx2.BaseTransport):
    """Requests to ``app``, each answered as a whole."""

    app: App
    portal: BlockingPortal
    client: tuple[str, int]

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """What the application says; what it raises is raised here."""
        told = _Told(request.read())
        self.portal.call(self._ask, self._scope(request), told)
        assert told.status, "the application said nothing"
        stream = httpx2.ByteStream(b"" if request.method == "HEAD" else bytes(told.body))
        return httpx2.Response(told.status, headers=told.headers, stream=stream, request=request)

    async def _ask(self, scope: dict[str, Any], told: "_Told") -> None:
        await self.app(scope, told.receive, told.send)

    def _scope(self, request: httpx2.Request) -> dict[str, Any]:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()],
            "client": self.client,
            "server": [url.host, url.port or _PORT],
            "extensions": {},
            "state": {},
        }


@dataclass
class _Told:
    """The body of a request, read once, and the answer to it, in the order of ASGI."""

    sent: bytes
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    read: bool = False
    complete: anyio.Event = field(default_factory=anyio.Event)

    async def receive(self) -> dict[str, Any]:
        if not self.read:
            self.read = True
            return {"type": "http.request", "body": self.sent}
        await self.complete.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert not self.status, "an answer began twice"
            self.status = message["status"]
            self.headers = [(key.decode(), value.decode()) for key, value in message["headers"]]
            return
        assert self.status, "a body came before its answer began"
        assert not self.complete.is_set(), "a body came after its end"
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            self.complete.set()
