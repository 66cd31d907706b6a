"""An ESC/POS thermal printer: a strip goes out band by band, and counts as printed when the printer has finished.

Never more than two bands are on their way: the printer says when it has done one, and only then gets the next but one.
So a fault is known where it happens, and what a given-up strip leaves in the printer is little, and is cleared. Until
that is confirmed, nothing else is printed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock

from devices.errors import DeviceError, DeviceTimeoutError
from devices.health import Health, Level
from devices.printing import Printed, PrintStage
from devices.thermal_printer import text as rom_text
from devices.thermal_printer import wire
from devices.thermal_printer.api import NotPrinted, Progress, Strip, StripReason
from devices.thermal_printer.line import Line
from devices.thermal_printer.meaning import Condition
from devices.thermal_printer.model import Address, StripModel
from devices.thermal_printer.talk import Talk

DEVICE = "thermal_printer"
_AHEAD = 1  # bands under way besides the one that is printed: enough that the paper does not stop in between
_LOOK = 0.05
_DISPOSAL = 8.0  # seconds for feeding and cutting


class EscPosStripPrinter:
    """A StripPrinter.

    ``address``: see Address. ``patience``: seconds that a strip may stand still (a hot head cools) before it is given
    up. ``deadline``: seconds for one answer. ``silence``: seconds without any answer while a strip is printed.
    """

    def __init__(
        self, address: str, model: StripModel, patience: float = 20.0, deadline: float = 0.5, silence: float = 3.0
    ) -> None:
        self._address = Address.parse(address)
        self._model = model
        self._patience, self._deadline, self._silence = patience, deadline, silence
        self._strip = Lock()  # taken before the wire, so that no look gets in between
        self._wire = Lock()
        self._unclean = True  # whether the printer may hold something of a strip: nobody knows what was before us
        self._marked = 0
        self._line = Line(self._address)
        self._last = Health(DEVICE, Level.UNKNOWN)

    def health(self) -> Health:
        """Ask the printer itself. Never raises. While a strip is printed, what was last seen. Rests of a strip that was
        given up are cleared and cut off here, as soon as the printer can: until then it is down."""
        if not self._strip.locked() and self._wire.acquire(blocking=False):
            try:
                self._last = self._look()
            finally:
                self._wire.release()
        return self._last

    def print_strip(self, strip: Strip, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """See StripPrinter. A printer that is out of order beforehand is not sent anything."""
        return self._print(wire.bands(strip, self._model), progress, cancel)

    def print_text(self, text: str, progress: Progress, cancel: Event) -> Printed | NotPrinted:
        """See StripPrinter."""
        return self._print(rom_text.lines(text), progress, cancel)

    # --- how it is ---

    def _look(self) -> Health:
        if not self._line.two_way:
            return _unknown() if Path(self._address.target).exists() else _down(StripReason.UNREACHABLE)
        try:
            with self._talk() as talk:
                now = talk.condition()
                if self._unclean and not self._clean(talk, now):
                    return _down(now.reason if now.stops else StripReason.BUSY, now.answers)
        except DeviceError as error:
            return _down(StripReason.UNREACHABLE, error.code)
        return _health(now)

    @contextmanager
    def _talk(self) -> Iterator[Talk]:
        """A line for as long as it is needed: nothing stays open that could go stale."""
        with self._line as line:
            talk = Talk(line, self._model, self._deadline, self._marked)
            try:
                yield talk
            finally:
                self._marked = talk.marked

    def _clean(self, talk: Talk, now: Condition) -> bool:
        """Nothing of an earlier strip is in the printer, and what is on paper is cut off. Its buffer is emptied even
        when it can't print now."""
        cleared = talk.clear()
        if now.stops:
            if now.reason in (StripReason.CUTTER_ERROR, StripReason.OTHER):
                talk.send(wire.RECOVER)
            return False
        if not cleared:
            talk.send(wire.band_filler(self._model))
        talk.forget_marks()
        talk.send(wire.opening(self._model) + wire.disposal(self._model))
        self._unclean = not talk.wait_for(talk.mark(), _DISPOSAL)
        talk.forget_marks()
        return not self._unclean

    # --- a strip ---

    def _print(self, pieces: Iterator[bytes], progress: Progress, cancel: Event) -> Printed | NotPrinted:
        if not self._strip.acquire(blocking=False):
            return NotPrinted(StripReason.BUSY, paper_may_be_out=False)
        try:
            progress(PrintStage.SENDING, StripReason.OK)
            with self._wire:  # a look at its health is short, and no reason to refuse anybody
                return self._job(pieces, progress, cancel) if self._line.two_way else self._send_blindly(pieces)
        finally:
            self._strip.release()

    def _job(self, pieces: Iterator[bytes], progress: Progress, cancel: Event) -> Printed | NotPrinted:
        begun = False
        try:
            with self._talk() as talk:
                if refused := self._refusal(talk, cancel):
                    return NotPrinted(refused, paper_may_be_out=False)
                begun = self._unclean = True
                talk.send(wire.opening(self._model))
                stopped = self._follow(talk, pieces, progress, cancel) or self._hand_over(talk, progress, cancel)
                if stopped:
                    self._give_up(talk)
                    return NotPrinted(stopped, paper_may_be_out=True)
                self._unclean = False
                return Printed(1)
        except DeviceError:
            return NotPrinted(self._lost() if begun else StripReason.UNREACHABLE, paper_may_be_out=begun)

    def _refusal(self, talk: Talk, cancel: Event) -> StripReason | None:
        """Why the strip is not begun."""
        now = talk.condition()
        self._last = _health(now)
        if now.stops:
            return now.reason
        if self._unclean and not self._clean(talk, now):
            return StripReason.BUSY
        return StripReason.OK if cancel.is_set() else None

    def _follow(self, talk: Talk, pieces: Iterator[bytes], progress: Progress, cancel: Event) -> StripReason | None:
        """Send and wait by turns, to the last cut; why it ended early, or None."""
        progress(PrintStage.PRINTING, StripReason.OK)
        for piece in pieces:
            if cancel.is_set():
                return StripReason.OK
            talk.send(piece)
            if stopped := self._await(talk, talk.mark() - _AHEAD, progress, cancel):
                return stopped
        talk.send(wire.ending(self._model))
        return self._await(talk, talk.mark(), progress, cancel)

    def _await(self, talk: Talk, mark: int, progress: Progress, cancel: Event) -> StripReason | None:
        """Until a mark is reached; why it will not be, or None."""
        since, reached, told = time.monotonic(), talk.reached, StripReason.OK
        while True:
            reason = self._fault(talk)
            if talk.reached >= mark and (reason is None or self._echo_outweighs(reason)):
                if told is not StripReason.OK:
                    progress(PrintStage.PRINTING, StripReason.OK)
                return None
            if reason not in (None, StripReason.OVERHEATED, StripReason.BUSY) or cancel.is_set():
                return reason or StripReason.OK
            if talk.reached != reached:
                since, reached = time.monotonic(), talk.reached
            if time.monotonic() - since > self._patience:
                return reason or StripReason.OTHER
            if (reason or StripReason.OK) != told:
                told = reason or StripReason.OK
                progress(PrintStage.WAITING if reason else PrintStage.PRINTING, told)
            talk.wait_for(mark, _LOOK)

    def _echo_outweighs(self, reason: StripReason) -> bool:
        """A process number comes when all before it is on paper: whatever ends the roll then, ends the next strip. The
        plain echo is answered early by some printers."""
        return self._model.echo == "process-id" and reason is not StripReason.CUTTER_ERROR

    def _fault(self, talk: Talk) -> StripReason | None:
        """Why it prints no further, or None. A printer that is only slow to answer is asked again for a while."""
        until = time.monotonic() + self._silence
        while True:
            try:
                now = talk.condition()
            except DeviceTimeoutError:
                if time.monotonic() > until:
                    raise
                continue
            self._last = _health(now)
            return now.reason if now.stops else None

    def _hand_over(self, talk: Talk, progress: Progress, cancel: Event) -> StripReason | None:
        """With a presenter, wait until the strip is taken; why it was not, or None. One that is pushed out falls where
        it can be picked up, so it counts as printed; one that is drawn in does not."""
        if self._model.presenter == "none":
            return None
        until = time.monotonic() + self._model.presenter_seconds
        progress(PrintStage.WAITING, StripReason.PAPER_LEFT_IN_PRESENTER)
        while talk.strip_in_presenter():
            if cancel.wait(_LOOK) or time.monotonic() > until:
                talk.send(wire.taking_back(self._model))
                stopped = self._await(talk, talk.mark(), progress, Event())
                return stopped or (StripReason.PAPER_LEFT_IN_PRESENTER if self._model.presenter == "retract" else None)
        return None

    def _give_up(self, talk: Talk) -> None:
        """Leave nothing in the printer. What can't be done now is done by the next health()."""
        with suppress(DeviceError):
            self._clean(talk, talk.condition())

    def _lost(self) -> StripReason:
        """Why the line failed under way: the printer may be there, and have stopped reading. Clear it then."""
        with suppress(DeviceError), self._talk() as talk:
            now = talk.condition()
            self._last = _health(now)
            self._clean(talk, now)
            return now.reason if now.stops else StripReason.OTHER
        self._last = _down(StripReason.UNREACHABLE)
        return StripReason.UNREACHABLE

    def _send_blindly(self, pieces: Iterator[bytes]) -> NotPrinted:
        """A wire without answers: nothing can be known, and nothing is claimed."""
        begun = False
        try:
            with self._line as line:
                begun = True
                for piece in (wire.opening(self._model), *pieces, wire.ending(self._model)):
                    line.write(piece)
        except DeviceError:
            return NotPrinted(StripReason.UNREACHABLE, paper_may_be_out=begun)
        return NotPrinted(StripReason.STATUS_UNKNOWN, paper_may_be_out=True)


def _health(now: Condition) -> Health:
    level = Level.DOWN if now.stops else Level.READY if now.reason is StripReason.OK else Level.DEGRADED
    return Health(DEVICE, level, now.reason, (("status", now.answers),))


def _down(reason: StripReason, detail: str = "") -> Health:
    return Health(DEVICE, Level.DOWN, reason, (("status", detail),) if detail else ())


def _unknown() -> Health:
    return Health(DEVICE, Level.UNKNOWN, StripReason.STATUS_UNKNOWN)
