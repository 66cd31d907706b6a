"""A reader and the simulated module at the far end of its wire: a real terminal, a real serial driver."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from devices.id_card.driver import SamvCardReader
from simulators.samv import SimulatedSamvModule
from simulators.state import SimulatedState

TAKES_EFFECT_S = 0.1  # what the simulator promises


@dataclass
class Desk:
    """What a resident and a technician can do to the reader, and the reader as the kiosk has it."""

    reader: SamvCardReader
    link: Path
    state: SimulatedState

    def lay(self, card: str) -> None:
        """Lay a card; what lay there before is gone."""
        self.lift()
        self.state.set("id_card", card=card)

    def lift(self) -> None:
        """Lift whatever lies there, and wait until the module noticed."""
        self.state.set("id_card", card="none")
        time.sleep(TAKES_EFFECT_S)

    def is_now(self, state: str) -> None:
        """Give the module a fault, or take it away, and wait until it has it."""
        self.state.set("id_card", state=state)
        time.sleep(TAKES_EFFECT_S)


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[[float], Desk]]:
    """Make a desk whose cards take so many seconds to be read."""
    with ExitStack() as stack:

        def opened(card_seconds: float) -> Desk:
            state, link = SimulatedState(tmp_path), tmp_path / "id_card.tty"
            stack.enter_context(SimulatedSamvModule(state, link, card_seconds))
            reader = SamvCardReader(str(link))
            stack.callback(reader.close)
            return Desk(reader, link, state)

        yield opened


@pytest.fixture
def desk(open_desk: Callable[[float], Desk]) -> Desk:
    """A desk with a quick module."""
    return open_desk(0.03)
