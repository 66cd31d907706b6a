"""The reader's field: a document that comes and goes as the state file says, with what goes wrong on the way to it."""

from collections.abc import Callable
from random import Random

from simulators.chip import lds
from simulators.chip.applet import Applet, Personalisation
from simulators.chip.documents import documents
from simulators.chip.personalise import Press
from simulators.state import SimulatedState
from simulators.vpcd import ATR, POWER_OFF, POWER_ON, RESET, Laid, LiftedError, VirtualField

DEVICE = "travel_document"
_SLOW_S = 0.15
_OK = b"\x90\x00"


class SimulatedChip(VirtualField):
    """A context manager. ``port``: where vpcd listens on this machine; it may come and go.

    ``laid``: state and document of the chip that the reader has found; None while there is none.
    """

    def __init__(self, state: SimulatedState, port: int, press: Press | None = None) -> None:
        self._state, self._press, self._documents = state, press or Press(), documents()
        super().__init__(self._wish, self._made, port)

    def _wish(self) -> Laid:
        now = self._state.read(DEVICE)
        return now["state"], now["document"]

    def _made(self, laid: Laid) -> "_Powered | None":
        fault, name = laid
        document = self._documents.get(name)
        return None if document is None else _Powered(self._press.make(document, fault), fault)


class _Powered:
    """A chip in the field, and what spoils its answers."""

    def __init__(self, chip: Personalisation, fault: str) -> None:
        self._chip, self._fault = chip, fault
        self._applet = Applet(chip)
        self._chance = Random(fault)

    def control(self, command: int) -> bytes | None:
        """What the reader wants of the chip itself; only for its ATR it waits."""
        if command in (POWER_OFF, POWER_ON, RESET):
            self._applet = Applet(self._chip)
        return self._chip.atr() if command == ATR else None

    def answer(self, apdu: bytes, wait: Callable[[float], None]) -> bytes:
        """The answer to a command, or what becomes of it. Raises LiftedError."""
        answer = self._applet.answer(apdu)
        at_portrait = self._applet.current == lds.DG2 and len(answer) > len(_OK)
        match self._fault:
            case "removed-mid-read" if at_portrait:
                raise LiftedError
            case "hung" if at_portrait:
                wait(float("inf"))
            case "slow":
                wait(_SLOW_S)
            case "garbage":
                return self._chance.randbytes(self._chance.randint(1, 40))
            case _:
                pass
        return answer
