"""What a card answers to a challenge, byte by byte, with the simulated applet in this process."""

import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.access_card.api import CardReason
from devices.access_card.piv import proven_key, select
from devices.access_card.problems import CardError
from simulators.access_card.applet import AUTHENTICATE, GET_DATA, SELECT, AccessApplet, Replay
from simulators.access_card.cards import KEYED, SimulatedAccessCard, card, certificate_object, key_of
from simulators.chip.tlv import tlv

CHALLENGE, ANOTHER = bytes(range(32)), bytes(32)


class CardChannel:
    """A card of the simulator, reached directly. ``spoil``: what becomes of the answer to an instruction."""

    def __init__(
        self,
        held: SimulatedAccessCard | None,
        fault: str = "ok",
        spoil: Callable[[int, bytes], bytes] = lambda _, answer: answer,
        heard: Replay | None = None,
    ) -> None:
        assert held is not None
        self._applet, self._spoil = AccessApplet(held, fault, heard or Replay()), spoil
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        """The card's answer."""
        self.sent.append(apdu)
        return self._spoil(apdu[1], self._applet.answer(apdu))


def proof(channel: CardChannel, challenge: bytes = CHALLENGE) -> bytes:
    """What the card proves."""
    assert select(channel)
    return proven_key(channel, challenge)


def reason(channel: CardChannel) -> CardReason:
    """Why it proves nothing."""
    with pytest.raises(CardError) as refused:
        proof(channel)
    return refused.value.reason


def instead(instruction: int, answer: str) -> Callable[[int, bytes], bytes]:
    """This answer to one instruction; all else as the card says."""
    return lambda asked, honest: bytes.fromhex(answer) if asked == instruction else honest


