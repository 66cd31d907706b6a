"""What the gates of one site tell each other: faces, and slips that were shown; all that this takes at one gate, as the
composition root starts it.

``start`` once, ``tick`` every second by one repeating job, ``close`` at the end. ``own`` is what Tell tells of this
gate, ``wake`` is for EnrolFace when it has kept a face, ``slips.note`` for whoever reads codes.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.base import Wire
from backend_client.device_files import DeviceIdentity
from backend_client.errors import EnrolmentError
from backend_client.template_seals import seal_key_text
from civic.clock import Clock
from devices.health import Health, Level
from gate.flows.moment import Moment
from gate.services.giving import Giving
from gate.services.peer_client import PeerClient
from gate.services.peer_server import Answers, NotListeningError, PeerServer
from gate.services.peers import KnownPeer, PeerBook
from gate.services.shown_slips import ShownSlips
from gate.services.tell import OwnPart
from gate.services.templates import Received
from gate.store.opened import GateStore
from terminal.store.errors import StoreError

HEALTH: Final = "gate_peers"
_LISTEN_AGAIN_S: Final = 30.0
_BETWEEN_S: Final = 0.05  # two connections
_SLIPS_S: Final = 0.5


class Repeats(Protocol):
    """Jobs.repeat."""

    def __call__(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        """Call ``work`` now and every so many seconds."""


@dataclass(frozen=True, slots=True)
class Listen:
    """``host``, ``port``: where to listen on the site's own network. ``address``: host and port as the other gates
    reach them, told to records. ``walk_s``: from here to any other gate at the least (ShownSlips)."""

    host: str
    port: int
    address: str
    walk_s: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """What sharing needs of this gate. ``key``: the device's own, as it is now. ``model``: that faces are compared by
    at this door (FaceEngine.model); empty: no face here. ``changed``: faces were kept or dropped (KnownFaces.refresh);
    must not raise. ``tell``: hears of ``gate_peers``: ok, peer-refused, not-listening."""

    identity: DeviceIdentity
    root_pem: str
    key: Callable[[], ec.EllipticCurvePrivateKey]
    model: Callable[[], str]
    changed: Callable[[], None]
    tell: Callable[[Health], None] = lambda _: None
    listen: Listen | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """For PeerServer: each part has its own paths."""

    parts: tuple[Answers, ...]

    def answer(self, path: str, body: bytes, sender: KnownPeer) -> Wire | None:
        """Of the first that has this path. Raises what it raises."""
        said = (each.answer(path, body, sender) for each in self.parts)
        return next((each for each in said if each is not None), None)


@dataclass(slots=True, eq=False)
class Sharing:
    """Made by ``sharing``."""

    here: Here
    store: GateStore
    clock: Clock
    book: PeerBook
    server: PeerServer
    giving: Giving
    slips: ShownSlips
    _listens: bool = False
    _due: float = field(default=float("-inf"))

    def start(self, repeat: Repeats) -> None:
        """Listen, and answer the other gates by a job of its own. Nothing of this keeps a gate from opening: what can't
        be listened at is tried again."""
        self._listen()
        repeat("peers", _BETWEEN_S, self.server.serve)
        repeat("slips", _SLIPS_S, self.tell_slips)

    def tick(self) -> None:
        """Drop what came from a gate that is known no longer, and give what there is. Never raises what belongs to the
        network or the disk."""
        self._listen()
        with suppress(StoreError):
            self._drop_strangers()
            self.giving.tick(self.book.known())
        self.here.tell(self._health())

    def tell_slips(self) -> None:
        """By a job of its own: a face on its way holds up no word about a slip. Never raises what belongs to the
        network or the disk."""
        with suppress(StoreError):
            self.slips.tick(self.book.known())

    def close(self) -> None:
        """Answer no longer."""
        self.server.close()

    def wake(self) -> None:
        """A face was made here."""
        self.giving.wake()

    def own(self) -> OwnPart:
        """What records and the other gates are told of this one. Raises StoreError and EnrolmentError."""
        address = self.here.listen.address if self.here.listen is not None else ""
        try:
            signer = hashlib.sha256(self.here.identity.certificate.read_bytes()).hexdigest()
        except OSError:
            raise EnrolmentError("the device's certificate can't be read") from None
        return OwnPart(self.here.identity.device_id, seal_key_text(self.store.settings.template_key()), address, signer)

    def _drop_strangers(self) -> None:
        """A gate that was put out may have made up faces: they open nothing as soon as that is heard."""
        if self.store.grants.door() is None:
            return  # no snapshot yet, so nobody was put out
        if self.store.templates.keep_of({each.device_id for each in self.store.grants.peers()}):
            self.here.changed()

    def _listen(self) -> None:
        listen, now = self.here.listen, self.clock.monotonic()
        if listen is None or self._listens or now < self._due:
            return
        self._due = now + _LISTEN_AGAIN_S
        with suppress(NotListeningError):
            self.server.open(listen.host, listen.port)
            self._listens = True

    def _health(self) -> Health:
        if self.here.listen is not None and not self._listens:
            return Health(HEALTH, Level.DEGRADED, "not-listening")
        return Health(HEALTH, Level.DEGRADED, "peer-refused") if self.book.refused() else Health(HEALTH, Level.READY)


def sharing(here: Here, store: GateStore, moment: Callable[[], Moment], clock: Clock, chance: Random) -> Sharing:
    """All of it. ``moment``: GateTime.moment; ``clock``: the TrustedClock. Nothing is opened yet."""

    def key() -> X25519PrivateKey:
        return store.settings.template_key()

    identity = here.identity
    book = PeerBook(store.grants.peers, here.root_pem, clock)
    received = Received(identity.device_id, store.templates, key, moment, here.model, here.changed)
    client = PeerClient(identity)
    slips = ShownSlips(store, moment, clock, client, here.listen.walk_s if here.listen else 0)
    server = PeerServer(identity, book.known, Answering((received, slips)), clock)
    giving = Giving(identity.device_id, store.templates, client, here.key, clock, chance)
    return Sharing(here, store, clock, book, server, giving, slips)
