"""The message gateway's far end: HTTPS on loopback, with a certificate of its own, and faults as the state file says.

A text that it took stands in ``texts.jsonl`` beside the state files, the last hundred of them, so that who tries the
kiosk can read the code. The same Idempotency-Key is taken once, whatever became of the answer.
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

from simulators.message_gateway.certificate import make
from simulators.state import SimulatedState

DEVICE = "message_gateway"
ROOT_FILE = "message_gateway.pem"
TEXTS_FILE = "texts.jsonl"
PORT = 8445
_KEPT = 100
_SLOW_S = 30.0
_LARGEST = 16 * 1024
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Text:
    """What it took."""

    id: str
    number: str
    text: str


def texts(folder: Path) -> list[Text]:
    """What the gateway of these state files took, the oldest first."""
    try:
        lines = (folder / TEXTS_FILE).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Text(**json.loads(line)) for line in lines]


class Gateway:
    """One gateway. ``state``: its folder holds the state file, the certificate to believe, and the texts."""

    def __init__(self, state: SimulatedState) -> None:
        self.state = state
        self.root_file = state.folder / ROOT_FILE
        self._lock = Lock()
        self._ended = Event()
        self._known: dict[str, str] = {}

    @contextmanager
    def serving(self, port: int) -> Iterator[int]:
        """Inside, it answers at this port (0: a free one)."""
        self.state.folder.mkdir(parents=True, exist_ok=True)
        (self.state.folder / TEXTS_FILE).unlink(missing_ok=True)  # of another day
        key_file = self.state.folder / ".message_gateway.key.pem"
        make(self.root_file, key_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.root_file, key_file)
        server = _Server(("127.0.0.1", port), _Handler)
        server.gateway, server.context = self, context
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="message gateway")
        thread.start()
        try:
            yield server.server_port
        finally:
            self._ended.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def taken(self) -> list[Text]:
        """Every text so far, the oldest first."""
        return texts(self.state.folder)

    @property
    def fault(self) -> str:
        """What it does now."""
        return self.state.read(DEVICE)["state"]

    def take(self, text_id: str, number: str, words: str) -> str:
        """Keep a text, once; its number here."""
        with self._lock:
            if text_id not in self._known:
                self._known[text_id] = f"sim-{len(self._known) + 1}"
                kept = [*self.taken(), Text(self._known[text_id], number, words)][-_KEPT:]
                lines = "".join(f"{json.dumps(asdict(each), ensure_ascii=False)}\n" for each in kept)
                part = self.state.folder / f".{TEXTS_FILE}.part"
                part.write_text(lines, "utf-8")
                part.replace(self.state.folder / TEXTS_FILE)
            return self._known[text_id]

    def dawdle(self) -> None:
        """Be slow, until it is over."""
        self._ended.wait(_SLOW_S)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gateway: Gateway
    context: ssl.SSLContext

    def finish_request(self, request: object, client_address: object) -> None:
        """TLS is spoken on the connection's own thread: whoever stays silent holds up nobody else."""
        try:
            secured = self.context.wrap_socket(request, server_side=True)  # type: ignore[arg-type] # a socket
        except OSError:  # ssl.SSLError is one
            return
        with secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked is gone: nothing is amiss."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Server)  # noqa: S101 - it made this
        gateway, fault = server.gateway, server.gateway.fault
        self.close_connection = True
        if fault == "down":
            return
        length = int(self.headers.get("Content-Length") or 0)
        asked = json.loads(self.rfile.read(min(length, _LARGEST)) or b"{}")
        key = self.headers.get("Idempotency-Key", "")
        if fault == "refuses" or self.path != "/v1/texts" or not key:
            self._answer(422, {"error": "refused"})
            return
        accepted = gateway.take(key, str(asked["number"]), str(asked["text"]))
        if fault == "slow":
            gateway.dawdle()
        if fault != "loses-answer":
            self._answer(202, "nonsense" if fault == "garbage" else {"id": accepted})

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Say nothing: a log has no numbers."""
