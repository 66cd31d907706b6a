"""The outermost layer of the application: one number and one log line per request, and a bound on what is taken in.

The log line holds the route's pattern, not the path; nothing that a resident is, said or typed can reach it.
"""

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from backend_client.contract.base import ProblemCode
from civic.clock import Clock
from records.api import problems
from records.api.body import Message, Receive, whole_body

Scope = Message
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64 * 1024  # bytes; the largest request, a certificate request, has a tenth of it
_PAGE = ("POST", "/check/")  # takes pictures in by itself, within bounds of its own (``records.public.intake``)
_BODY_SECONDS = 20.0
_UNANSWERED = 0
_log = logging.getLogger("lamplight.records")


class Edge:
    """Wraps the application. The whole body is read here."""

    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            return
        begun = self._clock.monotonic()
        answer = _Answer(send)
        scope.setdefault("state", {}).update(request_id=str(uuid.uuid4()), begun=begun)
        await self._serve(scope, receive, answer)
        took = self._clock.monotonic() - begun
        _log.info("request", extra=_line(scope, answer.status, took))

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await (self._app if (scope["method"], scope["path"]) == _PAGE else self._take)(scope, receive, answer)
        except ConnectionError:
            return  # the sender is gone
        except Exception as error:  # noqa: BLE001 - whatever it was: a problem detail goes out, a bare log line stays
            _log.exception("unexpected", exc_info=error)
            await _refuse(scope, answer, ProblemCode.INTERNAL, 500)

    async def _take(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        body, refused = await whole_body(receive, LARGEST_BODY, _BODY_SECONDS)
        if refused:
            too_large = refused == problems.status_of(ProblemCode.TOO_LARGE)
            await _refuse(scope, answer, ProblemCode.TOO_LARGE if too_large else ProblemCode.MALFORMED, refused)
        else:
            await self._app(scope, _again(body, receive), answer)


class _Answer:
    """Sends, and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = _UNANSWERED

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _again(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message


async def _refuse(scope: Scope, answer: _Answer, code: ProblemCode, status: int) -> None:
    if answer.status is _UNANSWERED:
        instance = f"urn:uuid:{scope['state']['request_id']}"
        refusal = problems.response(code, status=status, instance=instance)
        refusal.headers["Connection"] = "close"
        await refusal(scope, _nothing_more, answer)


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}


def _line(scope: Scope, status: int, took_s: float) -> dict[str, Any]:
    route = scope.get("route")
    return {
        "request": scope["state"]["request_id"],
        "method": scope["method"] if scope["method"] in {"GET", "POST", "PUT", "HEAD"} else "other",
        "route": getattr(route, "path", "-"),
        "status": status,
        "ms": round(took_s * 1000, 1),
        "device": scope["state"].get("device_id", ""),
    }
