"""What a stranger's connection may cost."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn

from records.api.body import Message, Receive
from records.api.edge import App, Scope, Send
from records.tls import PeerCertificateProtocol

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


class Impatient(PeerCertificateProtocol):
    """The real one, in a test's time."""

    head_seconds = 0.4


async def _hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await asyncio.sleep(2 * Impatient.head_seconds)  # a long answer is not a late question
    for message in _answer():
        await send(message)


def _answer() -> Iterator[Message]:
    yield {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    yield {"type": "http.response.body", "body": b"hello"}


def _serving(app: App, listener: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    config = uvicorn.Config(app, http=Impatient, ws="none", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    return server, thread


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server, thread = _serving(_hello, listener)
        yield listener.getsockname()
        server.should_exit = True
        thread.join()


def _connected(address: tuple[str, int]) -> closing[socket.socket]:
    return closing(socket.create_connection(address, timeout=5))


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"\r\n", HEAD], ids=["nothing", "an empty line", "half a head"])
def test_who_connects_and_does_not_ask_is_let_go(address: tuple[str, int], said: bytes) -> None:
    """A silent connection holds a file for ever, and there are only so many."""
    with _connected(address) as connection:
        connection.sendall(said)
        assert _ended(connection)


def test_a_head_that_never_ends_is_cut_off(address: tuple[str, int]) -> None:
    """llhttp itself has no bound: it would keep it all."""
    with _connected(address) as connection, pytest.raises(ConnectionError):
        connection.sendall(HEAD + b"X-Long: " + b"x" * 80_000_000)


def test_a_connection_answers_again_and_again(address: tuple[str, int]) -> None:
    """The head's time is not the answer's, nor the connection's."""
    with _connected(address) as connection:
        for _ in range(2):
            connection.sendall(HEAD + b"\r\n")
            answer = b""
            while not answer.endswith(b"hello"):  # head and body may come apart
                answer += connection.recv(1000)
            assert answer.startswith(b"HTTP/1.1 200")
