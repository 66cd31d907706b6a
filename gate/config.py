"""The gate's one configuration file (TOML), validated before anything is opened.

A production profile refuses simulated devices and demo keys, all reasons at once (TerminalRefusedError). Paths are
relative to the file.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from backend_client.contract.shown_slips import LONGEST_WALK_S
from devices.access_card.settings import AccessCardSettings
from devices.camera.settings import CameraSettings
from devices.catalog import access_card_refusals, camera_refusals, code_scanner_refusals, door_refusals
from devices.code_scanner.settings import CodeScannerSettings
from devices.door.settings import DoorSettings, OsdpDoorSettings
from devices.face.settings import FaceSettings
from terminal.configuration import RecordsSettings, ScreenSettings, Section, TerminalRefusedError, read

TEXTS: Final = Path("texts") / "gate"
"""Where the words are, among the assets."""


class StoreSettings(Section):
    """``folder``: the encrypted file and the lock. ``key``: the file of its key, 32 bytes, made by ``gate enrol``; a
    service manager may hand it over at each start instead (gate.store.key)."""

    folder: Path
    key: Path = Path("store.key")


class SharingSettings(Section):
    """Where the other gates of the site reach this one, to pass faces on and to tell of slips. ``host``: where it
    listens. ``address``: host and port as they see it; empty: ``host`` and ``port``. ``walk_s``: how many seconds it
    takes at the least to get from here to any other gate; a slip that is at two gates sooner is cancelled. 0: not
    known."""

    host: str = Field(min_length=1)
    port: int = Field(8446, ge=1, le=65535)
    address: str = Field("", max_length=128, pattern=r"^(\S+:[0-9]{1,5})?$")
    walk_s: int = Field(0, ge=0, le=LONGEST_WALK_S)

    @model_validator(mode="after")
    def _is_reached(self) -> Self:
        if not self.address and _is_everywhere(self.host):
            raise ValueError(f"nobody reaches {self.host}: say in address where the other gates do")
        return self


class Configuration(Section):
    """The whole file. Without ``camera`` or ``face`` no face is ever asked for here; a gate without ``access_card`` or
    ``code_scanner`` has the other one."""

    profile: Literal["production", "demo"]
    records: RecordsSettings
    store: StoreSettings
    door: DoorSettings
    access_card: AccessCardSettings | None = None
    code_scanner: CodeScannerSettings | None = None
    camera: CameraSettings | None = None
    face: FaceSettings | None = None
    sharing: SharingSettings | None = None
    screen: ScreenSettings = Field(default_factory=lambda: ScreenSettings(width=800, height=1280, pixel_pitch_mm=0.17))


def load(path: Path) -> Configuration:
    """Read, validate and, in production, refuse. Raises ConfigurationError and TerminalRefusedError."""
    settings = _anchored(read(path, Configuration), path.parent.resolve())
    if settings.profile == "production" and (reasons := _refusals(settings)):
        raise TerminalRefusedError(", ".join(reasons))
    return settings


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:  # a name
        return False


def _refusals(settings: Configuration) -> list[str]:
    return [
        *door_refusals(settings.door),
        *(access_card_refusals(settings.access_card) if settings.access_card else []),
        *(code_scanner_refusals(settings.code_scanner) if settings.code_scanner else []),
        *(["no-card-and-no-code"] if not (settings.access_card or settings.code_scanner) else []),
        *(camera_refusals(settings.camera) if settings.camera else []),
        *(["demo-key"] if settings.records.is_demo() else []),
    ]


def _anchored(settings: Configuration, base: Path) -> Configuration:
    scanner, face, store = settings.code_scanner, settings.face, settings.store
    changed = {
        "records": settings.records.anchored(base),
        "store": store.model_copy(update={"folder": base / store.folder, "key": base / store.key}),
        "door": _anchored_door(settings.door, base),
        "code_scanner": scanner and scanner.model_copy(update={"port": str(base / scanner.port)}),
        "face": face and face.model_copy(update=_anchored_models(face, base)),
    }
    return settings.model_copy(update=changed)


def _anchored_door(door: DoorSettings, base: Path) -> DoorSettings:
    if not isinstance(door, OsdpDoorSettings):
        return door
    return door.model_copy(update={"port": str(base / door.port), "key_file": base / door.key_file})


def _anchored_models(face: FaceSettings, base: Path) -> dict[str, Path | None]:
    passive = face.passive_model
    return {"pack": base / face.pack, "passive_model": base / passive if passive else None}
