"""What a card, a square and a typed code are to the rule of admission."""

import base64

import pytest

from civic.gate_codes import PhoneCode, card_ref, code_ref, guest_digits, number_ref, slip_code
from devices.access_card import api as cards
from gate.flows.admission import CardKey, CardNumber, Code, Phone
from gate.services.reading import Reading, Shown
from tests.backend_client.test_phone_code import COMMUNITY, CREDENTIAL, KEY, shown, written

KEYS = {CREDENTIAL: written(KEY.public_key())}
READING = Reading(KEYS.get, lambda: COMMUNITY)
SLIP = slip_code(bytes(range(16)))


def test_a_card_s_key_and_its_number_are_what_grants_hold() -> None:
    assert READING.presented(cards.CardKey(b"spki")) == CardKey(card_ref(b"spki"))
    assert READING.presented(cards.CardNumber(b"\x04\x05\x06\x07")) == CardNumber(
        number_ref(COMMUNITY, b"\x04\x05\x06\x07")
    )


@pytest.mark.parametrize("text", [SLIP.text, SLIP.text.lower(), "LG1D.01234567", "0123 4567"])
def test_a_slip_and_a_guest_s_code_are_compared_by_their_hash(text: str) -> None:
    """However they were written."""
    code = SLIP if "1." in text and len(text) > 20 else guest_digits(1234567)
    assert READING.presented(Shown(text)) == Code(code_ref(code), short=code is not SLIP)


def test_a_telephone_s_square_is_checked_by_the_key_of_whom_it_names() -> None:
    """Another's signature, and a telephone that nobody knows, are told apart from a good one, not from each other."""
    code = shown()
    assert READING.presented(Shown(code.text)) == Phone(code.credential, code.counter, signature_good=True)
    forged = PhoneCode(code.credential, code.counter + 1, code.signature)
    assert READING.presented(Shown(forged.text)) == Phone(code.credential, code.counter + 1, signature_good=False)
    stranger = PhoneCode("f" * 32, code.counter, code.signature)
    assert READING.presented(Shown(stranger.text)) == Phone("f" * 32, code.counter, signature_good=False)


@pytest.mark.parametrize(
    "what", [Shown(""), Shown("https://example.test"), cards.Unreadable(cards.CardReason.NO_KEY), object()]
)
def test_whatever_else_is_held_to_a_gate_is_no_way_in(what: object) -> None:
    assert READING.presented(what) is None


def test_what_was_shown_is_in_no_words() -> None:
    assert SLIP.text not in repr(Shown(SLIP.text))
    assert base64.b64encode(b"spki").decode() not in repr(READING.presented(cards.CardKey(b"spki")))
