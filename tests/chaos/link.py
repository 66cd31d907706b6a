"""The line between kiosk and records, with somebody who cuts it: a TCP proxy that carries bytes, or doesn't."""

import select
import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from tests.chaos.plan import Break

_LOOK_S = 0.02
_PIECE = 65536
_PATIENCE_S = 1.0  # whoever called may have gone, or read no more


class Link:
    """A context manager: inside, ``port`` leads to ``target`` as long as nothing is broken."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(_PATIENCE_S)
        self.port = int(self._server.getsockname()[1])
        self._broken = Break.NONE
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._left = Event()
        self._thread = Thread(target=self._run, name="link", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left.set()
        self._thread.join()
        self._server.close()
        self._close_all()

    def cut(self, how: Break) -> None:
        """From now on."""
        self._broken = how

    def mend(self) -> None:
        """What was stalled goes on."""
        self._broken = Break.NONE

    def _run(self) -> None:
        while not self._left.is_set():
            if self._broken is Break.STALLED:
                self._left.wait(_LOOK_S)
                continue
            if self._broken is Break.REFUSED:
                self._refuse()
                continue
            for ready in select.select([self._server, *self._pairs], [], [], _LOOK_S)[0]:
                (self._take if ready is self._server else self._carry)(ready)

    def _refuse(self) -> None:
        self._close_all()
        if select.select([self._server], [], [], _LOOK_S)[0]:
            with suppress(OSError):
                self._server.accept()[0].close()

    def _take(self, server: socket.socket) -> None:
        try:
            near = server.accept()[0]
        except OSError:
            return
        near.settimeout(_PATIENCE_S)
        try:
            far = socket.create_connection(("127.0.0.1", self._target), _PATIENCE_S)
        except OSError:
            near.close()
            return
        self._pairs |= {near: far, far: near}

    def _carry(self, near: socket.socket) -> None:
        if near not in self._pairs:
            return
        with suppress(OSError):
            if data := near.recv(_PIECE):
                self._pairs[near].sendall(data)
                return
        self._close(near)

    def _close(self, near: socket.socket) -> None:
        far = self._pairs.pop(near)
        del self._pairs[far]
        for end in (near, far):
            end.close()

    def _close_all(self) -> None:
        for near in list(self._pairs):
            if near in self._pairs:
                self._close(near)
