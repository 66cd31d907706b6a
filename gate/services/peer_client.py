"""Says something to another gate and hears its answer: one connection, one request, and nothing to a stranger."""

import http.client
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from socket import SHUT_RDWR, socket
from threading import Timer
from typing import Final, TypeVar

from backend_client.contract.base import Wire
from backend_client.contract.templates import MOST_BODY
from backend_client.device_files import DeviceIdentity
from civic.errors import CodedError
from gate.services.peer_tls import client_context
from gate.services.peers import KnownPeer

Answer = TypeVar("Answer", bound=Wire)

_SECONDS: Final = 3.0  # to be connected, and between two pieces of an answer
_IN_ALL: Final = 8.0  # a gate that was stolen may answer a byte at a time


class PeerError(CodedError):
    """Another gate did not do what it was asked: later it may. ``detail`` holds nothing of what was said."""

    code = "peer"


class PeerUnreachableError(PeerError):
    """Nobody answered, or not in the way that gates do."""

    code = "peer-unreachable"


class PeerStrangerError(PeerError):
    """Whoever answered at this address does not hold the key of the gate that was meant."""

    code = "peer-stranger"


@dataclass(frozen=True, slots=True)
class PeerClient:
    """Blocking; usable from any thread."""

    identity: DeviceIdentity

    def ask(self, peer: KnownPeer, path: str, body: Wire, answer: type[Answer]) -> Answer:
        """Raises PeerUnreachableError and PeerStrangerError; before the latter, nothing of ``body`` was sent."""
        try:
            return _parsed(self._asked(peer, path, body.model_dump_json().encode("utf-8")), answer)
        except (OSError, http.client.HTTPException, ValueError) as error:  # the last: of an address, or of an answer
            raise PeerUnreachableError(type(error).__name__) from None

    def _asked(self, peer: KnownPeer, path: str, body: bytes) -> bytes:
        host, port = _place(peer.address)
        connection = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=client_context(self.identity))
        end = Timer(_IN_ALL, partial(_hang_up, connection))
        end.start()
        try:
            connection.connect()
            _require(connection.sock, peer)
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise PeerUnreachableError(f"status {response.status}")
            return response.read(MOST_BODY + 1)
        finally:
            end.cancel()
            connection.close()


def _hang_up(connection: http.client.HTTPSConnection) -> None:
    """Whoever reads from it hears its end. The TLS layer is left to its reader."""
    if isinstance(connection.sock, socket):
        with suppress(OSError):
            socket.shutdown(connection.sock, SHUT_RDWR)


def _require(sock: ssl.SSLSocket, peer: KnownPeer) -> None:
    if not peer.is_holder_of(sock.getpeercert(binary_form=True) or b""):
        raise PeerStrangerError(peer.device_id)


def _place(address: str) -> tuple[str, int]:
    """``192.0.2.7:7443``, ``gate.local:7443``, ``[2001:db8::7]:7443``."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()):
        raise PeerUnreachableError("address")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _parsed(content: bytes, answer: type[Answer]) -> Answer:
    if len(content) > MOST_BODY:
        raise PeerUnreachableError("too large")
    return answer.model_validate_json(content)
