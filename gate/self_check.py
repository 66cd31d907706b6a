"""``--self-check``: whether this gate could start, as the user who asks, and holds everything that it needs.

Opens no device and lets nobody in: reads what setting up left, loads texts and models, opens an encrypted database with
the gate's own key, draws one frame.
"""

import tempfile
from pathlib import Path

from civic.assets import assets_folder
from civic.clock import SystemClock
from devices.catalog import build_face, build_passive, face_points
from gate.config import TEXTS, Configuration
from gate.presenters.gallery import samples
from gate.store.key import store_key
from gate.store.opened import gate_database
from terminal import set_up
from terminal.kivy_setup import configure
from terminal.pin import PIN_FILE
from terminal.self_check import Check, reported
from terminal.texts import LANGUAGES, Catalogue


def self_check(settings: Configuration) -> int:
    """Print a line per part; 0 when all are well."""
    return reported((*_set_up(settings), *_application(settings)))


def _set_up(settings: Configuration) -> tuple[Check, ...]:
    records, now = settings.records, SystemClock().now
    return (
        ("root", lambda: set_up.root(records.root_certificate(), now())),
        ("certificate", lambda: set_up.identity(records.identity, now())),
        ("PIN", lambda: set_up.pin(settings.store.folder / PIN_FILE)),
        ("store", lambda: set_up.store(settings.store.folder)),
        ("store key", lambda: f"{len(store_key(settings.store.key))} bytes, its owner's alone"),
    )


def _application(settings: Configuration) -> tuple[Check, ...]:
    return (
        ("texts", _texts),
        ("database", lambda: _database(settings)),
        ("face", lambda: _face(settings)),
        ("screen", lambda: _screen(settings)),
    )


def _words() -> Catalogue:
    return Catalogue.load(assets_folder() / TEXTS)


def _texts() -> str:
    counts = [sum(1 for _ in samples(_words().in_language(language))) for language in LANGUAGES]
    return f"{counts[0]} screens in {len(counts)} languages"


def _database(settings: Configuration) -> str:
    with tempfile.TemporaryDirectory() as folder:
        gate_database(Path(folder) / "check.sqlite", store_key(settings.store.key)).close()
    return "opens, encrypted, and migrates"


def _face(settings: Configuration) -> str:
    if settings.face is None or settings.camera is None:
        return "none here"
    engine = build_face(settings.face, build_passive(settings.face))
    engine.load()
    return engine.model if face_points(settings.face) else f"{engine.model}, of which no rate is known: not offered"


def _screen(settings: Configuration) -> str:
    configure((settings.screen.width, settings.screen.height))
    from gate.ui.window import GateWindow  # noqa: PLC0415 - after configure: it imports Kivy
    from terminal.ui.one_frame import draw  # noqa: PLC0415

    _, view, chrome = next(iter(samples(_words().in_language("zh"))))
    draw(GateWindow, view, chrome)
    return f"{settings.screen.width}x{settings.screen.height}"
