"""``--self-check``: whether this machine, or this built application, holds everything that a visit needs.

Opens no device and serves nobody: loads fonts, texts and models, renders a page, opens a store, draws one frame.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from civic.assets import assets_folder
from civic.clock import SystemClock
from civic.errors import CodedError
from devices.catalog import build
from forms.fonts import missing_characters
from forms.test_page import MARK, render_test_page
from kiosk.config import Configuration
from kiosk.presenters.gallery import samples
from kiosk.store.journal import MIGRATIONS
from terminal.kivy_setup import configure
from terminal.store.database import Database
from terminal.texts import LANGUAGES, Catalogue


class SelfCheckError(CodedError):
    """A part of the application is missing or broken; ``detail`` says which."""

    code = "self-check"


def self_check(settings: Configuration) -> int:
    """Print a line per part; 0 when all are well."""
    failures = 0
    for name, check in _checks(settings):
        try:
            _say(f"ok      {name}: {check()}")
        except Exception as error:  # noqa: BLE001 - a self-check reports whatever is wrong, and goes on
            failures += 1
            _say(f"FAILED  {name}: {type(error).__name__}: {error}")
    return 1 if failures else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _checks(settings: Configuration) -> tuple[tuple[str, Callable[[], str]], ...]:
    return (
        ("texts", _texts),
        ("paper", _paper),
        ("store", _store),
        ("face", lambda: _face(settings)),
        ("screen", lambda: _screen(settings)),
    )


def _texts() -> str:
    catalogue = Catalogue.load(assets_folder() / "texts")
    counts = [sum(1 for _ in samples(catalogue.in_language(language))) for language in LANGUAGES]
    return f"{counts[0]} screens in {len(counts)} languages"


def _paper() -> str:
    if missing_characters(MARK):
        raise SelfCheckError("paper fonts")
    return f"{len(render_test_page(SystemClock().now()))} bytes"


def _store() -> str:
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
    from kiosk.ui.one_frame import draw  # noqa: PLC0415 - after configure: it imports Kivy

    _, view, chrome = next(iter(samples(Catalogue.load(assets_folder() / "texts").in_language("zh"))))
    draw(view, chrome)
    return f"{settings.screen.width}x{settings.screen.height}"
