"""Questions to a printer and their answers, on one open line.

An answer to DLE EOT does not say which question it answers, and a picture may hold bytes that are such a question (the
printer answers those, too). So one thing is asked at a time, what came before is thrown away first, and a fault is
believed only when it is told twice.
"""

import time
from collections.abc import Callable

from devices.errors import DeviceTimeoutError
from devices.thermal_printer import wire
from devices.thermal_printer.line import Line
from devices.thermal_printer.meaning import TICKET_OUT, Condition, condition
from devices.thermal_printer.model import StripModel
from devices.thermal_printer.wire import ECHOES, Kind, Reply, Status

_ASKED = (Status.PRINTER, Status.OFFLINE, Status.ERROR, Status.PAPER)
_QUIET = 0.03
_SETTLED = 0.1  # a line on which nothing came for so long has nothing more to say: what was on its way has arrived
_MOST_NOISE = 1.0  # and one that does not stop within this will not
_CLEARING = 1.0


class Talk:
    """Not thread-safe. ``deadline``: seconds for an answer to DLE EOT. Everything may raise DeviceUnavailableError and
    DeviceTimeoutError."""

    def __init__(self, line: Line, model: StripModel, deadline: float, first_mark: int) -> None:
        self.marked = first_mark
        """How many marks were ever set; a mark is reached when the printer has done everything before it."""
        self.reached = first_mark
        self._line, self._model, self._deadline = line, model, deadline
        self._rest = b""

    def send(self, data: bytes) -> None:
        """Send as it is."""
        self._line.write(data)

    def mark(self) -> int:
        """Ask to be told when everything up to here is done; the mark's number."""
        self.marked += 1
        self._line.write(wire.ask_echo(self._model, self.marked))
        return self.marked

    def hear(self, seconds: float) -> list[Reply]:
        """What comes within ``seconds``. Marks that are reached are counted here, whatever else was waited for."""
        received = self._line.read(seconds)
        heard, self._rest = wire.replies(self._rest + received)
        for reply in heard:
            self._count(reply)
        return heard

    def condition(self) -> Condition:
        """Ask the printer how it is."""
        now = self._condition()
        if not now.stops:
            return now
        self._quieten(_SETTLED)
        return self._condition()

    def strip_in_presenter(self) -> bool:
        """Whether a strip waits to be taken."""
        return bool(self._ask(Status.FULL, Kind.FULL)[0] & TICKET_OUT)

    def clear(self) -> bool:
        """Empty the printer's buffers; whether it confirms that they are."""
        if self._model.clear == "none":
            return False
        self._quieten()
        self.send(wire.CLEAR)
        return self._await(Kind.CLEARED, _CLEARING) is not None

    def forget_marks(self) -> None:
        """Throw away the echoes of what was cleared."""
        self._quieten()
        self.reached = self.marked

    def wait_for(self, mark: int, seconds: float) -> bool:
        """Whether a mark is reached within ``seconds``."""

        def is_reached() -> bool:
            if self.reached < mark:
                self.hear(_QUIET)
            return self.reached >= mark

        return self._until(is_reached, seconds)

    def _condition(self) -> Condition:
        return condition({status: self._ask(status, Kind.STATUS)[0] for status in _ASKED})

    def _ask(self, status: Status, kind: Kind) -> bytes:
        self._quieten()
        self.send(wire.ask_status(status))
        reply = self._await(kind, self._deadline)
        if reply is None:
            raise DeviceTimeoutError(f"DLE EOT {status.value}")
        return reply.data

    def _await(self, kind: Kind, seconds: float) -> Reply | None:
        found: list[Reply] = []

        def came() -> bool:
            found.extend(reply for reply in self.hear(_QUIET) if reply.kind is kind)
            return bool(found)

        return found[0] if self._until(came, seconds) else None

    def _until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Look at least twice, so that a busy machine is not taken for a silent printer."""
        until, looks = time.monotonic() + seconds, 0
        while not true():
            if time.monotonic() > until and looks > 1:
                return False
            looks += 1
        return True

    def _quieten(self, silence: float = 0.0) -> None:
        """Throw away what comes, until nothing comes for so many seconds."""
        until = time.monotonic() + _MOST_NOISE
        while self.hear(silence) and time.monotonic() < until:
            pass

    def _count(self, reply: Reply) -> None:
        if reply.kind is Kind.PAPER and self._model.echo == "paper-status":
            self.reached = min(self.reached + 1, self.marked)
        if reply.kind is Kind.ECHO and self._model.echo == "process-id" and reply.data.isdigit():
            behind = (self.marked - int(reply.data)) % ECHOES
            if behind <= self.marked - self.reached:
                self.reached = self.marked - behind
