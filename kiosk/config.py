"""The kiosk's one configuration file (TOML), validated before anything is opened.

A production profile refuses simulated devices and demo keys, all reasons at once (KioskRefusedError). Paths are
relative to the file.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal

from cryptography import x509
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.complaints import complaints
from civic.errors import CodedError
from devices.catalog import DeviceSettings, refusals

SPECIMEN_MARK = "SPECIMEN"


class ConfigurationError(CodedError):
    """The configuration can't be used. ``detail`` names the file, the line's path and what is wrong."""

    code = "configuration"


class KioskRefusedError(CodedError):
    """This configuration may not serve residents. ``detail`` lists every reason's code."""

    code = "production-refused"


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordsSettings(_Settings):
    """``identity``: the folder of the device's key and certificate, made by ``kiosk enrol``."""

    url: str = Field(pattern=r"^https://", description="an address that begins with https://")
    root: Path
    identity: Path

    def root_certificate(self) -> str:
        """The only authority believed, as PEM. Raises ConfigurationError: without it records can't be asked."""
        try:
            pem = self.root.read_bytes()
            x509.load_pem_x509_certificate(pem)
        except OSError as error:
            raise ConfigurationError(f"records.root: {self.root}: {error.strerror}") from None
        except ValueError:
            raise ConfigurationError(f"records.root: {self.root}: no certificate") from None
        return pem.decode("ascii")


class ScreenSettings(_Settings):
    """Pixels. ``pixel_pitch_mm`` decides how large a 20 mm target is."""

    width: int = Field(1080, ge=480, le=7680)
    height: int = Field(1920, ge=480, le=7680)
    pixel_pitch_mm: float = Field(0.37, gt=0.05, lt=1.0)
    fullscreen: bool = True


class StoreSettings(_Settings):
    """``folder``: journal, settings, audit, the carried list, the PIN's hash and the lock."""

    folder: Path


class Configuration(_Settings):
    """The whole file."""

    profile: Literal["production", "demo"]
    records: RecordsSettings
    devices: DeviceSettings
    store: StoreSettings
    screen: ScreenSettings = ScreenSettings()


def load(path: Path) -> Configuration:
    """Read, validate and, in production, refuse. Raises ConfigurationError and KioskRefusedError.

    No message quotes what stands in the file: an address may hold a password.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    try:
        settings = Configuration.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {'; '.join(complaints(Configuration, error))}") from None
    settings = _anchored(settings, path.parent)
    if settings.profile == "production" and (reasons := _all_refusals(settings)):
        raise KioskRefusedError(", ".join(reasons))
    return settings


def _all_refusals(settings: Configuration) -> list[str]:
    demo = ["demo-key"] if _is_demo_root(settings.records) else []
    return [*refusals(settings.devices), *demo]


def _is_demo_root(records: RecordsSettings) -> bool:
    """A demo's records service marks its root as a specimen in the subject. No root, no key: nothing works then."""
    if not records.root.exists():
        return False
    root = x509.load_pem_x509_certificate(records.root_certificate().encode("ascii"))
    subject = root.subject.rfc4514_string()
    return SPECIMEN_MARK in subject.upper() or "样张" in subject


def _anchored(settings: Configuration, folder: Path) -> Configuration:
    base = folder.resolve()
    records, devices = settings.records, settings.devices
    passive = devices.face.passive_model and base / devices.face.passive_model
    face = devices.face.model_copy(update={"pack": base / devices.face.pack, "passive_model": passive})
    port = os.path.normpath(base / devices.id_card.port)  # as the technician reads it; base has no links left in it
    id_card = devices.id_card.model_copy(update={"port": port})
    fitted = {
        name: part.model_copy(update={field: base / getattr(part, field)})
        for name, field in (("travel_document", "authorities"), ("mrz", "model"))
        if (part := getattr(devices, name)) is not None
    }
    return settings.model_copy(
        update={
            "records": records.model_copy(update={"root": base / records.root, "identity": base / records.identity}),
            "devices": devices.model_copy(update={"face": face, "id_card": id_card, **fitted}),
            "store": settings.store.model_copy(update={"folder": base / settings.store.folder}),
        }
    )
