"""A reader and the simulated module at the far end of its wire: a real terminal, a real serial driver."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from devices.id_card import driver, line
from devices.id_card.driver import SamvCardReader
from simulators import samv
from simulators.samv import SimulatedSamvModule
from simulators.state import SimulatedState

PATIENCE_S = 5.0


@dataclass
class Desk:
    """What a resident and a technician can do to the reader, and the reader as the kiosk has it."""

    reader: SamvCardReader
    link: Path
    state: SimulatedState
    _module: SimulatedSamvModule

    def lay(self, card: str) -> None:
        """Lay a card; what lay there before is gone."""
        self.lift()
        self.state.set("id_card", card=card)

    def lift(self) -> None:
        """Lift whatever lies there, and wait until the module noticed."""
        self.state.set("id_card", card="none")
        await_that(lambda: self._module._card == "none")

    def is_now(self, state: str) -> None:
        """Give the module a fault, or take it away, and wait until it has it."""
        self.state.set("id_card", state=state)
        await_that(lambda: self._module._fault == state and self.link.exists() is (state != "unplugged"))


def await_that(true: Callable[[], bool]) -> None:
    """Return as soon as it is so."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated card does not move while it is found, the wire is ten times as fast, and so is whoever lifts it."""
    monkeypatch.setattr(driver, "_FIND_PAUSE", 0.01)
    monkeypatch.setattr(samv, "_BYTES_A_SECOND", 10 * samv._BYTES_A_SECOND)
    monkeypatch.setattr(samv, "_LOOK_S", 0.01)


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of silence: the proportions of the real patience, in less time."""
    for command, seconds in line._SECONDS.items():
        monkeypatch.setitem(line._SECONDS, command, seconds * 0.4)
    monkeypatch.setattr(line, "_GAP", line._GAP * 0.4)
    monkeypatch.setattr(line, "_PROBE", line._PROBE * 0.4)
    monkeypatch.setattr(line, "SLICE", line.SLICE * 0.4)


@pytest.fixture
def set_rate() -> int | None:
    """What the reader is told of the module's rate. The search for it has tests of its own (test_baud)."""
    return 115200


@pytest.fixture
def open_desk(tmp_path: Path, set_rate: int | None) -> Iterator[Callable[[float], Desk]]:
    """Make a desk whose cards take so many seconds to be read."""
    with ExitStack() as stack:

        def opened(card_seconds: float) -> Desk:
            state, link = SimulatedState(tmp_path), tmp_path / "id_card.tty"
            module = stack.enter_context(SimulatedSamvModule(state, link, card_seconds))
            reader = SamvCardReader(str(link), set_rate)
            stack.callback(reader.close)
            return Desk(reader, link, state, module)

        yield opened


@pytest.fixture
def desk(open_desk: Callable[[float], Desk]) -> Desk:
    """A desk with a quick module."""
    return open_desk(0.03)
