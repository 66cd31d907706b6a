"""A reader of electronic travel documents over PC/SC: reads one document, and says how the reader is.

Each question to the daemon is asked anew, so a daemon that was restarted and a reader that was unplugged are found
again by themselves. A chip that falls silent keeps the reader until it is lifted: PC/SC can't take it away from it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Lock

from civic.mrz import MrzKey
from devices.chip.channel import ChipGoneError, ChipSilentError, heed_time
from devices.chip.pcsc import IN_USE, Caller, PcscChannel, ReaderState, ask
from devices.errors import DeviceUnavailableError, heed_visit
from devices.health import Health, Level
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable, Stage
from devices.travel_document.authorities import Authorities
from devices.travel_document.reading import read_document

_SLICE = 0.05  # seconds within which a cancel is noticed
_SILENCE = 5.0  # a healthy chip answers a command within two seconds, keys and long answers included
_LONGEST = 60.0  # a healthy chip is read in ten, in short commands too: one that gives a byte at a time is no better


class PcscDocumentReader:
    """Implements devices.travel_document.api.TravelDocumentReader.

    ``reader``: a part of the PC/SC reader's name. ``authorities``: the folder of CSCA certificates. ``silence``:
    seconds without an answer after which a chip counts as silent.
    """

    def __init__(self, reader: str, authorities: Path, silence: float = _SILENCE) -> None:
        self._reader, self._silence = reader, silence
        self._store = _Store(authorities)
        self._turn = Lock()
        self._questions = Caller("travel document reader")
        self._channel: PcscChannel | None = None  # the last one, which may not have let go yet
        self._name, self._last_problem = "", ""

    def health(self) -> Health:
        """Ask the daemon for the reader, without touching a chip. Never raises."""
        reason = self._diagnose()
        authorities = self._store.get()
        if reason == "ok" and not authorities.count:
            reason = "no-authorities"
        level = {"ok": Level.READY, "no-authorities": Level.DEGRADED}.get(reason, Level.DOWN)
        facts = (
            ("reader", self._name or self._reader),
            ("authorities", str(authorities.count)),
            ("unreadable-authorities", ", ".join(authorities.problems)),
            ("last-problem", self._last_problem),
        )
        return Health("travel_document", level, reason, tuple(fact for fact in facts if fact[1]))

    def present(self) -> bool:
        """Whether a chip lies on the reader. Raises DeviceUnavailableError: no-service, unplugged."""
        return self._look().present

    def read(
        self, key: MrzKey, cancel: Event, on_stage: Callable[[Stage, float], None]
    ) -> DocumentRead | DocumentUnreadable:
        """Open the chip with ``key``, read and authenticate it. A chip that is silent, was and still lies there, or is
        not done after a minute, is SILENT. Raises DeviceUnavailableError (no-service, unplugged, in-use),
        DeviceFaultError and DeviceCancelledError."""
        heed = partial(heed_visit, cancel)
        with self._alone(heed):
            outcome = self._read(key, on_stage, heed)
        self._last_problem = (
            f"{outcome.problem} {outcome.detail}".strip() if isinstance(outcome, DocumentUnreadable) else ""
        )
        return outcome

    def close(self) -> None:
        """Let go of the reader."""
        self._questions.end()

    # --- reading ---

    def _read(
        self, key: MrzKey, on_stage: Callable[[Stage, float], None], heed: Callable[[], None]
    ) -> DocumentRead | DocumentUnreadable:
        if self._still_held(heed):
            return DocumentUnreadable(DocumentProblem.SILENT, "not lifted")
        alert = partial(heed_time, time.monotonic() + _LONGEST, heed)
        channel = self._channel = PcscChannel(self._reader, self._silence, alert)
        try:
            channel.connect()
            return read_document(channel, key, self._store.get(), on_stage, alert)
        except ChipGoneError:
            return DocumentUnreadable(DocumentProblem.MOVED)
        except ChipSilentError:
            return DocumentUnreadable(DocumentProblem.SILENT)
        finally:
            channel.close()

    def _still_held(self, heed: Callable[[], None]) -> bool:
        """Whether a chip keeps the reader from an earlier read. One that was only left gets its time to answer."""
        channel = self._channel
        while channel is not None and not channel.released_within(_SLICE):
            heed()
            if time.monotonic() > channel.given_up_at:
                return True
        self._channel = None
        return False

    @contextmanager
    def _alone(self, heed: Callable[[], None]) -> Iterator[None]:
        """One read at a time; whoever leaves does not wait for another's."""
        while not self._turn.acquire(timeout=_SLICE):
            heed()
        try:
            yield
        finally:
            self._turn.release()

    # --- the reader ---

    def _diagnose(self) -> str:
        try:
            state = self._look()
        except DeviceUnavailableError as error:
            return error.detail
        if not self._turn.acquire(blocking=False):  # we hold the chip ourselves
            return "ok"
        try:
            channel = self._channel
        finally:
            self._turn.release()
        if channel is not None and not channel.released_within(0):
            return "silent" if time.monotonic() > channel.given_up_at else "ok"
        return IN_USE if state.held else "ok"

    def _look(self) -> ReaderState:
        state = ask(self._questions, self._reader, lambda: None)
        self._name = state.name
        return state


class _Store:
    """The authorities, read again when the operator changes the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._seen: frozenset[tuple[str, int, int]] | None = None
        self._authorities = Authorities()

    def get(self) -> Authorities:
        """What is in the folder now; of hundreds of certificates it takes a tenth of a second when they changed."""
        with self._lock:
            seen = self._look()
            if seen != self._seen:
                self._authorities, self._seen = Authorities.load(self._folder), seen
            return self._authorities

    def _look(self) -> frozenset[tuple[str, int, int]]:
        try:
            found = [(path.name, path.stat()) for path in self._folder.iterdir()]
        except OSError:
            return frozenset()
        return frozenset((name, status.st_mtime_ns, status.st_size) for name, status in found)
