"""A bureau's household register behind HTTPS, as docs/population-source.md has it: the far end of ``HttpPopulation``.

It wants the client's certificate, answers out of another source, and misbehaves as a test says.
"""

import base64
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from civic.id_number import IdNumber
from records.population import wire
from records.population.source import PopulationSource
from records.sections import PopulationSettings
from tests.support.pki import Identity, make_root
from tests.support.scripted_https import leaf

_PATIENCE_S = 20.0
Alter = Callable[[bytes], bytes]


@dataclass(slots=True)
class PopulationEnd:
    """``hangs``: says nothing; ``dribbles``: a byte now and then; ``status``: instead of 200; ``alter``: the answer on
    its way. ``asked``: addresses and the client's name."""

    url: str
    folder: Path
    source: PopulationSource
    hangs: bool = False
    dribbles: bool = False
    status: int = 200
    alter: Alter = bytes
    asked: list[tuple[str, str]] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def settings(self, **more: object) -> PopulationSettings:
        """With which records reach it."""
        places = {name: str(self.folder / f"{name}.pem") for name in ("root", "certificate", "key")}
        return PopulationSettings.model_validate({"url": self.url, **places, "answer_seconds": 2.0, **more})


@contextmanager
def population_end(folder: Path, source: PopulationSource) -> Iterator[PopulationEnd]:
    """A running one on a free port of this machine."""
    folder.mkdir(parents=True)
    root = make_root("Bureau root")
    (folder / "root.pem").write_text(root.pem)
    _write(folder, "server", leaf(root, "register", ec.generate_private_key(ec.SECP256R1())))
    _write(folder, "", leaf(root, "records", ec.generate_private_key(ec.SECP256R1())))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.socket = _tls(folder).wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    end = PopulationEnd(f"https://127.0.0.1:{server.server_port}", folder, source)
    server.end = end  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield end
    finally:
        end.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _write(folder: Path, prefix: str, identity: Identity) -> None:
    names = [f"{prefix}-{name}.pem" if prefix else f"{name}.pem" for name in ("certificate", "key")]
    pem = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / names[0]).write_text(identity.pem)
    (folder / names[1]).write_bytes(pem)


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "root.pem"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(folder / "server-certificate.pem", folder / "server-key.pem")
    return context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # a client that is gone, or was refused
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_POST(self) -> None:
        end: PopulationEnd = self.server.end  # type: ignore[attr-defined]
        client = dict(part[0] for part in self.connection.getpeercert()["subject"])["commonName"]
        end.asked.append((self.path, client))
        question = self.rfile.read(int(self.headers["Content-Length"]))
        if end.hangs:
            end.ended.wait(_PATIENCE_S)
            self.close_connection = True
            return
        body = end.alter(_answer(end.source, self.path.removeprefix("/v1/"), question).model_dump_json().encode())
        self.send_response(end.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(body, slowly=end.dribbles)

    def _send(self, body: bytes, *, slowly: bool) -> None:
        if not slowly:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)


def _answer(source: PopulationSource, name: str, question: bytes) -> wire.Answer:
    if name == "find":
        number = wire.NumberQuestion.model_validate_json(question)
        found = source.find(IdNumber(number.id_number))
        return wire.OneAnswer(request_id=number.request_id, resident=wire.wire_of(found) if found else None)
    if name == "find-document":
        document = wire.DocumentQuestion.model_validate_json(question)
        found = source.find_document(document.kind, document.issuing_state, document.number)
        return wire.OneAnswer(request_id=document.request_id, resident=wire.wire_of(found) if found else None)
    asked = wire.PersonQuestion.model_validate_json(question)
    if name == "resident":
        found = source.resident(asked.person_id)
        return wire.OneAnswer(request_id=asked.request_id, resident=wire.wire_of(found) if found else None)
    if name in {"children", "household"}:
        rows = tuple(wire.wire_of(each) for each in getattr(source, name)(asked.person_id))
        return wire.ManyAnswer(request_id=asked.request_id, residents=rows)
    image = source.portrait(asked.person_id)
    jpeg = image.reveal() if image else b""
    text = base64.b64encode(jpeg).decode() if jpeg and name == "portrait" else None
    return wire.PortraitAnswer(request_id=asked.request_id, jpeg=text, size=len(jpeg))
