"""The reader's field: an access card that comes and goes as the state file says, and what goes wrong on the way."""

from collections.abc import Callable
from random import Random

from simulators.access_card.applet import AUTHENTICATE, AccessApplet, Replay
from simulators.access_card.cards import SimulatedAccessCard, card
from simulators.state import SimulatedState
from simulators.vpcd import ATR, POWER_OFF, POWER_ON, RESET, Laid, LiftedError, VirtualField

DEVICE = "access_card"
SLOW_S = 0.15


class SimulatedAccessReader(VirtualField):
    """A context manager. ``port``: where vpcd listens on this machine; it may come and go.

    ``laid``: state and card that the reader has found; None while there is none.
    """

    def __init__(self, state: SimulatedState, port: int) -> None:
        self._state, self._heard = state, Replay()
        super().__init__(self._wish, self._made, port)

    def _wish(self) -> Laid:
        now = self._state.read(DEVICE)
        return now["state"], now["laid"]

    def _made(self, laid: Laid) -> "_Powered | None":
        fault, name = laid
        found = card(name)
        return None if found is None else _Powered(found, fault, self._heard)


class _Powered:
    """A card in the field, and what spoils its answers."""

    def __init__(self, card: SimulatedAccessCard, fault: str, heard: Replay) -> None:
        self._card, self._fault, self._heard = card, fault, heard
        self._applet = AccessApplet(card, fault, heard)
        self._chance = Random(fault)

    def control(self, command: int) -> bytes | None:
        """What the reader wants of the card itself; only for its ATR it waits."""
        if command in (POWER_OFF, POWER_ON, RESET):
            self._applet = AccessApplet(self._card, self._fault, self._heard)
        return self._card.atr() if command == ATR else None

    def answer(self, apdu: bytes, wait: Callable[[float], None]) -> bytes:
        """The answer to a command, or what becomes of it. Raises LiftedError."""
        answer = self._applet.answer(apdu)
        signs = apdu[1] == AUTHENTICATE
        match self._fault:
            case "removed-mid-read" if signs:
                raise LiftedError
            case "hung" if signs:
                wait(float("inf"))
            case "slow":
                wait(SLOW_S)
            case "garbage":
                return self._chance.randbytes(self._chance.randint(1, 40))
            case _:
                pass
        return answer
