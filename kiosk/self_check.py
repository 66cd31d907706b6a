"""``--self-check``: whether this kiosk could start, as the user who asks, and holds everything that a visit needs.

Opens no device and serves nobody: reads what setting up left, loads fonts, texts and models, renders a page, opens a
database, draws one frame.
"""

import tempfile
from pathlib import Path

from civic.assets import assets_folder
from civic.clock import SystemClock
from civic.errors import CodedError
from devices.catalog import build
from forms.fonts import missing_characters
from forms.test_page import MARK, render_test_page
from kiosk.config import Configuration
from kiosk.presenters.gallery import samples
from kiosk.services import set_up
from kiosk.store.journal import MIGRATIONS
from terminal import set_up as terminal_set_up
from terminal.kivy_setup import configure
from terminal.pin import PIN_FILE
from terminal.self_check import Check, reported
from terminal.store.database import Database
from terminal.texts import LANGUAGES, Catalogue


class SelfCheckError(CodedError):
    """A part of the application is missing or broken; ``detail`` says which."""

    code = "self-check"


def self_check(settings: Configuration) -> int:
    """Print a line per part; 0 when all are well."""
    return reported(_checks(settings))


def _checks(settings: Configuration) -> tuple[Check, ...]:
    return (*_set_up(settings), *_application(settings))


def _set_up(settings: Configuration) -> tuple[Check, ...]:
    records, folder, now = settings.records, settings.store.folder, SystemClock().now
    return (
        ("root", lambda: terminal_set_up.root(records.root_certificate(), now())),
        ("certificate", lambda: terminal_set_up.identity(records.identity, now())),
        ("PIN", lambda: terminal_set_up.pin(folder / PIN_FILE)),
        ("store", lambda: terminal_set_up.store(folder)),
        ("carried list", lambda: _carried(settings)),
    )


def _application(settings: Configuration) -> tuple[Check, ...]:
    return (
        ("texts", _texts),
        ("paper", _paper),
        ("database", _database),
        ("face", lambda: _face(settings)),
        ("screen", lambda: _screen(settings)),
    )


def _carried(settings: Configuration) -> str:
    """No kiosk needs one to start: what can't be used is dropped, and records are asked."""
    try:
        return set_up.carried(settings.store.folder, settings.records.root_certificate())
    except CodedError as error:
        return f"left out: {error.detail}"


def _texts() -> str:
    catalogue = Catalogue.load(assets_folder() / "texts")
    counts = [sum(1 for _ in samples(catalogue.in_language(language))) for language in LANGUAGES]
    return f"{counts[0]} screens in {len(counts)} languages"


def _paper() -> str:
    if missing_characters(MARK):
        raise SelfCheckError("paper fonts")
    return f"{len(render_test_page(SystemClock().now()))} bytes"


def _database() -> str:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "check.sqlite", MIGRATIONS)
        database.close()
    return "opens and migrates"


def _face(settings: Configuration) -> str:
    engine = build(settings.devices).face
    engine.load()
    return engine.model


def _screen(settings: Configuration) -> str:
    configure((settings.screen.width, settings.screen.height))
    from kiosk.ui.window import KioskWindow  # noqa: PLC0415 - after configure: it imports Kivy
    from terminal.ui.one_frame import draw  # noqa: PLC0415

    _, view, chrome = next(iter(samples(Catalogue.load(assets_folder() / "texts").in_language("zh"))))
    draw(KioskWindow, view, chrome)
    return f"{settings.screen.width}x{settings.screen.height}"