@pytest.mark.parametrize("name", [name for name in KEYED if name != "other-curve"])
def test_the_key_is_proven_with_few_commands(name: str) -> None:
    """Application, certificate, signature; one more for each piece of an answer beyond 256 bytes."""
    channel = CardChannel(card(name))
    expected = key_of(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert proof(channel) == expected
    assert len(channel.sent) <= 4
    assert channel.sent[-1][:5].hex() == "0087119e26"
    assert channel.sent[-1][5:].hex() == f"7c2482008120{CHALLENGE.hex()}00"


def test_a_long_certificate_in_small_pieces_is_put_together() -> None:
    """61xx as often as it takes."""
    channel = CardChannel(card("deng"), "pieces")
    assert proof(channel) == proof(CardChannel(card("deng")))
    assert len(channel.sent) > 40


def test_a_wrong_length_is_asked_for_again_as_the_card_wants_it() -> None:
    """6Cxx: the same command once more, with that Le."""
    sent = list[bytes]()

    def strict(instruction: int, answer: bytes) -> bytes:
        sent.append(channel.sent[-1])
        return b"\x6c\x48" if instruction == AUTHENTICATE and channel.sent[-1][-1] == 0 else answer

    channel = CardChannel(card("deng"), spoil=strict)
    assert proof(channel)
    assert channel.sent[-1] == channel.sent[-2][:-1] + b"\x48"


def test_a_signature_of_another_key_proves_nothing() -> None:
    """The certificate is public: whoever has seen it can put it on a card of their own."""
    assert reason(CardChannel(card("deng"), "wrong-signature")) is CardReason.NOT_PROVEN


def test_a_signature_that_was_played_back_proves_nothing() -> None:
    """It is the right key's, over what was asked the last time."""
    heard = Replay()
    assert proof(CardChannel(card("deng"), "replayed", heard=heard), ANOTHER)
    assert heard.signature
    assert reason(CardChannel(card("deng"), "replayed", heard=heard)) is CardReason.NOT_PROVEN


@pytest.mark.parametrize(
    ("instruction", "answer", "expected"),
    [
        (GET_DATA, "6a82", CardReason.NO_KEY),
        (GET_DATA, "53009000", CardReason.NO_KEY),  # written, and empty
        (GET_DATA, "6982", CardReason.REFUSED),
        (GET_DATA, "9000", CardReason.DAMAGED),
        (GET_DATA, "5303700131" + "9000", CardReason.DAMAGED),
        (GET_DATA, "530671020000fe00" + "9000", CardReason.DAMAGED),
        (GET_DATA, "5306700131710101" + "9000", CardReason.DAMAGED),  # compressed, it says
        (GET_DATA, "6100", CardReason.DAMAGED),  # more, and then nothing
        (GET_DATA, "90", CardReason.DAMAGED),
        (AUTHENTICATE, "6982", CardReason.REFUSED),  # wants a PIN
        (AUTHENTICATE, "6a80", CardReason.REFUSED),
        (AUTHENTICATE, "9000", CardReason.DAMAGED),
        (AUTHENTICATE, "7c028200" + "9000", CardReason.NOT_PROVEN),
        (AUTHENTICATE, "7c0482020000" + "9000", CardReason.NOT_PROVEN),
    ],
)
def test_each_answer_that_is_no_proof_has_its_reason(instruction: int, answer: str, expected: CardReason) -> None:
    assert reason(CardChannel(card("deng"), spoil=instead(instruction, answer))) is expected


def test_an_answer_without_an_end_is_left() -> None:
    """A card may not fill a terminal's memory."""
    channel = CardChannel(
        card("deng"), spoil=lambda asked, _: bytes(256) + b"\x61\x00" if asked != SELECT else b"\x90\0"
    )
    assert reason(channel) is CardReason.DAMAGED
    assert len(channel.sent) < 40


def test_a_bomb_in_a_compressed_certificate_is_left() -> None:
    """64 MB of nothing, packed into 64 KB at most: 8 KB of it are looked at."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(bytes(1 << 20)) + packer.flush()
    held = SimulatedAccessCard(b"", key_of("deng"), tlv(0x53, tlv(0x70, packed), tlv(0x71, b"\1")))
    assert reason(CardChannel(held)) is CardReason.DAMAGED


def test_a_key_that_is_not_on_the_curve_of_grants_is_unfit() -> None:
    assert reason(CardChannel(card("other-curve"))) is CardReason.KEY_UNFIT


def test_a_card_nobody_put_a_key_on_says_so_and_others_have_no_application() -> None:
    assert reason(CardChannel(card("empty"))) is CardReason.NO_KEY
    assert not select(CardChannel(card("number-random")))


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300))
def test_whatever_stands_in_the_certificate_ends_in_a_proof_or_a_reason(noise: bytes) -> None:
    """Bytes of nobody's making, in the place of the certificate, and of the whole object."""
    for answer in (tlv(0x53, tlv(0x70, noise)), noise, tlv(0x53, noise)):
        channel = CardChannel(card("deng"), spoil=instead(GET_DATA, (answer + b"\x90\0").hex()))
        assert reason(channel) in (CardReason.DAMAGED, CardReason.NO_KEY, CardReason.KEY_UNFIT)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")  # of what was changed
@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 400), st.integers(1, 255))
def test_a_byte_that_was_changed_in_the_certificate_is_never_another_keys_proof(at: int, change: int) -> None:
    """What the card signs with is checked with what it shows: only the same key passes."""
    stored = bytearray(certificate_object(key_of("deng")))
    stored[at % len(stored)] ^= change
    channel = CardChannel(SimulatedAccessCard(b"", key_of("deng"), bytes(stored)))
    with suppress(CardError):
        assert proof(channel) == proof(CardChannel(card("deng")))


def test_a_certificate_says_who_issued_it_and_that_decides_nothing() -> None:
    """Nobody's signature is asked for: the grant names the key."""
    made = card("lan")
    assert made is not None
    encoded = made.certificate[8:]
    assert x509.load_der_x509_certificate(encoded[: 4 + int.from_bytes(encoded[2:4])]).issuer.rfc4514_string()
    assert proof(CardChannel(made))
