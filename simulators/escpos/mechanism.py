"""A simulated thermal printer behind its wire: buffers, print speed, status bytes, faults.

Its habits that matter most: what it was sent it goes on printing when the fault is gone, unless it was cleared;
real-time commands are obeyed where they come in, also inside of a picture; and offline it obeys nothing else.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from simulators.escpos.commands import Command, real_time, take
from simulators.escpos.paper import LINE, Paper, Rows, type_line

BUFFER = 8192
"""Bytes it takes in before it stops reading. Then it hears no real-time command either, as real ones."""

_DLE = b"\x10"
_STATUS = {  # state -> answers to DLE EOT 1 to 4 where they differ from a good printer's
    "near-end": {4: 0x1E},
    "paper-out": {1: 0x1A, 2: 0x32, 4: 0x7E},
    "cover-open": {1: 0x1A, 2: 0x16},
    "cutter-error": {1: 0x1A, 2: 0x52, 3: 0x1A},
    "overheated": {1: 0x1A, 2: 0x52, 3: 0x52},
    "jam": {1: 0x1A, 2: 0x52, 3: 0x16},
}
_GOOD = 0x12
_ERRORS = ("cutter-error", "overheated", "jam")  # without one, DLE ENQ means nothing
_PRINTS_ON = ("ok", "near-end", "unplugged")  # its own power does not come through the cable
_TICKET_OUT = 0x20
_HAND_S = 0.2  # until a hand takes what is presented
_PRESENTED_STEPS, _RETRACT, _EJECT = 3, 2, 5


class Mechanism:
    """``answer``: gets what the printer says. ``speed``: rows a second. Not thread-safe."""

    def __init__(self, paper: Paper, speed: float, answer: Callable[[bytes], None]) -> None:
        self.paper = paper
        self.state, self.after, self.taken = "ok", 0, True
        self.unknown = bytearray()
        """Bytes that began no command: a driver that is in step with its printer sends none."""
        self._speed, self._answer = speed, answer
        self._incoming = b""
        self._buffer = bytearray()
        self._to_print: deque[Rows] = deque()
        self._line = bytearray()
        self._chinese = False
        self._printed = 0
        self._credit = 0.0
        self._held = 0.0

    @property
    def wants_more(self) -> bool:
        """Whether it reads."""
        return len(self._buffer) < BUFFER

    @property
    def idle(self) -> bool:
        """Whether nothing happens before another byte comes, or another state."""
        return not self._buffer and not self._to_print and self.paper.presented is None

    @property
    def fault(self) -> str:
        """The state, from the row of a strip on at which it begins."""
        return self.state if self._printed >= self.after else "ok"

    def receive(self, data: bytes) -> None:
        """Take bytes from the wire. Real-time commands are obeyed here, and stay in the stream."""
        self._incoming += data
        while (at := self._incoming.find(_DLE)) >= 0:
            command = real_time(self._incoming[at:])
            if command is None:
                break
            self._buffer += self._incoming[: at + command.length]
            self._incoming = self._incoming[at + command.length :]
            self._obey_at_once(command)
        else:
            at = len(self._incoming)
        self._buffer += self._incoming[:at]
        self._incoming = self._incoming[at:]

    def run(self, seconds: float) -> None:
        """Let time pass: print, and go on to the next command when that is done."""
        self._wait_for_hand(seconds)
        self._credit = min(self._credit + seconds * self._speed, self._speed)
        while self.fault in _PRINTS_ON:
            if self._to_print:
                if self._credit < 1:
                    return
                self._print_row()
            elif not self._next():
                self._credit = 0
                return

    # --- at once ---

    def _obey_at_once(self, command: Command) -> None:
        match command.name, command.data:
            case "clear", _:
                self._empty()
                self._answer(b"\x37\x25\x00")
            case "DLE ENQ", b"\x02" if self.fault in _ERRORS:
                self._empty()
            case "DLE EOT", b"\x14":
                self._answer(b"\x10\x0f" + bytes((_TICKET_OUT if self.paper.presented is not None else 0, 0, 0, 0)))
            case "DLE EOT", which if 1 <= which[0] <= 4:  # noqa: PLR2004 - DLE EOT 1 to 4
                self._answer(bytes((_STATUS.get(self.fault, {}).get(which[0], _GOOD),)))

    def _empty(self) -> None:
        self._buffer.clear()
        self._to_print.clear()
        self._line.clear()

    # --- in order ---

    def _print_row(self) -> None:
        rows = self._to_print.popleft()
        self.paper.add(rows)
        self._printed += len(rows)
        self._credit -= len(rows)

    def _next(self) -> bool:
        command = take(bytes(self._buffer), chinese=self._chinese) if self._buffer else None
        if command is None:
            return False
        del self._buffer[: command.length]
        self._obey(command)
        return True

    def _obey(self, command: Command) -> None:
        match command.name:
            case "GS V":
                self._cut(self.paper.cut)
            case "GS e":
                self._move_presenter(command.data[0])
            case "GS r":
                self._answer(bytes((0x03 if self.fault == "near-end" else 0,)))
            case "GS ( H" if command.data[:2] == b"00":
                self._answer(b"\x37\x22" + command.data[2:6] + b"\x00")
            case "unknown":
                self.unknown += command.data
            case _:
                self._set(command)

    def _set(self, command: Command) -> None:
        """What leads to print, or to a way of printing."""
        match command.name:
            case "ESC @":
                self._line.clear()
                self._chinese = False
            case "FS &" | "FS .":
                self._chinese = command.name == "FS &"
            case "text":
                self._line += command.data
            case "LF":
                self._put(type_line(bytes(self._line)))
                self._line.clear()
            case "ESC J" | "ESC d":
                self._put(np.zeros((command.data[0] * (LINE if command.name == "ESC d" else 1), 0), np.bool_))
            case "GS v 0":
                self._put(_picture(command.data))
            case _:
                pass  # density, alignment: nothing to see

    def _put(self, rows: Rows) -> None:
        self._to_print.extend(rows[at : at + 1] for at in range(len(rows)))

    def _cut(self, how: Callable[[], None]) -> None:
        how()
        self._printed = 0

    def _move_presenter(self, how: int) -> None:
        """Presenting, retracting and ejecting cut first what is not cut."""
        if how in (_PRESENTED_STEPS, _RETRACT, _EJECT):
            if self.paper.presented is None or how == _PRESENTED_STEPS:
                self._cut(self.paper.present)
                self._held = 0
            if how != _PRESENTED_STEPS:
                (self.paper.retract if how == _RETRACT else self.paper.eject)()

    def _wait_for_hand(self, seconds: float) -> None:
        self._held += seconds
        if self.taken and self.paper.presented is not None and self._held > _HAND_S:
            self.paper.eject()


def _picture(data: bytes) -> Rows:
    """GS v 0's parameters and rows."""
    width = int.from_bytes(data[:2], "little")
    return np.unpackbits(np.frombuffer(data[4:], np.uint8).reshape(-1, width), axis=1).astype(np.bool_)
