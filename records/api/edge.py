"""The outermost layer of the application: one number and one log line per request, and bounds on what is taken in.

The log line holds the route's pattern, not the path; nothing that a resident is, said or typed can reach it. Nothing is
decompressed: a body that says it is compressed is refused unread (docs/decisions/uncompressed.md).
"""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi.concurrency import run_in_threadpool

from backend_client.contract.base import ProblemCode
from civic.clock import Clock
from records.api import problems
from records.api.body import Message, Receive, whole_body
from records.api.callers import caller, peer_of
from records.api.limits import (
    BATCH,
    FILE,
    LARGEST_BODY,
    Allowance,
    Buckets,
    Room,
    allowance,
    for_help,
)
from records.sections import LimitSettings
from records.tls import Peer

Scope = Message
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Unwelcome = Callable[[Peer | None], ProblemCode | None]

__all__ = ["LARGEST_BODY", "App", "Edge", "Scope", "Send"]

_PAGE = ("POST", "/check/")  # takes pictures in by itself, within bounds of its own (``records.public.intake``)
_UNANSWERED = 0
_UNSUPPORTED_CODING = 415  # RFC 9110, 15.5.16
_CODING_HEADERS = {"Accept-Encoding": "identity"}
_AS_IT_IS = {b"", b"identity"}
_ROOM_AGAIN_S = 5
_NO_LIMITS_SAID = LimitSettings()
_log = logging.getLogger("lamplight.records")


def _anybody_is_welcome(_peer: Peer | None) -> None:
    """Say so: who is not, the route says."""


class Edge:
    """Wraps the application. The whole body is read here.

    ``proxy``: address of the one that is believed whom it forwards for. ``unwelcome``: why a device's large body would
    be read in vain, asked in a thread before it is.
    """

    def __init__(
        self,
        app: App,
        clock: Clock,
        limits: LimitSettings = _NO_LIMITS_SAID,
        proxy: str = "",
        unwelcome: Unwelcome = _anybody_is_welcome,
    ) -> None:
        self._app = app
        self._clock = clock
        self._proxy = proxy
        self._unwelcome = unwelcome
        self._buckets = Buckets(clock, limits)
        self._calls_for_help = Buckets(clock, limits)
        self._rooms = {each: Room(each.at_once) for each in (BATCH, FILE)}

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
            refusal = self._refusal(scope)
            if refusal is not None:
                await _refuse(scope, answer, refusal)
            else:
                await (self._app if (scope["method"], scope["path"]) == _PAGE else self._take)(scope, receive, answer)
        except ConnectionError:
            return  # the sender is gone
        except Exception as error:  # noqa: BLE001 - whatever it was: a problem detail goes out, a bare log line stays
            _log.exception("unexpected", exc_info=error)
            await _refuse(scope, answer, _Refusal(ProblemCode.INTERNAL, 500))

    def _refusal(self, scope: Scope) -> "_Refusal | None":
        """What can be said before a byte of the body is read."""
        codings = [value for name, value in scope["headers"] if name == b"content-encoding"]
        if any(coding.strip().lower() not in _AS_IT_IS for value in codings for coding in value.split(b",")):
            return _Refusal(ProblemCode.MALFORMED, _UNSUPPORTED_CODING, headers=_CODING_HEADERS)
        if "\x00" in scope["path"]:
            return _Refusal(ProblemCode.MALFORMED)
        urgent = for_help(scope["path"], certified=peer_of(scope) is not None)
        wait_s = (self._calls_for_help if urgent else self._buckets).wait_s(caller(scope, self._proxy))
        return _Refusal(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=wait_s) if wait_s else None

    async def _take(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        peer = peer_of(scope)
        allowed = allowance(scope["method"], scope["path"], certified=peer is not None)
        if not allowed.at_once:
            await self._take_in(scope, receive, answer, allowed)
            return
        with self._rooms[allowed].one(caller(scope, self._proxy)) as free:
            if not free:
                await _refuse(scope, answer, _Refusal(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=_ROOM_AGAIN_S))
            elif refused := await run_in_threadpool(self._unwelcome, peer):
                await _refuse(scope, answer, _Refusal(refused))
            else:
                await self._take_in(scope, receive, answer, allowed)

    async def _take_in(self, scope: Scope, receive: Receive, answer: "_Answer", allowed: Allowance) -> None:
        too_large = problems.status_of(ProblemCode.TOO_LARGE)
        if _declared(scope) > 2 * allowed.largest:  # nobody reads so much away
            await _refuse(scope, answer, _Refusal(ProblemCode.TOO_LARGE))
            return
        body, refused = await whole_body(receive, allowed.largest, allowed.seconds, spare=allowed.largest)
        if refused:
            code = ProblemCode.TOO_LARGE if refused == too_large else ProblemCode.MALFORMED
            await _refuse(scope, answer, _Refusal(code, refused))
        else:
            await self._app(scope, _again(body, receive), answer)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A no of the edge's own. ``status``: another than the code's usual one."""

    code: ProblemCode
    status: int | None = None
    retry_after_s: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


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


async def _refuse(scope: Scope, answer: _Answer, refusal: _Refusal) -> None:
    if answer.status is _UNANSWERED:
        instance = f"urn:uuid:{scope['state']['request_id']}"
        again = refusal.retry_after_s
        said = problems.response(refusal.code, status=refusal.status, retry_after_s=again, instance=instance)
        said.headers.update({**refusal.headers, "Connection": "close"})
        await said(scope, _nothing_more, answer)


def _declared(scope: Scope) -> int:
    """How long the body is said to be; 0: nothing was said, or it comes in chunks."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0


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
