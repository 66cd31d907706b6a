"""What stands around a gate, and what people do there: a door with its controller, a card reader's field, a scanner.

The controller runs in a process of its own, the field behind a private pcscd: so there is one street for each process,
as there is one reader at each gate.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.access_card.field import DEVICE as CARDS
from simulators.access_card.field import SimulatedAccessReader
from simulators.code_scanner import DEVICE as SCANNER
from simulators.code_scanner import LINK, SimulatedScanner
from simulators.door.board import happened
from simulators.door.controller import LINK as DOOR_LINK
from simulators.door.controller import LOG
from simulators.pcsc import PrivatePcscd
from simulators.state import SimulatedState

_STRIKE = 5  # OSDP's code for an output that is on for a time (SIA OSDP 2.2)
_STARTED_S, _LOOK_S = 12.0, 0.02


class StreetError(RuntimeError):
    """The door's controller did not start."""


@dataclass
class Street:
    """``folder``: of the simulators' states and logs."""

    folder: Path
    state: SimulatedState

    def lay(self, name: str) -> None:
        """A card on the reader; ``none``: it is lifted."""
        self.state.set(CARDS, "ok", laid=name)

    def show(self, text: str) -> None:
        """A square before the scanner; ``none``: it is gone."""
        self.state.set(SCANNER, "ok", show=text)

    def door(self, **values: str) -> None:
        """What somebody does to the door."""
        self.state.set("door", **values)

    def strikes(self) -> list[dict[str, Any]]:
        """When the strike was told to let go, and for how long."""
        return [note for note in happened(self.folder / LOG, "output") if note["code"] == _STRIKE]

    def opens(self, count: int) -> bool:
        """Whether it was told so that often."""
        return len(self.strikes()) >= count

    def released_by(self) -> list[list[str]]:
        """By what the strike was released, each time that this changed."""
        return [[str(each) for each in note["by"]] for note in self._releases()]

    def _releases(self) -> list[dict[str, Any]]:
        return happened(self.folder / LOG, "released")


@contextmanager
def street(folder: Path) -> Iterator[Street]:
    """Inside, all of it is there. Raises StreetError and what PrivatePcscd raises."""
    state = SimulatedState(folder)
    command = [sys.executable, "-m", "simulators.door", "--folder", str(folder)]
    with ExitStack() as opened:
        door = opened.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        opened.callback(door.send_signal, signal.SIGTERM)
        pcscd = opened.enter_context(PrivatePcscd())
        opened.enter_context(SimulatedAccessReader(state, pcscd.port + 1))
        opened.enter_context(SimulatedScanner(state, folder / LINK))
        _await(folder / DOOR_LINK)
        yield Street(folder, state)


def _await(link: Path) -> None:
    deadline = time.monotonic() + _STARTED_S
    while not link.exists():
        if time.monotonic() > deadline:
            raise StreetError("the door's controller did not start")
        time.sleep(_LOOK_S)
