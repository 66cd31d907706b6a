"""The load generator, in a process of its own: some connections, each with one request on its way, sent again and again
over TLS without a pause between them. It does no more than it must: requests are bytes that were made before, answers
are read to their end and only their status is looked at."""

import multiprocessing
import re
import socket
import ssl
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n")
_END = b"\r\n\r\n"
_STATUS = slice(9, 12)
_PIECE = 65536
_SILENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Line:
    """What one kiosk sends, over so many connections. ``certificate``, ``key``: PEM files."""

    certificate: Path
    key: Path
    requests: Sequence[bytes]
    connections: int


@dataclass(frozen=True, slots=True)
class Seen:
    """``latencies``: seconds of each request; ``cpu``: seconds of processor time that the generator itself took."""

    seconds: float
    cpu: float
    latencies: tuple[float, ...]
    statuses: dict[int, int]


class Generator:
    """The process."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def drive(self, port: int, root: Path, lines: Sequence[Line]) -> Seen:
        """Send everything, each line's requests in their order."""
        return self._pool.submit(_drive, port, root, tuple(lines)).result()

    def close(self) -> None:
        """End it."""
        self._pool.shutdown()


def _drive(port: int, root: Path, lines: Sequence[Line]) -> Seen:
    count = sum(line.connections for line in lines)
    ready = threading.Barrier(count + 1)
    with ThreadPoolExecutor(count) as pool:
        running = []
        for line in lines:
            waiting = deque(line.requests)
            running += [pool.submit(_ask_all, port, root, line, waiting, ready) for _ in range(line.connections)]
        ready.wait()
        began, cpu = time.perf_counter(), time.process_time()
        answers = [answer for each in running for answer in each.result()]
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Seen(seconds, cpu, tuple(took for _, took in answers), dict(Counter(status for status, _ in answers)))


def _ask_all(
    port: int, root: Path, line: Line, waiting: deque[bytes], ready: threading.Barrier
) -> list[tuple[int, float]]:
    """(status, seconds) of each."""
    answers = []
    with _connected(port, root, line) as wire:
        ready.wait(_SILENCE_S)
        while waiting:
            try:
                request = waiting.popleft()
            except IndexError:  # another connection of this kiosk was quicker
                break
            began = time.perf_counter()
            wire.sendall(request)
            answers.append((_status(wire), time.perf_counter() - began))
    return answers


@contextmanager
def _connected(port: int, root: Path, line: Line) -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context(cafile=str(root))
    context.load_cert_chain(line.certificate, line.key)
    plain = socket.create_connection(("127.0.0.1", port), timeout=_SILENCE_S)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with context.wrap_socket(plain, server_hostname="localhost") as wire:
        yield wire


def _status(wire: ssl.SSLSocket) -> int:
    """Read one answer to its end."""
    answer = wire.recv(_PIECE)
    while _END not in answer:
        answer += _more(wire)
    head = answer.index(_END) + len(_END)
    found = _LENGTH.search(answer, 0, head)
    left = head + int(found[1] if found else 0) - len(answer)
    while left > 0:
        left -= len(_more(wire))
    return int(answer[_STATUS])


def _more(wire: ssl.SSLSocket) -> bytes:
    piece = wire.recv(_PIECE)
    if not piece:
        raise ConnectionError("closed in the middle of an answer")
    return piece
