"""The bare number of a card: which numbers last, and which cards are asked for nothing else."""

import pytest

from devices.access_card.api import CardKey, CardNumber, CardReason
from devices.access_card.driver import read_card
from devices.access_card.number import knows_no_commands, lasting_number
from devices.access_card.problems import CardError
from devices.chip.channel import ChipGoneError
from simulators.access_card.applet import AccessApplet, Replay
from simulators.access_card.cards import card
from tests.support.chip_channels import ScriptedChannel


@pytest.mark.parametrize("number", ["5a010203", "04010203040506", "08010203040506", "01020304050607080910"])
def test_a_number_of_each_size_is_taken_as_it_is(number: str) -> None:
    """08 means 'random' in a number of four bytes alone."""
    channel = ScriptedChannel(number + "9000")
    assert lasting_number(channel).hex() == number
    assert channel.sent == ["FFCA000000"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("08010203" + "9000", CardReason.RANDOM_NUMBER),
        ("6A81", CardReason.NO_NUMBER),
        ("9000", CardReason.NO_NUMBER),
        ("0102030405" + "9000", CardReason.NO_NUMBER),
        ("04010203040506" + "6300", CardReason.NO_NUMBER),
    ],
)
def test_what_is_no_lasting_number_is_refused_with_a_reason(answer: str, reason: CardReason) -> None:
    with pytest.raises(CardError) as refused:
        lasting_number(ScriptedChannel(answer))
    assert refused.value.reason is reason


def test_a_mere_memory_is_known_by_what_the_reader_says_of_it() -> None:
    """It is not asked for an application: some readers would call it lost."""
    plain, keyed = card("number"), card("deng")
    assert plain is not None
    assert keyed is not None
    assert knows_no_commands(plain.atr())
    assert not knows_no_commands(keyed.atr())
    channel = ScriptedChannel("04010203040506" + "9000")
    assert read_card(channel, plain.atr()) == CardNumber(bytes.fromhex("04010203040506"))


def test_a_card_that_refuses_the_application_has_its_number() -> None:
    """Whatever it says: not found, unknown command, a failure of its own."""
    for status in ("6A82", "6D00", "6E00", "6999", "6300"):
        channel = ScriptedChannel(status, "5A010203" + "9000")
        assert read_card(channel, b"") == CardNumber(bytes.fromhex("5a010203"))


def test_a_proof_stands_though_the_number_is_not_told_any_more() -> None:
    """The card was lifted right after it had signed."""
    held = card("deng")
    assert held is not None
    applet = AccessApplet(held, "ok", Replay())

    class Lifted:
        def transmit(self, apdu: bytes) -> bytes:
            if apdu[0] == 0xFF:
                raise ChipGoneError
            return applet.answer(apdu)

    proof = read_card(Lifted(), held.atr())
    assert isinstance(proof, CardKey)
    assert proof.label == ""
