"""The worked example of ICAO 9303-11, appendix G.1: generic mapping on brainpoolP256r1, AES-128."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.masking import PersonalText
from civic.mrz import MrzKey
from devices.chip.tlv import TlvError
from devices.travel_document import curves, pace
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import FOR_PASSWORD, CipherSuite
from devices.travel_document.pace import PaceOffer, PaceUnusableError, offers
from devices.travel_document.problems import DocumentError
from tests.support.chip_channels import ScriptedChannel

KEY = MrzKey(PersonalText("T22000129"), date(1964, 8, 12), date(2010, 10, 31))
CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
OFFER = PaceOffer(bytes.fromhex("04007F00070202040202"), 13)
MAPPING_KEY = "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"
AGREEMENT_KEY = "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"
MAPPING_POINT = (
    "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D"
)
AGREEMENT_POINT = (
    "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462"
)
CHIP_MAPPING_POINT = (
    "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"
)
CHIP_AGREEMENT_POINT = (
    "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094"
)
CHOSEN = "9000"
NONCE = "7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"
MAPPED = f"7C438241 {CHIP_MAPPING_POINT} 9000"
AGREED = f"7C438441 {CHIP_AGREEMENT_POINT} 9000"
PROVEN = "7C0A8608 3ABB9674BCE93C08 9000"


def _drawn() -> Callable[[int], int]:
    keys = iter((MAPPING_KEY, AGREEMENT_KEY))
    return lambda _: int(next(keys), 16) - 1


def test_the_offer_is_found_in_the_card_access_file() -> None:
    """G.1: PACEInfo."""
    assert offers(CARD_ACCESS) == (OFFER,)
    assert OFFER.suite is CipherSuite.AES_128


def test_the_password_and_the_nonce_come_out_as_published() -> None:
    """G.1: K_pi and s."""
    secret = bytes.fromhex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
    key = CipherSuite.AES_128.derive(secret, FOR_PASSWORD)
    assert key.hex().upper() == "89DED1B26624EC1E634C1989302849DD"
    nonce = CipherSuite.AES_128.decrypt(key, bytes.fromhex("95A3A016522EE98D01E76CB6B98B42C3"))
    assert nonce.hex().upper() == "3F00C4D39D153F2B2A214A078D899B22"


def test_the_mapped_generator_comes_out_as_published() -> None:
    """G.1, map nonce: H, and the generator of the session."""
    shared = OFFER.curve.point(bytes.fromhex(CHIP_MAPPING_POINT)) * int(MAPPING_KEY, 16)
    assert curves.encode(shared).hex().upper() == (
        "0460332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5"
        "0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181"
    )
    mapped = OFFER.curve.mapped(0x3F00C4D39D153F2B2A214A078D899B22, shared)
    assert curves.encode(mapped).hex().upper() == (
        "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2"
        "8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522"
    )


def test_the_session_is_opened_as_published() -> None:
    """G.1: every command, both tokens and the session keys, from the two private keys."""
    chip = ScriptedChannel(CHOSEN, NONCE, MAPPED, AGREED, PROVEN)
    session = pace.open_session(chip, KEY, OFFER, _drawn())
    assert chip.sent == [
        "0022C1A40F800A04007F00070202040202830101",
        "10860000027C0000",
        f"10860000457C438141{MAPPING_POINT}00",
        f"10860000457C438341{AGREEMENT_POINT}00",
        "008600000C7C0A8508C2B0BD78D94BA86600",
    ]
    assert session._encryption_key.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert session._mac_key.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"
    assert session._counter == 0


def test_a_wrong_key_is_told_by_the_refused_token() -> None:
    with pytest.raises(DocumentError) as refused:
        pace.open_session(ScriptedChannel(CHOSEN, NONCE, MAPPED, AGREED, "6300"), KEY, OFFER, _drawn())
    assert refused.value.problem is DocumentProblem.WRONG_KEY


@pytest.mark.parametrize("proof", ["7C0A8608 3ABB9674BCE93C09 9000", "7C00 9000", "9000", "FF 9000"])
def test_a_chip_that_does_not_know_the_password_is_refused(proof: str) -> None:
    """And is not asked again in a weaker way."""
    with pytest.raises(DocumentError) as refused:
        pace.open_session(ScriptedChannel(CHOSEN, NONCE, MAPPED, AGREED, proof), KEY, OFFER, _drawn())
    assert refused.value.problem is DocumentProblem.REFUSED


@pytest.mark.parametrize(
    "answers",
    [
        ("6A80",),
        ("6A88",),
        (CHOSEN, "6A80"),
        (CHOSEN, "7C028000 9000"),
        (CHOSEN, "7C09800795A3A016522EE9 9000"),
        (CHOSEN, NONCE, "6F00"),
        (CHOSEN, NONCE, MAPPED.replace("3C54 9000", "3C55 9000")),
        (CHOSEN, NONCE, "7C03820100 9000"),
        (CHOSEN, NONCE, MAPPED, "6700"),
        (CHOSEN, NONCE, MAPPED, f"7C438441 {AGREEMENT_POINT} 9000"),
        (CHOSEN, NONCE, MAPPED, "90"),
    ],
)
def test_what_ends_before_the_token_is_left_to_bac(answers: tuple[str, ...]) -> None:
    """A refused step, an empty or cut nonce, a point beside the curve, our own point sent back, no status word."""
    with pytest.raises(PaceUnusableError):
        pace.open_session(ScriptedChannel(*answers), KEY, OFFER, _drawn())


def _info(cipher: int, parameters: int, *, mapping: int = 2, version: int = 2) -> str:
    return f"3012060A04007F0007020204{mapping:02X}{cipher:02X}0201{version:02X}0201{parameters:02X}"


def _set(*infos: str) -> bytes:
    return bytes.fromhex(f"31{sum(map(len, infos)) // 2:02X}{''.join(infos)}")


def test_the_strongest_known_way_is_asked_for_first() -> None:
    """By cipher, then by curve; the chip is told which curve where it has several."""
    found = offers(_set(_info(2, 12), _info(4, 13), _info(4, 16), _info(1, 12)))
    assert [(offer.suite, offer.parameters) for offer in found] == [
        (CipherSuite.AES_256, 16),
        (CipherSuite.AES_256, 13),
        (CipherSuite.AES_128, 12),
        (CipherSuite.TRIPLE_DES, 12),
    ]
    chip = ScriptedChannel("6A80")
    with pytest.raises(PaceUnusableError):
        pace.open_session(chip, KEY, found[0], _drawn())
    assert chip.sent == ["0022C1A412800A04007F00070202040204830101840110"]


def test_unknown_ways_are_passed_over() -> None:
    """Integrated mapping, finite fields, an unknown cipher, other versions, security infos of other protocols."""
    others = (_info(2, 13, mapping=4), _info(2, 2), _info(9, 13), _info(2, 13, version=1), "3009060404007F00020101")
    assert offers(_set(*others)) == ()


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=60))
def test_any_card_access_gives_offers_or_the_one_error(content: bytes) -> None:
    with suppress(TlvError):
        assert isinstance(offers(content), tuple)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.binary(max_size=80), min_size=5, max_size=5))
def test_any_answers_end_in_one_of_the_two_errors(answers: list[bytes]) -> None:
    """A hostile chip meets no traceback."""
    with pytest.raises((PaceUnusableError, DocumentError)):
        pace.open_session(ScriptedChannel(*(answer.hex() for answer in answers)), KEY, OFFER)


@pytest.mark.parametrize("parameters", curves.STANDARDISED)
def test_each_curve_agrees_on_a_secret(parameters: int) -> None:
    """Both sides of the mapping, on each of the standardised curves."""
    curve = curves.STANDARDISED[parameters]
    ours, theirs = curve.generator * 5, curve.generator * 7
    mapped = curve.mapped(11, ours * 7)
    assert mapped == curve.mapped(11, theirs * 5) == curve.generator * 46
    assert curve.point(curves.encode(mapped)) == mapped
    assert len(curves.x_coordinate(mapped)) == len(curves.encode(mapped)) // 2
