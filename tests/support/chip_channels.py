"""Channels to chips that need no reader: a played-back one, and the simulated applet in this process."""

from collections.abc import Callable

from simulators.chip.applet import Applet, Personalisation


class ScriptedChannel:
    """Gives the answers of a worked example in turn, and keeps what it was sent."""

    def __init__(self, *answers: str) -> None:
        self._answers = [bytes.fromhex(answer) for answer in answers]
        self.sent: list[str] = []

    def transmit(self, apdu: bytes) -> bytes:
        """The next answer."""
        self.sent.append(apdu.hex().upper())
        return self._answers.pop(0)


class AppletChannel:
    """A chip of the simulator, reached directly. ``before``: what happens before the command of each number."""

    def __init__(self, chip: Personalisation, before: Callable[[int, bytes], None] = lambda *_: None) -> None:
        self._applet = Applet(chip)
        self._before = before
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        """The applet's answer."""
        self._before(len(self.sent), apdu)
        self.sent.append(apdu)
        return self._applet.answer(apdu)
