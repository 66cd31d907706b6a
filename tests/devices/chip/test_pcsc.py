"""Calls that may never return, and what PC/SC's codes mean."""

import time
from threading import Event
from unittest.mock import Mock

import pytest
from smartcard import scard

from devices.chip import pcsc
from devices.chip.channel import ChipGoneError, ChipSilentError
from devices.chip.pcsc import Caller, PcscChannel, ReaderState
from devices.errors import DeviceCancelledError, DeviceFaultError, DeviceUnavailableError

SHORT, EXTENDED = bytes.fromhex("00b0000000"), bytes.fromhex("00b00000000800")
EVER = 30.0


def nobody_leaves() -> None:
    """The visit goes on."""


def test_a_call_returns_or_raises_where_it_is_waited_for() -> None:
    """Whatever thread it ran in."""
    caller = Caller("test")
    assert caller.call(lambda: 7, EVER, nobody_leaves) == 7
    with pytest.raises(ZeroDivisionError):
        caller.call(lambda: 1 // 0, EVER, nobody_leaves)
    caller.end()
    assert caller.ends_within(EVER)


def test_a_call_that_never_returns_is_left_and_those_behind_it_never_begin() -> None:
    """At its limit, or as soon as the visit is over. What was to be last is done when the call returns at last."""
    caller, stuck, done = Caller("test"), Event(), list[str]()
    with pytest.raises(TimeoutError):
        caller.call(stuck.wait, 0.05, nobody_leaves)

    def leave() -> None:
        raise DeviceCancelledError

    begun = time.monotonic()
    with pytest.raises(DeviceCancelledError):
        caller.call(lambda: done.append("never begun"), EVER, leave)
    assert time.monotonic() - begun < EVER / 2
    caller.end(lambda: done.append("last"))
    assert not caller.ends_within(0.01)
    stuck.set()
    assert caller.ends_within(EVER)
    assert done == ["last"]


def test_who_never_asked_has_no_thread_to_end() -> None:
    """A kiosk that starts and stops without a question."""
    caller = Caller("test")
    caller.end()
    assert caller.ends_within(0)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> PcscChannel:
    """A channel whose reader is what a test says: for codes that vpcd never gives."""
    monkeypatch.setattr(scard, "SCardReleaseContext", lambda _: 0)
    monkeypatch.setattr(scard, "SCardDisconnect", lambda *_: 0)
    return PcscChannel("reader", 0.2, nobody_leaves)


@pytest.mark.parametrize(
    ("apdu", "status", "answer", "expected"),
    [
        (SHORT, scard.SCARD_W_REMOVED_CARD, [], ChipGoneError),
        (SHORT, scard.SCARD_W_RESET_CARD, [], ChipGoneError),
        (SHORT, scard.SCARD_E_NOT_TRANSACTED, [], ChipGoneError),
        (SHORT, scard.SCARD_S_SUCCESS, [], ChipGoneError),  # so a removal looks at first, through vpcd
        (SHORT, scard.SCARD_S_SUCCESS, [0x90], ChipGoneError),
        (EXTENDED, scard.SCARD_E_NOT_TRANSACTED, [], DeviceFaultError),  # so some readers refuse a long command
        (EXTENDED, scard.SCARD_E_INSUFFICIENT_BUFFER, [], DeviceFaultError),
        (EXTENDED, scard.SCARD_W_REMOVED_CARD, [], ChipGoneError),
        (SHORT, scard.SCARD_E_NO_SERVICE, [], DeviceUnavailableError),
        (SHORT, scard.SCARD_F_COMM_ERROR, [], DeviceUnavailableError),
        (SHORT, scard.SCARD_E_READER_UNAVAILABLE, [], DeviceUnavailableError),
        (SHORT, scard.SCARD_E_NO_SERVICE - 2**32, [], DeviceUnavailableError),  # the same code with a sign
    ],
)
def test_what_a_code_means_for_a_command(
    channel: PcscChannel,
    monkeypatch: pytest.MonkeyPatch,
    apdu: bytes,
    status: int,
    answer: list[int],
    expected: type[Exception],
) -> None:
    """A lost chip, a reader that can't carry long commands, and a daemon that went are told apart."""
    monkeypatch.setattr(pcsc, "look", lambda name: ReaderState(name, present=True, held=True))
    monkeypatch.setattr(scard, "SCardTransmit", lambda *_: (status, answer))
    with pytest.raises(expected):
        channel.transmit(apdu)
    channel.close()
    assert channel.released_within(EVER)


def test_a_daemon_that_ends_in_the_middle_of_a_call_is_no_lifted_chip(
    channel: PcscChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last answer may hold any code, this one was seen."""
    gone = DeviceUnavailableError(pcsc.NO_SERVICE)
    monkeypatch.setattr(pcsc, "look", Mock(side_effect=gone))
    monkeypatch.setattr(scard, "SCardTransmit", lambda *_: (scard.SCARD_W_SECURITY_VIOLATION, []))
    with pytest.raises(DeviceUnavailableError) as raised:
        channel.transmit(SHORT)
    assert raised.value.detail == "no-service"
    channel.close()
    assert channel.released_within(EVER)


@pytest.mark.parametrize(
    ("status", "expected", "detail"),
    [
        (scard.SCARD_E_SHARING_VIOLATION, DeviceUnavailableError, "in-use"),
        (scard.SCARD_E_UNKNOWN_READER, DeviceUnavailableError, "unplugged"),
        (scard.SCARD_E_NO_SMARTCARD, ChipGoneError, ""),
        (scard.SCARD_W_UNRESPONSIVE_CARD, ChipGoneError, ""),  # lies so that its chip gets no power
        (scard.SCARD_E_PROTO_MISMATCH, DeviceFaultError, "8010000F"),
    ],
)
def test_what_a_code_means_for_a_connection(
    channel: PcscChannel, monkeypatch: pytest.MonkeyPatch, status: int, expected: type[Exception], detail: str
) -> None:
    """The detail is stable: a reason of the reader's health, or the code itself."""
    monkeypatch.setattr(pcsc, "look", lambda _: pcsc.ReaderState("reader", present=True, held=False))
    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _: (0, 1))
    monkeypatch.setattr(scard, "SCardConnect", lambda *_: (status, 0, 0))
    with pytest.raises(expected) as caught:
        channel.connect()
    assert getattr(caught.value, "detail", None) == detail
    channel.close()


def test_a_command_without_an_answer_is_a_silent_chip(channel: PcscChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the stated time; the channel lets go when the chip is lifted."""
    lifted = Event()

    def transmit(*_: object) -> tuple[int, list[int]]:
        lifted.wait()
        return scard.SCARD_W_REMOVED_CARD, []

    monkeypatch.setattr(scard, "SCardTransmit", transmit)
    with pytest.raises(ChipSilentError):
        channel.transmit(SHORT)
    channel.close()
    assert not channel.released_within(0)
    lifted.set()
    assert channel.released_within(EVER)
