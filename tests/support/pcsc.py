"""A travel-document reader as a kiosk has it, with a real pcscd, and hands that lay documents on it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from civic.mrz import MrzKey
from devices.travel_document.api import DocumentRead, DocumentUnreadable, Stage
from devices.travel_document.driver import PcscDocumentReader
from simulators.chip.documents import documents
from simulators.chip.field import DEVICE, SimulatedChip
from simulators.chip.personalise import Press
from simulators.pcsc import READER, PrivatePcscd
from simulators.state import SimulatedState

SILENCE = 0.6  # shorter than a kiosk's, so that tests are: still far longer than a chip here takes
KEYS = {name: document.key for name, document in documents().items()}
_PATIENCE_S = 10.0
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Reader:
    """``driver`` reads what ``chip`` is, over ``pcscd``; ``state`` directs the chip."""

    driver: PcscDocumentReader
    pcscd: PrivatePcscd
    chip: SimulatedChip
    state: SimulatedState
    store: Path

    def lay(self, name: str, fault: str = "ok") -> MrzKey:
        """Lay this document down, and wait until the reader has found it. Its key."""
        self.state.set(DEVICE, fault, document=name)
        until(lambda: self.chip.laid == (fault, name) and self.driver.present())
        return KEYS[name]

    def lift(self) -> None:
        """Take away what lies there, and wait until the reader has seen it."""
        self.state.set(DEVICE, document="none")
        until(lambda: not self.driver.present())

    def read(self, key: MrzKey) -> DocumentRead | DocumentUnreadable:
        """Read what lies there; nobody leaves meanwhile."""
        return self.driver.read(key, Event(), quiet)


@contextmanager
def fitted_reader(folder: Path) -> Iterator[Reader]:
    """A reader with nothing on it, whose store holds the authorities of the synthetic documents."""
    state, press = SimulatedState(folder), Press()
    press.fill_store(folder / "authorities")
    with PrivatePcscd() as pcscd, SimulatedChip(state, pcscd.port, press) as chip:
        driver = PcscDocumentReader(READER, folder / "authorities", SILENCE)
        try:
            yield Reader(driver, pcscd, chip, state, folder / "authorities")
        finally:
            driver.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for it. Fails when it does not come."""
    deadline = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)


def quiet(stage: Stage, share: float) -> None:
    """Nobody looks at the progress."""
