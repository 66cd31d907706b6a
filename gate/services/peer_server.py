"""The gate's own small HTTPS server, for the other gates of its site alone.

One connection at a time, one request each, bounded in bytes and in seconds; whoever isn't a known gate gets no further
than the handshake. It admits nobody and opens nothing: a silent or flooding neighbour makes a face arrive later, and a
door no slower.
"""

import io
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Protocol

from pydantic import ValidationError

from backend_client.contract.base import Wire
from backend_client.contract.templates import MOST_BODY
from backend_client.device_files import DeviceIdentity
from civic.clock import Clock
from civic.errors import CodedError
from gate.services.peer_tls import server_context
from gate.services.peers import KnownPeer
from terminal.store.errors import StoreError

_SECONDS: Final = 3.0  # of a handshake, and again of everything after it
_POLL_S: Final = 0.2  # how soon ``serve`` hears that it is to end
_BACKLOG: Final = 16
_MOST_HEAD: Final = 8 * 1024


class NotListeningError(CodedError):
    """The address for other gates can't be listened at. ``detail``: the kind of error."""

    code = "peers-not-listening"


class Answers(Protocol):
    """What other gates may ask."""

    def answer(self, path: str, body: bytes, sender: KnownPeer) -> Wire | None:
        """None: no such path. Raises ValidationError (not a request of that kind) and StoreError."""


@dataclass(slots=True, eq=False)
class PeerServer:
    """``known``: the gates to believe now. ``open`` and ``close`` once each; ``serve`` by one repeating job."""

    identity: DeviceIdentity
    known: Callable[[], tuple[KnownPeer, ...]]
    answers: Answers
    clock: Clock
    _socket: socket.socket | None = field(default=None)

    def open(self, host: str, port: int) -> int:
        """Listen; the port. Raises NotListeningError."""
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            raise NotListeningError(type(error).__name__) from None
        self._socket.settimeout(_POLL_S)
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Listen no longer."""
        if self._socket is not None:
            self._socket.close()

    def serve(self) -> None:
        """Wait a moment for somebody, and answer them. Never raises what others do, or the disk."""
        with suppress(OSError, StoreError):
            if self._socket is not None:
                connection, address = self._socket.accept()
                with connection:
                    self._meet(connection, address)

    def _meet(self, connection: socket.socket, address: Any) -> None:  # noqa: ANN401 -- passed on as it comes
        known = self.known()
        connection.settimeout(_SECONDS)
        with server_context(self.identity, known).wrap_socket(connection, server_side=True) as wrapped:
            certificate = wrapped.getpeercert(binary_form=True) or b""
            sender = next((each for each in known if each.is_holder_of(certificate)), None)
            if sender is not None:
                _Request(wrapped, address, _Meeting(self.answers, sender, self.clock))


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Who asks, and who answers."""

    answers: Answers
    sender: KnownPeer
    clock: Clock


class _Bounded(io.RawIOBase):
    """What comes, up to so many bytes, within so many seconds from now."""

    def __init__(self, source: ssl.SSLSocket, clock: Clock, most: int) -> None:
        self._source = source
        self._clock = clock
        self._left = most
        self._until = clock.monotonic() + _SECONDS

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401 -- a buffer
        """Raises TimeoutError."""
        seconds = self._until - self._clock.monotonic()
        if seconds <= 0:
            raise TimeoutError
        self._source.settimeout(seconds)
        read = self._source.recv_into(into, min(len(into), self._left)) if self._left else 0
        self._left -= read
        return read


class _Request(BaseHTTPRequestHandler):
    """One request, whose sender is known."""

    protocol_version = "HTTP/1.0"  # one request to a connection

    def __init__(self, connection: ssl.SSLSocket, address: Any, meeting: _Meeting) -> None:  # noqa: ANN401 -- as it comes
        self._meeting = meeting
        super().__init__(connection, address, None)  # type: ignore[arg-type] # it asks its server nothing

    def setup(self) -> None:
        """Read within bounds."""
        super().setup()
        self.rfile = io.BufferedReader(_Bounded(self.connection, self._meeting.clock, _MOST_HEAD + MOST_BODY))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._say(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > len(str(MOST_BODY)) or int(length) > MOST_BODY:
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(self.rfile.read(int(length)))

    def version_string(self) -> str:
        """Not which library this is."""
        return "lamplight"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """In a word: the library's own page repeats what was asked."""
        del message, explain
        self._say(HTTPStatus(code))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: a path or a head may hold anything."""

    def _answer(self, body: bytes) -> None:
        try:
            said = self._meeting.answers.answer(self.path, body, self._meeting.sender)
        except ValidationError:
            self._say(HTTPStatus.BAD_REQUEST)
        except StoreError:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._say(HTTPStatus.NOT_FOUND) if said is None else self._say(HTTPStatus.OK, said.model_dump_json())

    def _say(self, status: HTTPStatus, body: str = "") -> None:
        content = body.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True
