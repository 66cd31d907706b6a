"""A site of gates for tests: one root and device authority, gates with their own stores, keys and sockets."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.gates import Grant, Peer, peer_statement
from backend_client.contract.templates import SealedTemplate, TemplateContent, template_statement
from backend_client.contract.tenancies import WayKind
from backend_client.device_files import DeviceIdentity
from backend_client.template_seals import seal_template
from devices.face.template import Template as Face
from devices.health import Health
from forms.paper import CHINA_TIME
from gate.services.peers import KnownPeer, known_peer
from gate.services.sharing import Here, Listen, Sharing, sharing
from gate.store.opened import GateStore, gate_database, gate_store
from gate.store.templates import Template
from records import certificates
from records.certificates import Authority, Profile
from records.keys import pem, private_pem
from terminal.jobs import Jobs
from tests.gate.made_up import KEY, Still, grant, number, snapshot, way
from tests.support.clocks import NOW, StillClock
from tests.support.records_server import free_port

MODEL = "model-1"
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def holder(of: int) -> str:
    """As ``made_up.grant`` numbers them."""
    return number(500_000 + of)


def right(of: int, *, consent: int | None = None, revision: int = 1) -> Grant:
    """Somebody's, with a slip, and with a consent to their face (number 3000 and theirs, or 0: none)."""
    face = 3000 + of if consent is None else consent
    faces = (way(face, WayKind.FACE),) if face else ()
    return grant(of, way(1000 + of, WayKind.SLIP, f"slip{of}"), *faces, revision=revision)


def face(of: int, *, at: datetime = NOW, model: str = MODEL, maker: str = "") -> Template:
    """Somebody's, by their consent."""
    vector = Face(model, np.eye(64, dtype=np.float32)[of : of + 1]).to_bytes()
    return Template(holder(of), vector, at, number(3000 + of), maker)


@dataclass
class Community:
    """Who issues certificates here."""

    root: Authority = field(init=False)
    devices: Authority = field(init=False)

    def __post_init__(self) -> None:
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        named = certificates.name("root", "test")
        self.root = Authority(keys[0], certificates.self_signed(keys[0], named, _BEGAN))
        named = certificates.name("devices", "test")
        of_devices = certificates.issue(self.root, keys[1].public_key(), named, certificates.DEVICE_AUTHORITY, _BEGAN)
        self.devices = Authority(keys[1], of_devices)

    def device(self, name: str, key: ec.EllipticCurvePrivateKey, days: int = 1800) -> x509.Certificate:
        """A device's certificate, of so many days since the beginning."""
        profile = Profile(days=days, usages=certificates.DEVICE.usages)
        return certificates.issue(self.devices, key.public_key(), certificates.name(name, "test"), profile, _BEGAN)

    @property
    def root_pem(self) -> str:
        """What every gate is given."""
        return pem(self.root.certificate)


@dataclass
class GateThere:
    """One gate. ``changes``: how often its gallery was to be looked at anew."""

    community: Community
    name: str
    folder: Path
    port: int
    clock: StillClock
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    model: str = MODEL
    walk_s: int = 0
    time: Still = field(default_factory=Still)
    changes: int = 0
    said: list[Health] = field(default_factory=list)
    grants: tuple[Grant, ...] = ()
    others: tuple[Peer, ...] = ()
    cursor: int = 0
    store: GateStore = field(init=False)
    sharing: Sharing = field(init=False)
    jobs: Jobs[object] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.certify()
        self.open()

    @property
    def identity(self) -> DeviceIdentity:
        return DeviceIdentity(self.name, self.folder / "device.pem", self.folder / "device.key")

    def certify(self) -> None:
        """Write the key's certificate."""
        self.identity.certificate.write_text(pem(self.community.device(self.name, self.key)))
        self.identity.key.write_bytes(private_pem(self.key))

    def open(self) -> None:
        """Compose it, as at a start."""
        database = gate_database(self.folder / "gate.sqlite", KEY)
        self.store = gate_store(database, CHINA_TIME, self.time.day_and_time)
        here = Here(
            self.identity,
            self.community.root_pem,
            lambda: self.key,
            lambda: self.model,
            self._changed,
            self.said.append,
            Listen("127.0.0.1", self.port, f"127.0.0.1:{self.port}", self.walk_s),
        )
        self.sharing = sharing(here, self.store, self.time.moment, self.clock, Random(1))

    def up(self) -> "GateThere":
        """Answer the others from now on. What this gate tells them, it tells when a test says so."""
        self.jobs = jobs = Jobs[object](lambda: None, workers=1)

        def repeat(name: str, seconds: float, work: Callable[[], None]) -> None:
            if name == "peers":
                jobs.repeat(name, seconds, work)

        self.sharing.start(repeat)
        return self

    def down(self) -> None:
        """Answer nobody any more."""
        self.sharing.close()
        if self.jobs is not None:
            self.jobs.close()
            self.jobs = None

    def power_fails(self) -> None:
        """And comes back."""
        self.down()
        self.store.database.close()
        self.open()

    def hears(self, *grants: Grant, others: "tuple[GateThere, ...] | None" = None) -> None:
        """A new snapshot."""
        self.cursor += 1
        if others is not None:
            self.others = tuple(each.peer() for each in others)
        stated = snapshot(*grants, cursor=f"c{self.cursor}").model_copy(update={"peers": self.others})
        self.store.grants.restart(stated)

    def peer(self) -> Peer:
        """As records tell the others of it, from what it tells itself."""
        own = self.sharing.own()
        signature = self.key.sign(peer_statement(own.device_id, own.key), ec.ECDSA(hashes.SHA256()))
        return Peer(
            device_id=own.device_id,
            door=own.device_id,
            key=own.key,
            signature=base64.b64encode(signature).decode(),
            certificate_pem=self.identity.certificate.read_text() + pem(self.community.devices.certificate),
            address=own.address,
        )

    def known(self) -> KnownPeer:
        """As the others believe it."""
        return known_peer(self.peer(), self.community.root.certificate, NOW)

    def faces(self) -> list[Template]:
        """Those that it holds."""
        return self.store.templates.all()

    def seals(
        self, template: Template, to: "GateThere", key: ec.EllipticCurvePrivateKey | None = None
    ) -> SealedTemplate:
        """As it is sent; ``key``: that signs it, if it is another than this gate's."""
        content = TemplateContent(
            holder=template.holder,
            credential=template.credential,
            made_at=template.made_at,
            vector=base64.b64encode(template.vector).decode(),
        )
        sealed = seal_template(content, self.name, to.name, to.sharing.own().key)
        statement = template_statement(self.name, to.name, sealed)
        signature = (key or self.key).sign(statement, ec.ECDSA(hashes.SHA256()))
        return SealedTemplate(sealed=sealed, signature=base64.b64encode(signature).decode())

    def _changed(self) -> None:
        self.changes += 1


@contextmanager
def site(folder: Path, *names: str) -> Iterator[list[GateThere]]:
    """Gates of one community that know each other; nobody has a right yet, and none of them answers yet."""
    community, clock = Community(), StillClock()
    folder.mkdir(exist_ok=True)
    gates = [GateThere(community, name, folder / name, free_port(), clock) for name in names]
    for gate in gates:
        gate.hears(others=tuple(each for each in gates if each is not gate))
    try:
        yield gates
    finally:
        for gate in gates:
            gate.down()
            gate.store.database.close()
