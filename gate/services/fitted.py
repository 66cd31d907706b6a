"""What a gate is fitted with."""

from dataclasses import dataclass

from devices.access_card.api import AccessCardReader
from devices.camera.api import Camera
from devices.code_scanner.api import CodeScanner
from devices.door.api import DoorController
from devices.face.api import FaceEngine, PassiveCheck
from devices.speaker.api import Speaker


@dataclass(frozen=True, slots=True)
class Fitted:
    """The drivers of one gate; None: it has none of that."""

    door: DoorController
    cards: AccessCardReader | None
    codes: CodeScanner | None
    camera: Camera | None
    engine: FaceEngine | None
    passive: PassiveCheck | None
    speaker: Speaker
