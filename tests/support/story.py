"""A kiosk with its whole house, driven by touch: what the stories share."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from unittest.mock import patch

from backend_client.contract.papers import PaperState
from civic.clock import SystemClock
from records import installation
from records.store import papers as stored
from simulators.house import House
from simulators.pcsc import listens, own_socket
from simulators.state import MODELS
from terminal.views import View
from tests.support import pictures

PICTURES = Path(__file__).resolve().parents[2] / "out" / "stories"
SIZE = (540, 960)  # half of the real screen: the same layout, a quarter of the pixels to draw


def configure_once() -> None:
    """Set Kivy up for the first test of a process that opens its window; later ones use the same."""
    import sys

    from terminal.kivy_setup import configure

    if "kivy.core.window" not in sys.modules:
        configure(SIZE)


def everything_well(house: House) -> None:
    """Nobody there, every device well, and what a story that failed had stopped runs again.

    A process knows one pcscd: another test's, since the last story, has taken the place of the house's.
    """
    if not listens(own_socket()):
        house.stop_pcscd()
        house.start_pcscd()
    if "records" not in house._running:
        house.start_records()
    for name, model in MODELS.items():
        house.state.set(name, model.states[0], **model.settings)


@contextmanager
def open_kiosk(house: House, story: str) -> Iterator["Walker"]:
    """The kiosk's real window, and a person before it. Pictures, where they are asked for, go to out/stories/."""
    configure_once()
    import kiosk.main
    import terminal.ui.application
    from simulators.touch import TouchDriver
    from simulators.walker import Walker

    with patch.object(terminal.ui.application, "configure"):  # one process has one window
        application = kiosk.main.Application(house.configuration())
    driver = TouchDriver(application.app)
    driver.start()
    try:
        walker = Walker(application, driver, house.state, PICTURES / story if pictures.wanted() else None)
        yield walker
    finally:
        application.close()
        driver.stop()


@contextmanager
def ready_kiosk(house: House, story: str) -> Iterator["Walker"]:
    """One kiosk for all stories of a file, ready for its first resident; the last run's pictures are gone."""
    everything_well(house)
    shutil.rmtree(PICTURES / story, ignore_errors=True)
    with open_kiosk(house, story) as walker:
        assert walker.wait_until_ready() == ()
        yield walker


def papers(house: House) -> dict[str, PaperState]:
    """Each serial and what became of it, in order: as ``records papers`` has them."""
    records = installation.open_existing(house.folder / "records", SystemClock())
    with closing(records.database), records.database.reading() as transaction:
        return {each.serial: each.state for each in stored.every(transaction)}


def at_the_lamp(walker: "Walker") -> "Walker":
    """Nobody's visit is open, whatever the story before came to."""
    from kiosk.flows.visit import Attract

    if not isinstance(walker.here, Attract):
        walker.driver.tap("clear")
        walker.await_screen(Attract)
    return walker


def shown(walker: "Walker") -> View:
    """What the window shows."""
    return cast("View", walker.application.app.root._view)


@contextmanager
def unpictured(walker: "Walker") -> Iterator[None]:
    """A stretch that another story has pictures of already."""
    out, walker.out = walker.out, None
    try:
        yield
    finally:
        walker.out = out


if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker
