"""From a card's proof, or a slip's square, to the door's relay: a composed gate, its own disk, and a real door on its
bus, against what the door's driver alone needs until the controller moves the relay.

No records are there: a gate decides by itself. What a reader needs comes before it, and of a face its models
(gate_face). When the relay moved stands in the controller's log, to the millisecond.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, DeviceIdentity
from civic.gate_codes import SlipCode, card_ref, code_ref, slip_code
from devices.access_card.api import CardKey
from gate.flows.states import Idle
from gate.services.reading import Shown
from records.keys import pem, private_pem
from tests.gate.made_up import TODAY, grant, snapshot, way
from tests.gate.site import Community
from tests.support.gate_room import Room, Street, configured, room, street
from tests.support.records_server import RecordsServer

_SIZES = (1_000, 12_000)
_ASKS = 100
_PATIENCE_S = 20.0
_KEY_BYTES = 91  # of a P-256 key's SubjectPublicKeyInfo


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note). Ours and the driver alone in turns; medians, and of ours the worst of a hundred too."""
    with tempfile.TemporaryDirectory() as made, street(Path(made) / "sim") as around:
        folder = Path(made)
        settings = configured(folder / "gate", _nobody(folder), _enrolled(folder / "identity"), around.folder)
        with room(settings) as gate:
            gate.until(lambda: gate.gate.watch.reasons().get("door") == "ok", "the door", _PATIENCE_S)
            for size in _SIZES:
                rights = (_right(of) for of in range(size, 2 * size))  # nobody of the size before
                gate.gate.tidy.store.grants.restart(snapshot(*rights, cursor=f"c{size}"))
                gate.rests()
                gate.gate.place.look()
                gate.is_at(Idle)
                yield from _Bench(gate, around, size).measure()


@dataclass(frozen=True, slots=True)
class _Bench:
    gate: Room
    street: Street
    size: int

    def measure(self) -> Iterator[tuple[str, float, str]]:
        """Each time somebody else comes; by their slips first, which end once a card has opened."""
        for name, shown in (("slip's square", lambda of: Shown(_slip(of).text)), ("card", _card)):
            ours, alone = list[float](), list[float]()
            for ask in range(_ASKS):
                ours.append(self._until_relay(self._passing(shown(self.size + ask * (self.size // _ASKS)))))
                alone.append(self._until_relay(self._door))
            p50, p99 = (1000 * float(each) for each in np.percentile(ours, (50, 99)))
            least = 1000 * float(np.median(alone))
            note = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {_ASKS}, against {least:.0f} ms"
            yield f"{name} at a gate of {self.size:,} rights, to the relay / the door's driver alone", p50 / least, note

    def _passing(self, shown: object) -> Callable[[], None]:
        self.gate.rests()
        return lambda: self.gate.gate.conductor.presented(shown)

    def _door(self) -> None:
        self.gate.gate.fitted.door.open(1, Event())

    def _until_relay(self, work: Callable[[], None]) -> float:
        before, start = len(self.street.strikes()), time.monotonic()
        work()
        self.gate.until(lambda: self.street.opens(before + 1), "the relay")
        return float(self.street.strikes()[before]["at"]) - start


def _card(of: int) -> CardKey:
    """A gate compares the key's text: any other than a telephone's will do."""
    return CardKey(of.to_bytes(_KEY_BYTES))


def _slip(of: int) -> SlipCode:
    return slip_code(of.to_bytes(16))


def _right(of: int) -> Grant:
    ways = (
        way(of, WayKind.CARD, card_ref(of.to_bytes(_KEY_BYTES))),
        way(of + 100_000, WayKind.SLIP, code_ref(_slip(of))),
    )
    return grant(of, *ways, ends_on=TODAY + timedelta(days=300))


def _nobody(folder: Path) -> RecordsServer:
    """Records that were never started."""
    server = RecordsServer(folder / "records", 9, folder / "records.log")
    server.root_pem.parent.mkdir(parents=True)
    return server


def _enrolled(folder: Path) -> DeviceIdentity:
    community, key = Community(), ec.generate_private_key(ec.SECP256R1())
    folder.mkdir()
    (folder.parent / "records" / "keys" / "root.cert.pem").write_text(community.root_pem, "ascii")
    (folder / CERTIFICATE_FILE).write_text(pem(community.device("gate-1", key)), "ascii")
    (folder / KEY_FILE).write_bytes(private_pem(key))
    return DeviceIdentity("gate-1", folder / CERTIFICATE_FILE, folder / KEY_FILE)
