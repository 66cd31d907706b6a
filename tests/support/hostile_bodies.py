"""Bodies that nobody sends by mistake, at a real records service over TLS, and what it answers.

python -m tests.support.hostile_bodies          the table, in a minute and a half (slow senders take their time)
python -m tests.support.hostile_bodies --quick  without the slow ones
"""

import argparse
import gzip
import json
import socket
import ssl
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from backend_client.device_files import DeviceIdentity
from records.api.problems import MEDIA_TYPE
from tests.support.records_server import RecordsServer, running_records

CLOSED = (0, "closed")
_READ_S = 90.0
_DRIP_S = 0.5
_MILLION = 1_000_000


@dataclass(frozen=True)
class Endpoint:
    """Where bodies are taken in. ``good``: a body that is read to its end; ``largest``: bytes of one."""

    name: str
    line: str
    good: bytes
    largest: int
    device: bool
    headers: str = ""


@dataclass(frozen=True)
class Hostile:
    """``send``: (endpoint) -> header lines and body; ``says``: the answer of each endpoint, or of all."""

    name: str
    make: Callable[[Endpoint], tuple[str, bytes]]
    says: tuple[tuple[int, str], ...]
    slow: bool = False
    drips: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Answer:
    """What came. ``code``: of the problem detail; a status of 0: the connection ended without a word."""

    endpoint: str
    body: str
    status: int
    code: str
    expected: bool
    seconds: float


_ITEM = {
    "id": "01936d3c-0000-7000-8000-000000000001",
    "sequence": 1,
    "boot_id": "01936d3c-0000-7000-8000-000000000002",
    "monotonic_ms": 1,
    "at": "2026-11-22T15:05:00Z",
    "kind": "residence",
    "key_id": "0" * 16,
    "sealed": "AAAA",
}
ENDPOINTS = (
    Endpoint(
        "enrolment",
        "POST /v1/enrolments",
        json.dumps({"code": "ABCDE-FGHJK", "kind": "kiosk", "csr_pem": "x"}).encode(),
        64 * 1024,
        device=False,
    ),
    Endpoint("batch", "POST /v1/intakes", json.dumps({"items": [_ITEM]}).encode(), 1024 * 1024, device=True),
    Endpoint(
        "seal",
        "POST /v1/papers/2026-0001-000001-79/seal",
        json.dumps({"digest": "A" * 43 + "="}).encode(),
        64 * 1024,
        device=True,
        headers=f"Idempotency-Key: {uuid4()}\r\n",
    ),
)
MALFORMED, INVALID, TOO_LARGE = (400, "malformed"), (422, "validation"), (413, "too-large")
COMPRESSED, SLOW = (415, "malformed"), (408, "malformed")
READ = (422, "validation"), (200, ""), (404, "not-found")  # read to its end: what each says to a body without sense


def _sized(body: bytes, headers: str = "") -> tuple[str, bytes]:
    return f"Content-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n", body


def _filled(endpoint: Endpoint, size: int) -> bytes:
    """A body of that size, of the right shape at its beginning."""
    return endpoint.good[:-1] + b" " * (size - len(endpoint.good)) + endpoint.good[-1:]


def _keys(count: int) -> bytes:
    return b"{" + b",".join(b'"k%d":0' % number for number in range(count)) + b"}"


def _coded(coding: str, body: bytes) -> tuple[str, bytes]:
    return _sized(body, f"Content-Encoding: {coding}\r\n")


def _with_number(endpoint: Endpoint, digits: bytes) -> bytes:
    """A number where one may stand, or in the place of the first text."""
    if b'"sequence": 1' in endpoint.good:
        return endpoint.good.replace(b'"sequence": 1', b'"sequence": ' + digits)
    name = endpoint.good.split(b'"')[1]
    return b'{"' + name + b'": ' + digits + b"}"


def _doubled(endpoint: Endpoint) -> bytes:
    """Each member twice; the last of them counts."""
    return b"{" + endpoint.good[1:-1] + b", " + endpoint.good[1:]


