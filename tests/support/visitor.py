"""A kiosk process with a person before it, for tests that end it without warning.

``python -m tests.support.visitor --folder HOUSE --until STATE`` walks the main job up to that state's name, prints
``at STATE`` and stays there; ``--until Rest`` walks nobody, waits until the kiosk has told records all, and ends.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.flows import household_certificate as certificate
from kiosk.flows import visit as flow
from kiosk.main import Application
from simulators.state import SimulatedState

_LONG = 600.0


def main() -> int:
    """Walk, say where, stay."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--until", required=True)
    parser.add_argument("--person", default="deng")
    parser.add_argument("--purpose", default="book_lost")
    asked = parser.parse_args()
    application = Application(load(asked.folder / "kiosk" / "kiosk.toml"))
    from simulators.touch import TouchDriver
    from simulators.walker import Walker

    driver = TouchDriver(application.app)
    driver.start()
    walker = Walker(application, driver, SimulatedState(asked.folder / "sim"))
    if reasons := walker.wait_until_ready():
        print(f"not ready: {reasons}", flush=True)
        return 1
    try:
        if asked.until != "Rest":
            _walk(walker, asked)
        print(f"at {type(walker.here).__name__}", flush=True)
        if asked.until not in ("Rest", "Attract"):
            driver.pump(_LONG)
    finally:
        application.close()
        driver.stop()
    return 0


def _walk(walker: "Walker", asked: argparse.Namespace) -> None:
    """As far as the state called ``until``."""
    until = asked.until
    walker.go_home()
    walker.choose(asked.purpose)
    walker.lay_card(asked.person)
    walker.look_into_camera(f"live:{asked.person}")
    walker.await_screen(certificate.ConfirmingData)
    if until == "ConfirmingData":
        return
    walker.driver.tap("issue")
    if until == "Issuing":
        walker.driver.wait_until(lambda: getattr(walker.here, "stage", "") == "printing", 20)
        return
    walker.await_screen(certificate.TakingPaper, seconds=60)
    if until == "TakingPaper":
        return
    walker.take_paper()
    walker.leave()
    walker.await_screen(flow.Attract)


if TYPE_CHECKING:  # importing it would import Kivy before it is configured
    from simulators.walker import Walker

if __name__ == "__main__":
    sys.exit(main())
