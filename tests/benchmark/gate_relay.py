"""From a card's proof, a slip's or a telephone's square, or a camera's frame until the door's controller has the
command: a composed gate, its own disk, and a real door on its bus.

Cards and squares stand beside what the door's driver alone needs; a face beside its two models alone and one reading of
the gallery's matrix at the speed of memory, from the frame that decides. When the controller had the command stands in
its log, to the millisecond. No records are there: a gate decides by itself. What a reader needs comes before it; a
passive model, which the site brings, takes its own time for each of the two looks.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import PhoneCode, SlipCode, card_ref, code_ref, phone_counter, phone_statement, slip_code
from devices.access_card.api import CardKey
from devices.face.driver import InsightFaceEngine
from gate.flows.states import Idle, Opened
from gate.services.reading import Shown
from simulators.street import Street
from tests.benchmark.face import bare_inference
from tests.benchmark.gate_face import MEASURED, SIZES, bandwidth, filled
from tests.gate.made_up import TODAY, grant, number, snapshot, way
from tests.support.camera import PACK, people
from tests.support.gate_alone import Frames, alone, give_faces
from tests.support.gate_room import Room

_ASKS = 100
_PATIENCE_S, _POLL_S = 20.0, 0.02
_KEY_BYTES = 91  # of a P-256 key's SubjectPublicKeyInfo
_PHONE = ec.derive_private_key(20261123, ec.SECP256R1())
_PHONE_REF = card_ref(_PHONE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
_HOLDERS = 500_000  # from where on the made-up holders are counted
Row = tuple[str, float, str]


def measure(asks: int = _ASKS) -> Iterator[Row]:
    """(name, ratio, note). Ours and the peer in turns; medians, and of ours the worst of a hundred too."""
    engine = InsightFaceEngine(PACK)
    engine.load()
    with tempfile.TemporaryDirectory() as folder, alone(Path(folder)) as (gate, around):
        for size in SIZES:
            rights = (_right(of) for of in range(size, 2 * size))  # nobody of the size before
            gate.gate.tidy.store.grants.restart(snapshot(*rights, cursor=f"c{size}"))
            gate.rests()
            gate.gate.place.look()
            gate.is_at(Idle)
            bench = _Bench(gate, around, size, asks)
            yield from bench.presented()
            yield bench.face(engine)


@dataclass(frozen=True, slots=True)
class _Bench:
    gate: Room
    street: Street
    size: int
    asks: int

    def presented(self) -> Iterator[Row]:
        """Each time somebody else comes; by their slips first, which end once another way has opened."""
        for name, shown in (("slip's square", _slip_shown), ("telephone's square", _phone_shown), ("card", _card)):
            ours, alone_s = list[float](), list[float]()
            for ask in range(self.asks):
                self.gate.rests()
                what = shown(self.size + ask * (self.size // self.asks))
                ours.append(self._until_relay(lambda: self.gate.gate.conductor.presented(what)))  # noqa: B023
                alone_s.append(self._until_relay(self._door))
            p50, p99 = _ms(ours)
            least = float(np.median(alone_s))
            note = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {self.asks}, against {1000 * least:.0f} ms"
            yield self._name(name, "rights", "the door's driver alone"), p50 / 1000 / least, note

    def face(self, engine: InsightFaceEngine) -> Row:
        """One member asks again and again: of the time nothing depends on whose vectors the others are."""
        image = people().subject("live:lan").at(0)
        gallery, camera = filled(engine, self.size, number(_HOLDERS + self.size)), Frames(image)
        bare = bare_inference(image, PACK / "detection.onnx", PACK / "recognition.onnx")
        give_faces(self.gate, camera, engine, gallery, MEASURED)
        ours, models, doors = list[float](), list[float](), list[float]()
        for _ in range(self.asks):
            ours.append(self._look(camera))
            models.append(_seconds(bare))
            doors.append(self._until_relay(self._door))
        p50, p99 = _ms(ours)
        limit, door = float(np.median(models)) + gallery.memory / bandwidth(), float(np.median(doors))
        against = f"against {1000 * limit:.0f} ms, and {1000 * (limit + door):.0f} ms with the door's driver alone"
        note = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {self.asks}, {against}"
        return self._name("face's frame", "members", "its models and one read"), p50 / 1000 / limit, note

    def _name(self, what: str, of: str, peer: str) -> str:
        return f"{what} at a gate of {self.size:,} {of}, to the relay / {peer}"

    def _look(self, camera: Frames) -> float:
        """From the second look's frame on, by the screen's own targets."""
        before = len(self.street.strikes())
        self.gate.rests()
        for action in ("face", "look"):
            self.gate.gate.conductor.act(action)
        deadline = time.monotonic() + _PATIENCE_S
        while not isinstance(self.gate.at, Opened):  # and nobody draws meanwhile, as with cards
            if time.monotonic() > deadline:
                raise TimeoutError(self.gate.at)
            self.gate.bell.wait(_POLL_S)
            self.gate.bell.clear()
        return self._relay(before) - camera.handed[-1]

    def _door(self) -> None:
        self.gate.gate.fitted.door.open(1, Event())

    def _until_relay(self, work: Callable[[], object]) -> float:
        before, start = len(self.street.strikes()), time.monotonic()
        work()
        return self._relay(before) - start

    def _relay(self, before: int) -> float:
        """When the controller had the next command."""
        self.gate.until(lambda: self.street.opens(before + 1), "the relay")
        return float(self.street.strikes()[before]["at"])


def _card(of: int) -> CardKey:
    """A gate compares the key's text: any other than a telephone's will do."""
    return CardKey(of.to_bytes(_KEY_BYTES))


def _slip(of: int) -> SlipCode:
    return slip_code(of.to_bytes(16))


def _slip_shown(of: int) -> Shown:
    return Shown(_slip(of).text)


def _phone_shown(of: int) -> Shown:
    """This half minute's. A gate without a policy knows no community."""
    credential, counter = number(of + 200_000), phone_counter(datetime.now(UTC))
    r, s = decode_dss_signature(_PHONE.sign(phone_statement("", credential, counter), ec.ECDSA(SHA256())))
    return Shown(PhoneCode(credential, counter, r.to_bytes(32) + s.to_bytes(32)).text)


def _right(of: int) -> Grant:
    ways = (
        way(of, WayKind.CARD, card_ref(of.to_bytes(_KEY_BYTES))),
        way(of + 100_000, WayKind.SLIP, code_ref(_slip(of))),
        way(of + 200_000, WayKind.PHONE, _PHONE_REF),
        way(of + 300_000, WayKind.FACE),
    )
    return grant(of, *ways, ends_on=TODAY + timedelta(days=300), holder=_HOLDERS + of)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ms(taken: list[float]) -> tuple[float, float]:
    p50, p99 = (1000 * float(each) for each in np.percentile(taken, (50, 99)))
    return p50, p99
