"""A reader of access cards over PC/SC: waits for the next card, and has it prove its key.

Each question to the daemon is asked anew, so a restarted daemon and a reader that was plugged in again are found
by themselves. Which card lies there is told by the count of what came and went: a card that was read, or whose
reading was cancelled, counts again once it was lifted.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Lock

from devices.access_card.api import CardKey, CardNumber, CardProof, CardReason, Unreadable, number_label
from devices.access_card.number import knows_no_commands, lasting_number
from devices.access_card.piv import CHALLENGE_BYTES, proven_key, select
from devices.access_card.problems import CardError
from devices.chip.channel import Channel, ChipGoneError, ChipSilentError, heed_time
from devices.chip.pcsc import IN_USE, Caller, PcscChannel, ReaderState, ask
from devices.errors import DeviceError, DeviceUnavailableError, heed_visit
from devices.health import Health, Level

_SLICE = 0.05  # seconds within which a cancel is noticed
_WATCH = 0.25  # and within which a question that was left behind is over
_SILENCE = 2.0  # a healthy card signs within a fifth of a second
_LONGEST = 5.0  # for all of it: a card that takes longer keeps a queue waiting before the gate
_TRIES, _BETWEEN = 3, 0.15  # a card that is being laid down touches the field's edge first


class PcscAccessCardReader:
    """Implements devices.access_card.api.AccessCardReader.

    ``reader``: a part of the PC/SC reader's name. ``silence``: seconds without an answer after which a card counts as
    silent.
    """

    def __init__(self, reader: str, silence: float = _SILENCE) -> None:
        self._reader, self._silence = reader, silence
        self._turn = Lock()
        self._questions = Caller("access card reader")
        self._channel: PcscChannel | None = None  # the last one, which may not have let go yet
        self._done: int | None = None  # which laying down was read
        self._last_reason = ""

    def health(self) -> Health:
        """Ask the daemon for the reader, without touching a card. Never raises."""
        reason, name = self._diagnose()
        facts = (("reader", name or self._reader), ("last-reason", self._last_reason))
        level = Level.READY if reason == "ok" else Level.DOWN
        return Health("access_card", level, reason, tuple(fact for fact in facts if fact[1]))

    def wait(self, timeout: float, cancel: Event) -> CardProof | None:
        """The proof of the next card. Raises DeviceUnavailableError (no-service, unplugged, in-use), DeviceFaultError
        and DeviceCancelledError."""
        heed, until = partial(heed_visit, cancel), time.monotonic() + timeout
        while not self._turn.acquire(timeout=_SLICE):
            heed()
            if time.monotonic() > until:
                return None
        try:
            card = self._next(until, heed)
            return None if card is None else self._read(card, cancel)
        except DeviceUnavailableError:
            self._done = None  # what is there afterwards is counted anew
            raise
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of the reader."""
        self._questions.end()

    # --- the next card ---

    def _next(self, until: float, heed: Callable[[], None]) -> ReaderState | None:
        """The reader, once a card lies there that was not read; None: it did not come in time."""
        state = ask(self._questions, self._reader, heed)
        while self._still_held() or not state.present or state.came == self._done:
            rest = until - time.monotonic()
            if rest <= 0:
                return None
            state = ask(self._questions, self._reader, heed, state, min(rest, _WATCH))
        return state

    def _still_held(self) -> bool:
        """Whether a card that fell silent keeps the reader still: until it is lifted."""
        if self._channel is not None and self._channel.released_within(0):
            self._channel = None
        return self._channel is not None

    # --- its proof ---

    def _read(self, card: ReaderState, cancel: Event) -> CardProof:
        self._done = card.came  # whatever becomes of it: it is not read again for whoever comes next
        proof = self._try(card, cancel)
        for _ in range(_TRIES - 1):  # it is on its way down: lost, and still there
            if proof != Unreadable(CardReason.MOVED) or cancel.wait(_BETWEEN) or not self._lies_there(card, cancel):
                break
            proof = self._try(card, cancel)
        heed_visit(cancel)
        self._last_reason = f"{proof.reason} {proof.detail}".strip() if isinstance(proof, Unreadable) else ""
        return proof

    def _lies_there(self, card: ReaderState, cancel: Event) -> bool:
        state = ask(self._questions, self._reader, partial(heed_visit, cancel))
        return state.present and state.came == card.came

    def _try(self, card: ReaderState, cancel: Event) -> CardProof:
        heed = partial(heed_time, time.monotonic() + _LONGEST, partial(heed_visit, cancel))
        channel = self._channel = PcscChannel(self._reader, self._silence, heed)
        try:
            channel.connect()
            return read_card(channel, card.atr)
        except CardError as error:
            return Unreadable(error.reason, error.detail)
        except ChipGoneError:
            return Unreadable(CardReason.MOVED)
        except ChipSilentError:
            return Unreadable(CardReason.SILENT)
        finally:
            channel.close()

    # --- the reader ---

    def _diagnose(self) -> tuple[str, str]:
        """The reason, and the reader's name in full."""
        try:
            state = ask(self._questions, self._reader, lambda: None)
        except DeviceUnavailableError as error:
            return error.detail, ""
        if not self._turn.acquire(blocking=False):  # somebody waits for a card, or reads it: it is ours
            return "ok", state.name
        try:
            held = self._still_held()
        finally:
            self._turn.release()
        if held:
            return "silent", state.name
        return IN_USE if state.held else "ok", state.name


def read_card(channel: Channel, atr: bytes) -> CardKey | CardNumber:
    """What the card proves: its key where it has the application, else its bare number. ``atr``: what it said of itself
    when it got power. Raises CardError, and what the channel does."""
    if knows_no_commands(atr) or not select(channel):
        return CardNumber(lasting_number(channel))
    return CardKey(proven_key(channel, secrets.token_bytes(CHALLENGE_BYTES)), _label(channel))


def _label(channel: Channel) -> str:
    """Empty where there is no lasting number, or none is told any more: the key is proven already."""
    with suppress(CardError, DeviceError):
        return number_label(lasting_number(channel))
    return ""
