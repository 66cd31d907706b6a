"""A kiosk process with a person before it, for tests that stop or end it without warning.

``python -m tests.support.visitor --folder HOUSE --until STATE --way WAY`` walks somebody (``tests.support.visits``) to
that state's name, prints ``at STATE`` and stays there.
``--until Attract`` walks each WAY given to its end, prints ``stop STATE`` at every state that holds something personal
and waits there for a line, says what of the person is left in the process after them all, and ends.
``--until Rest`` walks nobody, waits until the kiosk has told records all, and ends.
An officer's code is printed as ``code 123456``; ``hold`` asks for a paper before the camera.
"""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.flows.readiness import Readiness
from kiosk.main import Application
from simulators.state import SimulatedState
from tests.support.memory_walk import personal_anywhere
from tests.support.residents import texts
from tests.support.visits import Visitor

_LONG = 600.0
WAYS = ("number", "passport", "officer", "family", "dwelling", "notices", "renting", "check")


class _ArrivedError(Exception):
    """This is the state that was asked for."""


def say(what: str, said: object) -> None:
    """One line for the test that reads along."""
    print(what, said, flush=True)


def _reached(until: str, name: str) -> None:
    if until == name:
        raise _ArrivedError
    if until == "Attract":
        say("stop", name)
        sys.stdin.readline()


def main() -> int:
    """Walk, say where, stay."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--until", required=True)
    parser.add_argument("--person", default="deng")
    parser.add_argument("--way", choices=WAYS, action="append", default=[])
    asked = parser.parse_args()
    application = Application(load(asked.folder / "kiosk" / "kiosk.toml"))
    from simulators.touch import TouchDriver
    from simulators.walker import Walker

    driver = TouchDriver(application.app)
    driver.start()
    walker = Walker(application, driver, SimulatedState(asked.folder / "sim"))
    try:
        return _visit(walker, asked)
    finally:
        application.close()
        driver.stop()


def _visit(walker: "Walker", asked: argparse.Namespace) -> int:
    if reasons := walker.wait_until_ready():
        say("not ready:", reasons)
        return 1
    visitor = Visitor(walker, asked.person, partial(_reached, asked.until), say, whole=asked.until == "Attract")
    try:
        for way in asked.way:
            needed = _by_face if way in ("number", "passport") else _by_officer
            walker.driver.wait_until(lambda: needed(walker.visit.readiness), 30)  # noqa: B023 - called at once
            visitor.come(way)
        if asked.way:
            say("left", personal_anywhere(texts(asked.person)))
    except _ArrivedError:
        say("at", type(walker.here).__name__)
        walker.driver.pump(_LONG)
    say("at", type(walker.here).__name__)
    return 0


def _by_officer(readiness: Readiness) -> bool:
    return readiness.officer


def _by_face(readiness: Readiness) -> bool:
    """An officer on duty opens the tile before the models are there."""
    return not readiness.face


if TYPE_CHECKING:  # importing it would import Kivy before it is configured
    from simulators.walker import Walker

if __name__ == "__main__":
    sys.exit(main())
