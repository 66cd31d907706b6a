"""The kiosk's one configuration file (TOML), validated before anything is opened.

A production profile refuses simulated devices and demo keys, all reasons at once (TerminalRefusedError). Paths
are relative to the file.
"""

import os
from pathlib import Path
from typing import Literal

from devices.catalog import DeviceSettings, refusals
from terminal.configuration import RecordsSettings, ScreenSettings, Section, TerminalRefusedError, read


class StoreSettings(Section):
    """``folder``: journal, settings, audit, the carried list, the PIN's hash and the lock."""

    folder: Path


class Configuration(Section):
    """The whole file."""

    profile: Literal["production", "demo"]
    records: RecordsSettings
    devices: DeviceSettings
    store: StoreSettings
    screen: ScreenSettings = ScreenSettings()


def load(path: Path) -> Configuration:
    """Read, validate and, in production, refuse. Raises ConfigurationError and TerminalRefusedError."""
    settings = _anchored(read(path, Configuration), path.parent)
    if settings.profile == "production" and (reasons := _all_refusals(settings)):
        raise TerminalRefusedError(", ".join(reasons))
    return settings


def _all_refusals(settings: Configuration) -> list[str]:
    return [*refusals(settings.devices), *(["demo-key"] if settings.records.is_demo() else [])]


def _anchored(settings: Configuration, folder: Path) -> Configuration:
    base = folder.resolve()
    devices = settings.devices
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
            "records": settings.records.anchored(base),
            "devices": devices.model_copy(update={"face": face, "id_card": id_card, **fitted}),
            "store": settings.store.model_copy(update={"folder": base / settings.store.folder}),
        }
    )
