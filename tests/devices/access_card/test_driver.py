"""The reader over a real pcscd, with cards behind vpcd: each card is one outcome, and the next one is read."""

import logging
import time
from collections.abc import Iterator
from threading import Event, Timer
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.access_card import driver
from devices.access_card.api import AccessCardReader, CardKey, CardNumber, CardReason, Unreadable
from devices.access_card.driver import PcscAccessCardReader
from devices.chip.channel import ChipGoneError
from devices.chip.pcsc import PcscChannel
from devices.errors import DeviceCancelledError, DeviceUnavailableError
from devices.health import Level
from simulators.access_card.cards import key_of
from simulators.access_card.field import DEVICE
from simulators.pcsc import ACCESS_READER
from tests.support.access_card import SILENCE, CardReader, fitted_card_reader
from tests.support.pcsc import until

SLACK_S = 1.0  # of a machine that does other things as well
TAP_S = 0.3  # from a card that was found to its proof, on such a machine; alone it takes six milliseconds


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardReader]:
    with fitted_card_reader(tmp_path_factory.mktemp("cards")) as reader:
        yield reader


@pytest.fixture
def reader(fitted: CardReader) -> Iterator[CardReader]:
    yield fitted
    fitted.state.set(DEVICE, "ok", laid="none")


def public_key(name: str) -> bytes:
    """As the grant of this card's owner holds it."""
    return key_of(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_card_proves_its_key_at_once(reader: CardReader) -> None:
    """By whoever knows the interface alone. Its label is the end of its number; the next card waits for its turn."""
    subject: AccessCardReader = reader.driver
    reader.lay("deng")
    begun = time.monotonic()
    proof = subject.wait(5, Event())
    assert time.monotonic() - begun < TAP_S
    assert proof == CardKey(public_key("deng"), "9856")
    assert subject.wait(0.1, Event()) is None  # it lies there still, and was read


def test_a_card_that_comes_while_somebody_waits_is_proof_and_so_is_the_next(reader: CardReader) -> None:
    """A gate waits all day. A card with a random number has no label; its key is as good as any."""
    reader.lift()
    Timer(0.1, lambda: reader.state.set(DEVICE, laid="nameless")).start()
    assert reader.wait() == CardKey(public_key("nameless"))
    reader.state.set(DEVICE, laid="number")
    proof = reader.wait()
    assert isinstance(proof, CardNumber)
    assert (proof.number[:1], len(proof.number), proof.label) == (b"\x04", 7, proof.number.hex().upper()[-4:])


def test_what_goes_wrong_with_a_card_is_named_and_the_next_is_read(reader: CardReader) -> None:
    """What a card answers, byte by byte: test_piv.py, test_number.py."""
    for fault, expected in {
        "wrong-signature": Unreadable(CardReason.NOT_PROVEN),
        "garbage": Unreadable(CardReason.NO_NUMBER, "8 bytes, AB15"),
    }.items():
        assert reader.read("deng", fault) == expected
        assert dict(reader.driver.health().facts)["last-reason"].startswith(expected.reason)
    assert reader.read("deng") == CardKey(public_key("deng"), "9856")
    assert "last-reason" not in dict(reader.driver.health().facts)


def test_a_card_that_is_lifted_too_early_is_asked_to_be_held_on(reader: CardReader) -> None:
    """It comes again in the same way, and then whole."""
    reader.state.set(DEVICE, "removed-mid-read", laid="lan")
    assert reader.wait() == Unreadable(CardReason.MOVED)
    reader.state.set(DEVICE, "ok", laid="lan")
    until(lambda: reader.field.laid == ("ok", "lan"))
    assert isinstance(reader.wait(), CardKey)


def test_a_card_that_only_touches_the_fields_edge_first_is_read_all_the_same(reader: CardReader) -> None:
    """Lost and still there: it is on its way down."""
    lost, real = [True, True], PcscChannel.transmit

    def transmit(channel: PcscChannel, apdu: bytes) -> bytes:
        if lost and lost.pop():
            raise ChipGoneError
        return real(channel, apdu)

    with patch.object(PcscChannel, "transmit", transmit):
        assert isinstance(reader.read("neighbour"), CardKey)
    assert lost == []


def test_a_hung_card_is_silent_until_it_is_lifted(reader: CardReader) -> None:
    """It keeps the reader, and whoever waits meanwhile waits for the next card."""
    reader.lay("deng", "hung")
    begun = time.monotonic()
    assert reader.wait() == Unreadable(CardReason.SILENT)
    assert SILENCE <= time.monotonic() - begun < SILENCE + SLACK_S
    assert (reader.driver.health().level, reader.driver.health().reason) == (Level.DOWN, "silent")
    assert reader.wait(0.1) is None
    reader.lift()
    until(lambda: reader.driver.health().reason == "ok")
    assert isinstance(reader.read("deng"), CardKey)


def test_a_card_that_does_not_get_done_is_given_up(reader: CardReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers each command in time. A slow one that gets done is a proof like any other: it has five seconds."""
    monkeypatch.setattr(driver, "_LONGEST", 0.2)
    assert reader.read("deng", "slow") == Unreadable(CardReason.SILENT)


def test_who_leaves_waits_for_no_card_and_leaves_none_to_the_next(reader: CardReader) -> None:
    """A card that lies there when a visit ends has to be lifted before it means anything again."""
    reader.lay("deng", "hung")
    cancel, left = Event(), list[float]()

    def leave() -> None:
        left.append(time.monotonic())
        cancel.set()

    Timer(SILENCE / 3, leave).start()
    with pytest.raises(DeviceCancelledError):
        reader.driver.wait(5, cancel)
    assert time.monotonic() - left[0] < SLACK_S
    assert reader.wait(0.1) is None
    with pytest.raises(DeviceCancelledError):
        reader.driver.wait(5, cancel)  # set already


def test_two_who_wait_take_turns(reader: CardReader) -> None:
    """The second one's time may be over before the first one's."""
    reader.lift()
    cancel, heard = Event(), list[object]()
    first = Timer(0, lambda: heard.append(reader.wait()))
    first.start()
    until(reader.driver._turn.locked)
    assert reader.driver.health().reason == "ok"
    assert reader.driver.wait(0.05, cancel) is None
    reader.state.set(DEVICE, laid="deng")
    first.join()
    assert isinstance(heard[0], CardKey)


def test_a_restarted_daemon_and_a_reader_plugged_in_again_are_found(reader: CardReader) -> None:
    """While somebody waits: they are told, and the next who waits has a reader again."""
    reader.lift()
    Timer(0.1, reader.pcscd.stop).start()
    with pytest.raises(DeviceUnavailableError, match="no-service"):
        reader.wait()
    assert (reader.driver.health().level, reader.driver.health().reason) == (Level.DOWN, "no-service")
    reader.pcscd.start(with_reader=False)
    assert reader.driver.health().reason == "unplugged"
    with pytest.raises(DeviceUnavailableError, match="unplugged"):
        reader.wait()
    reader.pcscd.stop()
    reader.pcscd.start()
    assert isinstance(reader.read("deng"), CardKey)


def test_another_program_on_the_card_is_told(reader: CardReader) -> None:
    """Its session is not disturbed; afterwards the reader is ours again."""
    reader.lay("lan")
    other = PcscChannel(ACCESS_READER, SILENCE, lambda: None)
    other.connect()
    assert reader.driver.health().reason == "in-use"
    with pytest.raises(DeviceUnavailableError, match="in-use"):
        reader.wait()
    other.close()
    until(lambda: reader.driver.health().reason == "ok")
    assert isinstance(reader.wait(), CardKey)


def test_nothing_of_a_card_is_logged_or_printed(
    reader: CardReader, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither key nor number, not even by the libraries below, at their loudest."""
    caplog.set_level(logging.DEBUG)
    proofs = reader.read("deng"), reader.read("number")
    said = "".join(capfd.readouterr()) + caplog.text + repr(proofs) + f"{proofs}" + repr(reader.driver.health())
    assert isinstance(proofs[1], CardNumber)
    for secret in (str(public_key("deng")[30:50]), proofs[1].number.hex(), str(proofs[1].number), proofs[1].label):
        assert secret not in said


def test_a_reader_that_was_never_asked_has_nothing_to_let_go_of() -> None:
    reader = PcscAccessCardReader("none such")
    reader.close()
    assert not reader.health().works
