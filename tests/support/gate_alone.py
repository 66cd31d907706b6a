"""A gate that decides by itself: enrolled, with a real door on its bus, and with records that were never started; and a
camera that hands it frames as fast as they are taken."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, DeviceIdentity
from civic.clock import SystemClock
from devices.camera.api import Frame, Image
from devices.face.api import Face, FaceEngine
from devices.face.gallery import Gallery
from devices.face.identification import OperatingPoints
from devices.health import Health, Level
from gate.config import Configuration
from gate.services.enrol_face import EnrolFace
from gate.services.face import FaceAtGate
from gate.services.face_desk import FaceDesk, Models
from gate.services.known_faces import KnownFaces
from gate.services.refusals import Refusals
from records.keys import pem, private_pem
from simulators.street import Street, street
from tests.gate.site import Community
from tests.support.gate_room import Room, configured, room
from tests.support.records_server import RecordsServer

FPIR = 0.01
_APART_S = 0.2  # between two frames, by the frames' own clock: each is a look
_PATIENCE_S = 20.0


@contextmanager
def alone(folder: Path) -> Iterator[tuple[Room, Street]]:
    """Composed, its door found."""
    with street(folder / "sim") as around, room(settings_of(folder, around)) as made:
        made.until(lambda: made.gate.watch.reasons().get("door") == "ok", "the door", _PATIENCE_S)
        yield made, around


def settings_of(folder: Path, around: Street) -> Configuration:
    """Its file, its keys and its certificate, below ``folder``."""
    return configured(folder / "gate", _nobody(folder), _enrolled(folder / "identity"), around.folder)


@dataclass(slots=True)
class Frames:
    """A camera before which somebody stands still. ``handed``: when each frame was, monotonic seconds."""

    image: Image
    handed: list[float] = field(default_factory=list)

    def health(self) -> Health:
        """Well."""
        return Health("camera", Level.READY)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """As fast as they are taken."""
        number = 0
        while not cancel.is_set():
            self.handed.append(time.monotonic())
            yield Frame(self.image, number, number * _APART_S)
            number += 1


@dataclass(slots=True)
class Alive:
    """A passive model that takes no time and finds everybody living: a site brings its own."""

    threshold: float = 0.8
    model: str = "none"

    def score(self, image: Image, face: Face) -> float | None:  # noqa: ARG002 - PassiveCheck's
        """Of one frame."""
        return 1.0


def give_faces(to: Room, camera: Frames, engine: FaceEngine, gallery: Gallery, measured: OperatingPoints) -> None:
    """The gate offers faces from now on, and looks with this camera."""
    store, moment = to.gate.tidy.store, to.gate.tidy.moment

    def load() -> Models:
        refusals = Refusals(SystemClock())
        at_gate = FaceAtGate(camera, engine, gallery, measured, _fpir, secrets.choice, refusals, Alive())
        enrol = EnrolFace(at_gate, store.templates, moment, gallery.__contains__, lambda: None)
        return Models(at_gate, KnownFaces(store.templates, gallery), enrol)

    desk = FaceDesk(load, _fpir)
    desk.load()
    conductor = to.gate.conductor
    conductor._desks = replace(conductor._desks, faces=desk)
    to.gate.watch.tell_face(desk.offer())
    conductor.drain()


def _fpir() -> float:
    return FPIR


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
