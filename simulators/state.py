"""What each simulated device is doing now: one small JSON file per device, written by ``sim``, the bench panel, the
walker and the tests alike, and watched by the simulator itself.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_FOLDER = Path("var/sim")
_FRESH_S = 0.1  # two changes so close together may bear the same time


@dataclass(frozen=True, slots=True)
class DeviceModel:
    """The closed set of faults a device can have (``state``), and its other settings with their first values."""

    name: str
    states: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)


MODELS: dict[str, DeviceModel] = {
    model.name: model
    for model in (
        DeviceModel(
            "id_card",
            (
                *("ok", "unplugged", "hung", "noise", "bad-checksum", "fragments", "read-fails", "refused"),
                *("module-fault", "status"),
            ),
            {
                "card": "none",  # "none" or the name of a card in simulators/cards.py
                "status": "41",  # what a card's text is refused with in the state "status" (SW3)
                "baud": "115200",  # what the module is set to
            },
        ),
        DeviceModel(
            "camera",
            ("ok", "stalled", "drops", "dark", "unplugged"),
            {
                "subject": "nobody",
                "pose": "front",
                "scene": "plain",
                "cheat": "none",
            },  # simulators/camera.py says what they can be
        ),
        DeviceModel(
            "page_printer",
            (
                *("ok", "paper-low", "paper-out", "jam", "cover-open", "toner-low", "toner-out", "output-full"),
                *("tray-missing", "waste-full", "unplugged"),
            ),
            {"then": "none"},  # "none" or the state that begins with the next sheet that moves
        ),
        DeviceModel("records", ("up", "down")),
        DeviceModel(
            "access_card",
            (
                *("ok", "removed-mid-read", "hung", "slow", "garbage", "pieces", "endless", "damaged", "refused"),
                *("wrong-signature", "replayed"),
            ),
            {"laid": "none"},  # "none" or the name of a card in simulators/access_card/cards.py
        ),
        DeviceModel(
            "code_scanner",
            ("ok", "held", "garbage", "oversized", "cut-short", "unplugged"),
            {"show": "none"},  # "none" or the text of the square that is held before it
        ),
        DeviceModel("message_gateway", ("ok", "slow", "down", "refuses", "loses-answer", "garbage")),
        DeviceModel(
            "travel_document",
            (
                "ok",
                "wrong-key",
                "missing-dg2",
                "tampered-dg1",
                "tampered-dg2",
                "wrong-signer",
                "forged-signature",
                "expired-signer",
                "bac-only",
                "pace-only",
                "no-extended-length",
                "removed-mid-read",
                "hung",
                "not-a-passport",
                "garbage",
                "slow",
            ),
            {"document": "none"},  # "none" or the name of a document in simulators/chip/documents.py
        ),
        DeviceModel(
            "thermal_printer",
            (
                *("ok", "near-end", "paper-out", "cover-open", "cutter-error", "overheated", "jam", "hung"),
                "unplugged",
            ),
            {"after": "0", "paper": "taken"},  # simulators/thermal_printer.py says what they mean
        ),
        DeviceModel(
            "door",
            ("ok", "line-cut", "unplugged", "wrong-key", "rebooted", "hung", "slow", "refuses"),
            {"contact": "closed", "exit": "released", "fire": "quiet", "tamper": "closed"},
        ),
    )
}


class UnknownSettingError(ValueError):
    """No such device, state or setting; the message lists what there is."""


class SimulatedState:
    """The state files of one folder."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = folder
        self._known: dict[str, tuple[tuple[float, int], dict[str, str]]] = {}

    def read(self, device: str) -> dict[str, str]:
        """State and settings now; the first state and settings where nothing was set, or nothing that makes sense."""
        version, known = self._version(device), self._known.get(device)
        if known is not None and known[0] == version:
            return dict(known[1])
        values = self._read(device)
        if version and time.time() - version[0] > _FRESH_S:
            self._known[device] = version, values
        return dict(values)

    def _version(self, device: str) -> tuple[float, int] | None:
        """Another one after each change: devices look many times a second, and seldom there is anything new."""
        with suppress(FileNotFoundError):
            now = (self.folder / f"{device}.json").stat()
            return now.st_mtime, now.st_ino
        return None

    def _read(self, device: str) -> dict[str, str]:
        model = _model(device)
        values = {"state": model.states[0], **model.settings}
        known = {name: value for name, value in self._written(device).items() if name in values}
        return values | known if known.get("state", model.states[0]) in model.states else values

    def set(self, device: str, state: str | None = None, **settings: str) -> dict[str, str]:
        """Change some values, atomically. Raises UnknownSettingError."""
        model = _model(device)
        if state is not None and state not in model.states:
            raise UnknownSettingError(f"{device} can be: {', '.join(model.states)}")
        unknown = settings.keys() - model.settings.keys()
        if unknown:
            raise UnknownSettingError(f"{device} has: {', '.join(['state', *model.settings])}")
        with self._alone():
            values = self.read(device) | settings | ({"state": state} if state else {})
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file)
            Path(temporary).replace(self.folder / f"{device}.json")
        return values

    def _written(self, device: str) -> dict[str, str]:
        """What stands in the file, whoever wrote it."""
        try:
            written = json.loads((self.folder / f"{device}.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        pairs = written.items() if isinstance(written, dict) else ()
        return {name: value for name, value in pairs if isinstance(value, str)}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two who set different things at once must not undo one another."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _model(device: str) -> DeviceModel:
    if device not in MODELS:
        raise UnknownSettingError(f"there is: {', '.join(MODELS)}")
    return MODELS[device]
