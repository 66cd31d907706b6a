"""A reader behind PC/SC (pcsc-lite, through pyscard): what lies on it, and a channel to the chip.

No call of PC/SC has a timeout: each goes to the daemon, and waits there for as long as a chip is silent or another
program holds the reader. So a thread of ours makes them, and whoever asked waits no longer than stated. Nothing of
pyscard but its bindings is used: its upper layers keep a connection to a daemon that was restarted, take part in other
programs' sessions, and print what goes over the air where an observer is attached.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread  # noqa: TID251 - calls that nothing can end are left behind in it
from typing import TypeVar

from smartcard import scard

from devices.chip.channel import ChipGoneError, ChipSilentError
from devices.errors import DeviceFaultError, DeviceUnavailableError

NO_SERVICE, UNPLUGGED, IN_USE = "no-service", "unplugged", "in-use"
_SLICE = 0.05  # seconds within which a cancel is noticed
_ANSWERED = 2.0  # the daemon itself answers within
_LETTING_GO = 0.1
_STATUS_BYTES = 2
_EXTENDED = 4  # the byte after the header, which is zero where lengths have three bytes
_CODES = 0xFFFFFFFF
_COUNTED = 16  # bits of a state below its count (pcsc-lite, SCardGetStatusChange)
_GONE = {scard.SCARD_W_REMOVED_CARD, scard.SCARD_W_RESET_CARD, scard.SCARD_E_NO_SMARTCARD}
_UNREACHED = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD}  # there, and its chip has no power
_UNAVAILABLE = {
    scard.SCARD_E_NO_SERVICE: NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED: NO_SERVICE,
    scard.SCARD_F_COMM_ERROR: NO_SERVICE,
    scard.SCARD_E_INVALID_HANDLE: NO_SERVICE,  # given by a daemon that is no more
    scard.SCARD_E_UNKNOWN_READER: UNPLUGGED,
    scard.SCARD_E_READER_UNAVAILABLE: UNPLUGGED,
    scard.SCARD_E_NO_READERS_AVAILABLE: UNPLUGGED,
    scard.SCARD_E_SHARING_VIOLATION: IN_USE,
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ReaderState:
    """``name``: the reader's own, in full. ``held``: some program has a connection to the chip, we or another.
    ``atr``: what the chip said of itself when it got power. ``flags``: all of it as the daemon tells it;
    its upper half counts how often something came or went."""

    name: str
    present: bool
    held: bool
    atr: bytes = b""
    flags: int = 0

    @property
    def came(self) -> int:
        """Which laying down this is: another number after each time that the daemon saw a chip come or go."""
        return self.flags >> _COUNTED


class Caller:
    """A thread for calls that may not return; it lives from the first to the last. One call after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None

    def call(self, work: Callable[[], _T], limit: float, heed: Callable[[], None]) -> _T:
        """What ``work`` returns or raises. Raises TimeoutError after ``limit`` seconds, and what ``heed`` raises; then
        a call that was not begun never is."""
        future: Future[_T] = Future()
        self._start()
        self._calls.put(lambda: _settle(future, work))
        deadline = time.monotonic() + limit
        try:
            while not wait([future], _SLICE).done:
                heed()
                if time.monotonic() > deadline:
                    raise TimeoutError
        finally:
            future.cancel()
        return future.result()

    def end(self, last: Callable[[], None] = lambda: None) -> None:
        """Make ``last`` the last call, whenever the one that runs returns."""
        with self._starting:
            if self._thread is not None:
                self._calls.put(last)
                self._calls.put(None)

    def ends_within(self, seconds: float) -> bool:
        """Whether the last call is over by then."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


def look(part: str, known: ReaderState | None = None, seconds: float = 0.0) -> ReaderState:
    """The first reader whose name contains ``part``; once it is not as ``known`` any more, or after ``seconds``. Raises
    DeviceUnavailableError: no-service, unplugged."""
    context = _context()
    try:
        status, names = scard.SCardListReaders(context, [])
        name = next((each for each in names if part in each), None)
        if name is None:
            raise DeviceUnavailableError(_UNAVAILABLE.get(_code(status), UNPLUGGED))
        asked = (name, known.flags if known and known.name == name else scard.SCARD_STATE_UNAWARE)
        status, ((_, flags, atr),) = scard.SCardGetStatusChange(context, int(seconds * 1000), [asked])
        if _code(status) != scard.SCARD_E_TIMEOUT:  # nothing has changed
            _check(status)
        return _state(name, flags & ~scard.SCARD_STATE_CHANGED, bytes(atr))
    finally:
        scard.SCardReleaseContext(context)


def _state(name: str, flags: int, atr: bytes) -> ReaderState:
    held = scard.SCARD_STATE_EXCLUSIVE | scard.SCARD_STATE_INUSE
    return ReaderState(name, bool(flags & scard.SCARD_STATE_PRESENT), bool(flags & held), atr, flags)


class PcscChannel:
    """Implements Channel: the chip in the reader of this name, for us alone, until closed.

    ``silence``: seconds without an answer after which a chip counts as silent. ``heed`` raises when the visit is over.
    Its methods raise ChipGoneError, ChipSilentError, DeviceUnavailableError and DeviceFaultError.
    """

    def __init__(self, part: str, silence: float, heed: Callable[[], None]) -> None:
        self._part, self._silence, self._heed = part, silence, heed
        self._caller = Caller("chip")
        self._context: int | None = None
        self._card: int | None = None
        self._protocol = scard.SCARD_PCI_T1
        self.given_up_at = 0.0  # on the monotonic clock: until then the chip may take its time

    def connect(self) -> None:
        """Power the chip, and keep other programs away."""
        self._call(self._connect)

    def transmit(self, apdu: bytes) -> bytes:
        """One command, and its answer with SW1 SW2."""
        return self._call(lambda: self._transmit(apdu))

    def close(self) -> None:
        """Cut the chip's power, so that its session ends with the visit; a hung one keeps nobody waiting."""
        self._caller.end(self._release)
        self._caller.ends_within(_LETTING_GO)

    def released_within(self, seconds: float) -> bool:
        """Whether a closed channel has let go of the reader by then."""
        return self._caller.ends_within(seconds)

    def _call(self, work: Callable[[], _T]) -> _T:
        self.given_up_at = time.monotonic() + self._silence
        try:
            return self._caller.call(work, self._silence, self._heed)
        except TimeoutError:
            raise ChipSilentError from None

    # --- on the caller's thread ---

    def _connect(self) -> None:
        name = look(self._part).name
        self._context = _context()
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        status, card, protocol = scard.SCardConnect(self._context, name, scard.SCARD_SHARE_EXCLUSIVE, protocols)
        _check(status)
        self._card = card
        self._protocol = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

    def _transmit(self, apdu: bytes) -> bytes:
        status, answer = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        if status == scard.SCARD_S_SUCCESS and len(answer) >= _STATUS_BYTES:
            return bytes(answer)
        if _code(status) in _UNAVAILABLE.keys() | _GONE:
            _check(status)
        look(self._part)  # a daemon that ends in the middle of a call answers with any code: raise if it is no more
        # any other code, and success without an answer, is how drivers speak of a chip that was lifted meanwhile; but
        # some refuse a long command with the same codes, and then a short one tells the two apart
        if len(apdu) > _EXTENDED + 1 and apdu[_EXTENDED] == 0:
            raise DeviceFaultError(f"{_code(status):08X}")
        raise ChipGoneError

    def _release(self) -> None:
        if self._card is not None:
            scard.SCardDisconnect(self._card, scard.SCARD_UNPOWER_CARD)
        if self._context is not None:
            scard.SCardReleaseContext(self._context)


def ask(
    caller: Caller, part: str, heed: Callable[[], None], known: ReaderState | None = None, seconds: float = 0.0
) -> ReaderState:
    """``look``, by a thread that may be left. Raises DeviceUnavailableError."""
    try:
        return caller.call(lambda: look(part, known, seconds), seconds + _ANSWERED, heed)
    except TimeoutError:
        raise DeviceUnavailableError(NO_SERVICE) from None


def _settle(future: "Future[_T]", work: Callable[[], _T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
        future.set_exception(error)


def _context() -> int:
    status, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if status != scard.SCARD_S_SUCCESS:
        raise DeviceUnavailableError(NO_SERVICE)
    return int(context)


def _code(status: int) -> int:
    """PC/SC's codes as they are written; some versions of the bindings give them a sign."""
    return status & _CODES


def _check(status: int) -> None:
    """Raise what a status means."""
    code = _code(status)
    if code == scard.SCARD_S_SUCCESS:
        return
    if code in _GONE | _UNREACHED:
        raise ChipGoneError
    if code in _UNAVAILABLE:
        raise DeviceUnavailableError(_UNAVAILABLE[code])
    raise DeviceFaultError(f"{code:08X}")
