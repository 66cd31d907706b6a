"""Records' real application, and devices' lines to it that can be cut: in this process, because time is simulated.

A gate's session is the real one (backend_client.gate_session); instead of a socket there is a call. TLS, and a line
that dies half-way through an answer, are tests/chaos_sync's.
"""

from asyncio import Runner
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from pydantic import BaseModel

from backend_client.contract.base import Problem, Wire
from backend_client.contract.devices import DeviceKind
from backend_client.errors import RecordsUnreachableError, refusal
from backend_client.gate_session import GateSession
from backend_client.transport import Transport
from records.api.edge import App
from records.app import application
from records.context import Records
from records.tls import EXTENSION, Peer
from tests.support.records_client import enrolled

_REFUSED = 400
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass
class Device:
    """An enrolled device: its key, and what TLS tells of it."""

    device_id: str
    peer: Peer
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, records: Records, kind: DeviceKind) -> "Device":
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(*enrolled(records, kind, key), key)


@dataclass
class Line:
    """From one device to records. ``up``: nobody has cut it; ``app``: None: records do not answer at all. ``wrote``: is
    told of each request that may have changed something there."""

    device: Device
    loop: Runner
    up: bool = True
    app: App | None = field(default=None, repr=False)
    wrote: Callable[[], None] = lambda: None

    @property
    def stands(self) -> bool:
        """Whether a request comes through."""
        return self.up and self.app is not None

    def connect(self, records: Records, routes: FastAPI) -> None:
        """Records are there, or there again."""
        self.app = application(records, routes)

    def disconnect(self) -> None:
        """Records are away."""
        self.app = None

    def send(self, method: str, path: str, content: bytes = b"", key: str = "") -> bytes:
        """One request, its answer's body. Raises RecordsUnreachableError, RecordsRefusedError."""
        if self.app is None or not self.up:
            raise RecordsUnreachableError("cut")
        headers = [(b"host", b"records"), (b"content-type", b"application/json")]
        headers += [(b"content-length", str(len(content)).encode()), (b"idempotency-key", key.encode())][
            : 1 + bool(key)
        ]
        plain, _, query = path.partition("?")
        scope = _scope(method, plain, query, headers) | {"extensions": {EXTENSION: self.device.peer}}
        status, answer = self.loop.run(_answered(self.app, scope, content))
        if status >= _REFUSED:
            raise refusal(Problem.model_validate_json(answer))
        if method != "GET":
            self.wrote()
        return answer


class _InProcess:
    """What GateSession asks of a Transport."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self, path: str, answer: type[Answer]) -> Answer:
        return answer.model_validate_json(self._line.send("GET", path))

    def post(self, path: str, body: Wire | None, key: str, answer: type[Answer]) -> Answer:
        content = body.model_dump_json().encode() if body is not None else b""
        return answer.model_validate_json(self._line.send("POST", path, content, key))


class LineSession(GateSession):
    """The real session over a line."""

    def __init__(self, line: Line) -> None:
        self._transport = cast("Transport", _InProcess(line))


def _scope(method: str, path: str, query: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """As a server hands a request on (ASGI, HTTP Connection Scope)."""
    ends = {"client": ("10.0.0.1", 40000), "server": ("records", 443), "root_path": "", "scheme": "https"}
    raw = {"path": path, "raw_path": path.encode(), "query_string": query.encode(), "headers": headers}
    return {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method} | ends | raw


async def _answered(app: App, scope: dict[str, Any], content: bytes) -> tuple[int, bytes]:
    """What uvicorn's protocol does on a real connection: status and body."""
    told: list[Any] = []
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message)

    await app(scope, receive, send)
    status = next(each["status"] for each in told if each["type"] == "http.response.start")
    return status, b"".join(each.get("body", b"") for each in told)