_CHUNKED = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
HOSTILE = (
    Hostile("as it should be", lambda e: _sized(e.good), READ),
    Hostile("JSON cut off", lambda e: _sized(e.good[:-5]), (MALFORMED,)),
    Hostile("cut off on its way", lambda e: (_sized(e.good)[0], e.good[:-5]), (CLOSED,), cut=True),
    Hostile("nothing, of no length", lambda _e: ("Content-Type: application/json\r\n", b""), (INVALID,)),
    Hostile("one byte too long", lambda e: _sized(_filled(e, e.largest + 1)), (TOO_LARGE,)),
    Hostile("just as long as may be", lambda e: _sized(_filled(e, e.largest)), READ),
    Hostile(
        "ten gigabytes, as it says",
        lambda e: (_sized(e.good)[0].rsplit(" ", 1)[0] + " 10000000000\r\n", b"{"),
        (TOO_LARGE,),
    ),
    Hostile("too long, in chunks", lambda e: (_CHUNKED, _chunks(_filled(e, e.largest + 1))), (TOO_LARGE,)),
    Hostile("gzip bomb", lambda _e: _coded("gzip", gzip.compress(b"[" * 20 * _MILLION)), (COMPRESSED,)),
    Hostile("deflate bomb", lambda _e: _coded("deflate", zlib.compress(b"[" * 20 * _MILLION)), (COMPRESSED,)),
    Hostile("two codings", lambda e: _coded("identity, gzip", gzip.compress(e.good)), (COMPRESSED,)),
    Hostile("gzip that does not say so", lambda e: _sized(gzip.compress(e.good)), (MALFORMED,)),
    Hostile("nested as deep as fits", lambda e: _sized(b"[" * (e.largest // 2)), (MALFORMED,)),
    Hostile(
        "nested and closed",
        lambda e: _sized(b'{"a":' * (e.largest // 8) + b"1" + b"}" * (e.largest // 8)),
        (MALFORMED,),
    ),
    Hostile("a million keys", lambda _e: _sized(_keys(_MILLION)), (TOO_LARGE,)),
    Hostile("as many keys as fit", lambda e: _sized(_keys(e.largest // 12)), (INVALID,)),
    Hostile("no UTF-8", lambda e: _sized(e.good.replace(b': "', b': "\xff', 1)), (MALFORMED,)),
    Hostile("UTF-16", lambda e: _sized(e.good.decode().encode("utf-16")), READ),
    Hostile(
        "Latin-1, as it says",
        lambda e: (f"Content-Type: application/json; charset=latin-1\r\nContent-Length: {len(e.good)}\r\n", e.good),
        READ,
    ),
    Hostile(
        "NUL in a text",
        lambda e: _sized(e.good.replace(b': "', b': "\\u0000', 1)),
        ((422, "validation"), INVALID, INVALID),
    ),
    Hostile("NUL between", lambda e: _sized(e.good.replace(b":", b"\x00:", 1)), (MALFORMED,)),
    Hostile("half a surrogate", lambda e: _sized(e.good.replace(b': "', b': "\\ud800', 1)), (INVALID,)),
    Hostile("a number of 5,000 digits", lambda e: _sized(_with_number(e, b"9" * 5000)), (MALFORMED,)),
    Hostile("a number of 71 bits", lambda e: _sized(_with_number(e, b"%d" % 2**70)), (INVALID, (200, ""), INVALID)),
    Hostile("1e400 and NaN", lambda e: _sized(_with_number(e, b"[1e400, NaN]")), (INVALID, (200, ""), INVALID)),
    Hostile("each key twice", lambda e: _sized(_doubled(e)), READ),
    Hostile(
        "no JSON, as it says",
        lambda e: (f"Content-Type: text/plain\r\nContent-Length: {len(e.good)}\r\n", e.good),
        (INVALID,),
    ),
    Hostile(
        "a form",
        lambda _e: ("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n", b"a=b"),
        (INVALID,),
    ),
    Hostile("a text for an object", lambda _e: _sized(b'"text"'), (INVALID,)),
    Hostile("chunks of garbage", lambda _e: (_CHUNKED, b"zz\r\nnothing\r\n"), (MALFORMED,)),
    Hostile("a chunk of 2^64", lambda _e: (_CHUNKED, b"FFFFFFFFFFFFFFFFF\r\n{"), (MALFORMED,)),
    Hostile("chunks and a length", lambda e: (_CHUNKED + "Content-Length: 5\r\n", _chunks(e.good)), (MALFORMED,)),
    Hostile("two lengths", lambda e: (_sized(e.good)[0] + "Content-Length: 1\r\n", e.good), (MALFORMED,)),
    Hostile("a length below nothing", lambda e: ("Content-Length: -5\r\n", e.good), (MALFORMED,)),
    Hostile("a length in words", lambda e: ("Content-Length: ten\r\n", e.good), (MALFORMED,)),
    Hostile("one byte each half second", lambda e: _sized(e.good), (SLOW,), slow=True, drips=True),
    Hostile("the first byte and silence", lambda e: (_sized(e.good)[0], e.good[:1]), (SLOW,), slow=True),
)


def _chunks(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def attack(server: RecordsServer, device: DeviceIdentity, *, slow: bool) -> Iterator[Answer]:
    """Every body at every endpoint, the slow ones all at once: each from a device of its own, as one device has room
    for few at a time."""
    pairs = [(hostile, endpoint) for hostile in HOSTILE for endpoint in ENDPOINTS if slow or not hostile.slow]
    with ThreadPoolExecutor(2 * len(ENDPOINTS)) as pool:
        waiting = {pair: pool.submit(_answer, server, server.enrol(), *pair) for pair in pairs if pair[0].slow}
        for pair in pairs:
            yield waiting[pair].result() if pair in waiting else _answer(server, device, *pair)


def _answer(server: RecordsServer, device: DeviceIdentity, hostile: Hostile, endpoint: Endpoint) -> Answer:
    begun = time.monotonic()
    with _connected(server, device if endpoint.device else None) as connection:
        _send(connection, hostile, endpoint)
        status, code = _read(connection)
    expected = hostile.says[ENDPOINTS.index(endpoint) % len(hostile.says)]
    return Answer(endpoint.name, hostile.name, status, code, (status, code) == expected, time.monotonic() - begun)


def _connected(server: RecordsServer, device: DeviceIdentity | None) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(server.root_pem))
    if device is not None:
        context.load_cert_chain(device.certificate, device.key)
    plain = socket.create_connection(("localhost", server.port), timeout=_READ_S)
    return context.wrap_socket(plain, server_hostname="localhost")


def _send(connection: ssl.SSLSocket, hostile: Hostile, endpoint: Endpoint) -> None:
    headers, body = hostile.make(endpoint)
    head = f"{endpoint.line} HTTP/1.1\r\nHost: localhost\r\n{endpoint.headers}{headers}\r\n".encode()
    try:
        if hostile.drips:
            _drip(connection, head, body)
        else:
            connection.sendall(head + body)
        if hostile.cut:
            connection.unwrap()  # says that no more comes
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass  # answered, and closed, before it was all sent


def _drip(connection: ssl.SSLSocket, head: bytes, body: bytes) -> None:
    connection.sendall(head)
    for index in range(len(body) - 1):
        connection.sendall(body[index : index + 1])
        time.sleep(_DRIP_S)


def _read(connection: ssl.SSLSocket) -> tuple[int, str]:
    """Status and problem code of one answer."""
    received = b""
    try:
        while b"\r\n\r\n" not in received or len(received.partition(b"\r\n\r\n")[2]) < _length(received):
            more = connection.recv(65536)
            if not more:
                break
            received += more
    except (ConnectionResetError, ssl.SSLError, ValueError, OSError):
        pass
    if not received:
        return CLOSED
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status < 400:
        return status, ""
    problem = json.loads(body)
    assert f"content-type: {MEDIA_TYPE}".encode() in head.lower()
    assert problem["status"] == status
    return status, str(problem["code"])


def _length(received: bytes) -> int:
    lines = received.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)


def lines(answers: list[Answer]) -> list[str]:
    """The table: a line for each body, a column for each endpoint."""
    names = [endpoint.name for endpoint in ENDPOINTS]
    rows = [f"{'body':28}" + "".join(f"{name:24}" for name in names)]
    for hostile in dict.fromkeys(each.body for each in answers):
        mine = {each.endpoint: each for each in answers if each.body == hostile}
        rows.append(f"{hostile:28}" + "".join(f"{_cell(mine[name]):24}" for name in names))
    return rows


def _cell(answer: Answer) -> str:
    text = f"{answer.status or ''} {answer.code}".strip()
    return text if answer.expected else f"{text} (!)"


def peak_mib(server: RecordsServer) -> int:
    """The most RAM that the service has held."""
    assert server._process is not None
    status = Path(f"/proc/{server._process.pid}/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def main() -> int:
    """Print the table; 1: an answer was another than it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_records(Path(folder)) as server:
        answers = list(attack(server, server.enrol(), slow=not options.quick))
        peak = peak_mib(server)
    print("\n".join(lines(answers)))
    longest = max((each for each in answers if each.status != SLOW[0]), key=lambda each: each.seconds)
    print(f"The service took {peak} MiB at most. Longest: {longest.body}, {longest.endpoint}, {longest.seconds:.1f} s.")
    return 0 if all(each.expected for each in answers) else 1


if __name__ == "__main__":
    sys.exit(main())
