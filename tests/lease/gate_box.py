"""One gate terminal in a process of its own, as it stands at a door: its window, its drivers and their far ends.

``python -m tests.lease.gate_box FOLDER`` serves ``FOLDER/gate.toml``; ``FOLDER/sim`` holds what stands around it. Each
line of standard input is a question (a JSON list), each line of standard output its answer.
"""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civic.assets import assets_folder, third_party
from gate.composition import compose
from gate.config import load
from gate.running import Gate
from simulators.street import street
from terminal.ui.application import TerminalApplication
from tests.lease.stores import sqlite_lines
from tests.support.gate_room import PassingClock

if TYPE_CHECKING:
    from gate.ui.window import GateWindow
    from simulators.touch import TouchDriver

_TURN_S = 0.02


def main() -> int:
    """Serve until standard input ends."""
    folder = Path(sys.argv[1])
    settings, clock = load(folder / "gate.toml"), PassingClock()
    with ExitStack() as around:
        around.enter_context(street(folder / "sim"))
        if settings.camera is not None:
            around.enter_context(_camera(folder / "sim", int(settings.camera.source.rsplit(":", 1)[1].split("/")[0])))
        application = TerminalApplication(
            settings.screen, _window, partial(compose, settings, assets_folder(), clock=clock)
        )
        from simulators.touch import TouchDriver

        driver = TouchDriver(application.app)
        driver.start()
        try:
            _Box(application, driver, clock).serve()
        finally:
            application.close()
            driver.stop()
    return 0


def _window() -> "type[GateWindow]":
    from gate.ui.window import GateWindow

    return GateWindow


@contextmanager
def _camera(folder: Path, port: int) -> Iterator[None]:
    """In a process of its own: what the gate makes of a picture is not to wait for the picture."""
    people = ["--residents", str(assets_folder() / "demo" / "residents.toml")]
    portraits = ["--portraits", str(third_party("portraits"))]
    command = [sys.executable, "-m", "simulators.camera", "--folder", str(folder), "--port", str(port)]
    with subprocess.Popen([*command, *people, *portraits], stdout=sys.stderr) as camera:
        try:
            yield
        finally:
            camera.terminate()


class _Box:
    """Draws, and answers what it is asked."""

    def __init__(self, application: TerminalApplication[Gate], driver: "TouchDriver", clock: PassingClock) -> None:
        self._application = application
        self._driver = driver
        self._clock = clock

    def serve(self) -> None:
        """Until nobody asks any more."""
        self._say("ready")
        while True:
            self._driver.pump(_TURN_S)
            if select.select([sys.stdin], [], [], 0)[0]:
                line = sys.stdin.readline()
                if not line:
                    return
                self._say(self._answer(*json.loads(line)))

    def _answer(self, what: str, *values: Any) -> object:
        told = self._told(what)
        if told is not None:
            return told
        match what:
            case "picture":
                self._driver.settle()
                self._driver.screenshot(Path(values[0]))
            case "tap":
                self._driver.tap(values[0])
            case "later":
                self._clock.added = timedelta(days=values[0])
                self._gate.conductor.tick()  # else the next one ends whatever screen there is by then
            case "back":
                self._gate.conductor.act("back")
                self._gate.conductor.drain()
            case _:
                raise ValueError(what)
        return ""

    def _told(self, what: str) -> object:
        """What is asked without a touch; None: it is something to do."""
        gate, terminal = self._gate, self._gate.conductor.terminal
        match what:
            case "at":
                told: object = type(terminal.at).__name__
            case "instruction":
                told = getattr(terminal.at, "instruction", "")
            case "notices":
                told = terminal.conditions.notices
            case "face":
                told = terminal.conditions.face.value
            case "holds":
                told = self._holds()
            case "store":
                told = sqlite_lines(gate.tidy.store.database.query)
            case "well":
                told = gate.watch.reasons()
            case _:
                told = None
        return told

    def _holds(self) -> dict[str, int]:
        store = self._gate.tidy.store
        return {"grants": store.grants.count(), "templates": len(store.templates.all())}

    @property
    def _gate(self) -> Gate:
        gate = self._application.composed
        if gate is None:
            raise RuntimeError("the gate has not started")
        return gate

    @staticmethod
    def _say(answer: object) -> None:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
