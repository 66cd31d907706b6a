"""The service: uvicorn on a socket of our own, with TLS by ``records.tls``."""

import errno
import socket
from collections.abc import Callable

import uvicorn

from records import logs, metrics, notify
from records.app import api, application
from records.context import Records
from records.errors import DataFolderError
from records.hourly import tidying
from records.services.sending import sending
from records.tls import PeerCertificateProtocol, server_context

_KEEP_ALIVE_S = 60
_SHUTDOWN_S = 5
_BACKLOG = 128
_ALIVE_TICKS = 50


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open for requests."""
        await super().startup(sockets)
        if self.started:
            self._listening()
            notify.tell(notify.READY)

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second, from the loop that answers requests: while it turns, the watchdog hears so."""
        if counter % _ALIVE_TICKS == 0:
            notify.tell(notify.ALIVE)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would never end by itself; the rest has its time."""
        self._ending()
        await super().shutdown(sockets)


def serve(records: Records, port: int, listening: Callable[[], None]) -> None:
    """Serve until a signal ends it. ``listening`` is called once requests are taken."""
    routes = api(records)
    config = uvicorn.Config(
        application(records, routes),
        http=PeerCertificateProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,  # the edge writes its own line, without the path
        server_header=False,
        proxy_headers=False,  # no proxy can stand between: whoever connects is who is slowed and audited
        ssl_context_factory=lambda _config, _default: server_context(records.folder / "tls", records.keys),
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    with bound(records.settings.server.host, port) as listener:
        logs.configure()
        with metrics.serving(records), sending(records), tidying(records):
            _Server(config, listening, routes.state.hints.close).run(sockets=[listener])


def bound(host: str, port: int) -> socket.socket:
    """A listening socket. DataFolderError says who else might hold the port."""
    try:
        listener = socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there, perhaps these records already" if taken else str(error.strerror)
        raise DataFolderError(f"can't listen on {host} port {port}: {why}") from None
    # inherited by each connection; else the second piece of an answer waits 40 ms for the first one's delayed ACK
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
