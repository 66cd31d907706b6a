"""An HTTPS service with mutual TLS that answers what a test wrote down, and remembers what it was asked."""

import json
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.pki import Identity, make_root


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``drop``: the connection breaks instead; ``cut``: in the middle of it. ``slow``: nothing comes until
    the service stops.
    ``location``: where it sends the client on to; ``retry_after``: what it asks of the client's patience."""

    body: Any = None
    status: int = 200
    content_type: str = "application/json"
    drop: bool = False
    cut: bool = False
    slow: bool = False
    location: str = ""
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    key: str
    body: Any
    client: str  # the certificate's common name, empty without one


@dataclass(slots=True)
class ScriptedService:
    """Put replies into ``script``; read ``asked``. An empty script answers 500 without a problem."""

    url: str
    folder: Path
    root: Identity
    script: deque[Reply] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    @property
    def root_file(self) -> Path:
        """The root that clients are to believe."""
        return self.folder / "root.pem"

    @property
    def device(self) -> tuple[Path, Path]:
        """A device's certificate and key under the root."""
        return self.folder / "device.pem", self.folder / "device.key"


@contextmanager
def scripted_service(folder: Path) -> Iterator[ScriptedService]:
    """A running service on a free port of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    root = make_root("Scripted root")
    (folder / "root.pem").write_text(root.pem)
    for name in ("server", "device"):
        _write(folder, name, leaf(root, name, ec.generate_private_key(ec.SECP256R1())))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.socket = _tls(folder).wrap_socket(server.socket, server_side=True)
    service = ScriptedService(f"https://127.0.0.1:{server.server_port}", folder, root)
    server.service = service  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def leaf(root: Identity, name: str, key: ec.EllipticCurvePrivateKey) -> Identity:
    """A certificate for a server at this machine's own address, or for a device."""
    return Identity(key, leaf_for(root, name, key.public_key()))


def leaf_for(root: Identity, name: str, key: ec.EllipticCurvePublicKey) -> x509.Certificate:
    """The same for a key that somebody else holds."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(root.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )


def _write(folder: Path, name: str, identity: Identity) -> None:
    (folder / f"{name}.pem").write_text(identity.pem)
    pem = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(pem)


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "root.pem"))
    context.verify_mode = ssl.CERT_OPTIONAL  # enrolment comes without a certificate
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _answer(self) -> None:
        service: ScriptedService = self.server.service  # type: ignore[attr-defined]
        service.asked.append(self._asked())
        reply = service.script.popleft() if service.script else Reply(status=500, content_type="text/plain")
        if reply.slow:
            service.ended.wait(10)
        if reply.drop or reply.slow:
            self.close_connection = True
            return
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        if reply.location:
            self.send_header("Location", reply.location)
        if reply.retry_after:
            self.send_header("Retry-After", reply.retry_after)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if reply.cut else body)
        self.close_connection |= reply.cut

    def _asked(self) -> Asked:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        certificate: Any = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        subject = dict(pair[0] for pair in (certificate or {}).get("subject", ()))
        key = self.headers.get("Idempotency-Key", "")
        is_json = self.headers.get("Content-Type") != "application/octet-stream"
        body = json.loads(content or "null") if is_json else content
        return Asked(self.command, self.path, key, body, subject.get("commonName", ""))
