"""TLS 1.3 with device certificates (RFC 8446, mutual authentication).

A client may come without a certificate: enrolment, verification, trust and health need none. One that brings a
certificate must bring one of the device authority, or the handshake ends. Whether that device is still welcome is
decided per request, from the database.
"""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from backend_client.contract.base import ProblemCode
from records import certificates
from records.keys import KeyRing, pem, private_pem, write_private
from records.sections import ServerSettings

EXTENSION = "lamplight.peer"
_CERTIFICATE, _KEY = "server.cert.pem", "server.key.pem"
_LOCAL_NAMES = ("localhost", "127.0.0.1")
_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Peer:
    """Who holds the key at the other end. ``serial``: the certificate's serial number in lower-case hex."""

    device_id: str
    serial: str


class PeerCertificateProtocol(HttpToolsProtocol):
    """uvicorn's own protocol, with two things that uvicorn does not do.

    It leaves the peer's certificate in every request's scope. And whoever connects has to say what they want soon and
    briefly: anyone may connect, and a connection that is silent, or whose head never ends, costs a file or memory.
    """

    head_seconds = 20.0  # from the connection, or a request's first byte, to the end of its head
    largest_head = 32 * 1024  # bytes; a request of ours has less than one thousand

    _peer: Peer | None = None
    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _answering = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Remember who is there, once per connection."""
        super().connection_made(transport)
        self._peer = peer_of(transport.get_extra_info("peercert"))
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes: of a head no more than its bound, and what came in one piece with its end."""
        if not self._answering:
            self._await_head()
            if self._head_bytes > self.largest_head:
                self.transport.abort()
                return
            self._head_bytes += len(data)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head is whole; the edge bounds the body."""
        self._head_done()
        self._answering = True
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The next head may begin, in uvicorn's own time (``timeout_keep_alive``)."""
        self._answering = False
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._head_done()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _head_done(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
        self._head_timer, self._head_bytes = None, 0

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is refused as everything is: uvicorn's own words are no problem detail."""
        del msg
        from records.api import problems  # noqa: PLC0415 - most commands start faster without the framework

        body = bytes(problems.response(ProblemCode.MALFORMED).body)
        head = b"HTTP/1.1 400 Bad Request\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self.transport.write(head % (problems.MEDIA_TYPE.encode("ascii"), len(body)) + body)
        self.transport.close()

    def on_message_begin(self) -> None:
        """Begin a request's scope."""
        super().on_message_begin()
        extensions: dict[str, Any] = {EXTENSION: self._peer}
        self.scope["extensions"] = extensions


def peer_of(certificate: dict[str, Any] | None) -> Peer | None:
    """The peer of a verified certificate, as ``ssl.SSLSocket.getpeercert`` tells it. None: it brought none."""
    if not certificate:
        return None
    names = {key: value for part in certificate["subject"] for key, value in part}
    return Peer(str(names.get("commonName", "")), serial_text(int(certificate["serialNumber"], 16)))


def serial_text(serial_number: int) -> str:
    """A certificate's serial number as it is stored and compared."""
    return f"{serial_number:x}"


def renew_server_certificate(folder: Path, keys: KeyRing, settings: ServerSettings, now: datetime) -> bool:
    """Issue the service's own certificate when there is none, its names changed or its end is near. True: issued."""
    names = tuple(dict.fromkeys((settings.public_name, *_LOCAL_NAMES, *settings.other_names)))
    if _still_good(folder, keys, names, now):
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = certificates.name(settings.public_name, keys.bureau)
    certificate = certificates.issue(keys.root, key.public_key(), subject, certificates.SERVER, now, names)
    write_private(folder / _KEY, private_pem(key))
    (folder / _CERTIFICATE).write_text(pem(certificate), "ascii")
    return True


def _still_good(folder: Path, keys: KeyRing, names: tuple[str, ...], now: datetime) -> bool:
    """Whether a whole pair is there (a power cut may leave half), of this root, for these names, with time left."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / _CERTIFICATE).read_bytes())
        key = load_pem_private_key((folder / _KEY).read_bytes(), None)
        certificate.verify_directly_issued_by(keys.root.certificate)
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    held = {str(each.value) for each in alternatives}
    whole = certificate.public_key() == key.public_key()
    return whole and held == set(names) and now < certificate.not_valid_after_utc - _RENEW_BEFORE


def server_context(folder: Path, keys: KeyRing) -> ssl.SSLContext:
    """The context that uvicorn serves with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(folder / _CERTIFICATE, folder / _KEY)
    context.load_verify_locations(cadata=pem(keys.devices.certificate))
    # the device authority itself is the anchor: nothing else the root has signed opens this door
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
