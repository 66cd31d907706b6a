"""An access card reader as a terminal has it, with a real pcscd, and hands that lay cards on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from devices.access_card.api import CardProof
from devices.access_card.driver import PcscAccessCardReader
from devices.chip.pcsc import look
from simulators.access_card.field import DEVICE, SimulatedAccessReader
from simulators.pcsc import ACCESS_READER, PrivatePcscd
from simulators.state import SimulatedState
from tests.support.pcsc import until

SILENCE = 0.5  # shorter than a terminal's, so that tests are: still far longer than a card here takes
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class CardReader:
    """``driver`` reads what ``field`` is, over ``pcscd``; ``state`` directs the field."""

    driver: PcscAccessCardReader
    pcscd: PrivatePcscd
    field: SimulatedAccessReader
    state: SimulatedState

    def lay(self, name: str, fault: str = "ok") -> None:
        """Lay this card down, and wait until the reader has found it. Laid already, it stays where it is."""
        self.state.set(DEVICE, fault, laid=name)
        until(lambda: self.field.laid == (fault, name) and look(ACCESS_READER).present)

    def lift(self) -> None:
        """Take away what lies there, and wait until the reader has seen it."""
        self.state.set(DEVICE, "ok", laid="none")
        until(lambda: not look(ACCESS_READER).present)

    def wait(self, timeout: float = PATIENCE_S) -> CardProof | None:
        """What the next card proves; nobody leaves meanwhile."""
        return self.driver.wait(timeout, Event())

    def read(self, name: str, fault: str = "ok") -> CardProof | None:
        """What this card proves when it is laid down."""
        self.lay(name, fault)
        return self.wait()


@contextmanager
def fitted_card_reader(folder: Path) -> Iterator[CardReader]:
    """A reader with nothing on it."""
    state = SimulatedState(folder)
    with PrivatePcscd() as pcscd, SimulatedAccessReader(state, pcscd.port + 1) as field:
        driver = PcscAccessCardReader(ACCESS_READER, SILENCE)
        try:
            yield CardReader(driver, pcscd, field, state)
        finally:
            driver.close()
